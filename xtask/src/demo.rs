//! The demo: builds the page's package and the server, then becomes the server.

mod lifetime;

use crate::commands::{cargo, program, run as finish};
use crate::package;
use crate::project::Project;
use crate::say;
use anyhow::bail;
use lifetime::Lifetime;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Command, ExitCode};

/// The arguments of `cargo xtask demo`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The port on 127.0.0.1.
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// How long access tokens live, such as 20s or 5m; each API's own lifetime unless given.
    #[arg(long)]
    lifetime: Option<Lifetime>,
    /// Where to keep the database, instead of a temporary directory.
    #[arg(long)]
    data: Option<PathBuf>,
}

/// Runs until Ctrl-C.
pub(crate) fn run(project: &Project, options: &Options) -> anyhow::Result<ExitCode> {
    // Before the long part: nobody should wait minutes to be told.
    check_port(options.port)?;
    package::build(project)?;
    say::step("compiling the server");
    // The dev profile: dependencies are optimised in it, and it is shared with the tests. A release build would
    // double the wait for the page.
    finish(cargo(project).args(["build", "-p", "relatch-server"]))?;
    say::step("starting; Ctrl-C stops it");
    become_server(&mut server(project, options)?)
}

fn check_port(port: u16) -> anyhow::Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            bail!("port {port} is in use; stop what listens there, or choose another with --port")
        }
        Err(error) => bail!("port {port} cannot be listened on: {error}"),
    }
}

fn server(project: &Project, options: &Options) -> anyhow::Result<Command> {
    let mut command = program(project, project.program("relatch-server"));
    command.args(["demo", "--port", &options.port.to_string()]);
    command.arg("--www").arg(project.path("www")).arg("--npm").arg(project.path("npm/dist"));
    if let Some(lifetime) = options.lifetime {
        command.args(["--lifetime", &lifetime.secs().to_string()]);
    }
    if let Some(data) = &options.data {
        // The server runs in the root, the person perhaps elsewhere.
        command.arg("--data").arg(std::path::absolute(data)?);
    }
    Ok(command)
}

/// Replaces this process, so that every signal meant for the demo reaches the server, whoever sends it.
#[cfg(unix)]
fn become_server(command: &mut Command) -> anyhow::Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(anyhow::Error::from(command.exec()).context("the server cannot be started"))
}

#[cfg(not(unix))]
fn become_server(command: &mut Command) -> anyhow::Result<ExitCode> {
    finish(command).map(|()| ExitCode::SUCCESS)
}
