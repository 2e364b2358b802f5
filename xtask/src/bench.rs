//! The benchmarks: builds for release, then runs `bench/`. Never part of the tests: a machine that is busy is no fault.

use crate::commands::{cargo, program, run as finish};
use crate::project::Project;
use crate::say;
use std::process::ExitCode;

/// The arguments of `cargo xtask bench`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// The server: memory, start, renewals, verified requests against a bare answer, logins against the hash alone.
    Server {
        /// How long each measurement takes, in seconds.
        #[arg(long, default_value_t = 5)]
        secs: u64,
    },
}

pub(crate) fn run(project: &Project, options: &Options) -> anyhow::Result<ExitCode> {
    let What::Server { secs } = options.what;
    say::step("compiling for release");
    finish(cargo(project).args(["build", "--release", "-p", "relatch-server", "-p", "relatch-bench"]))?;
    let built = |name: &str| project.target(&format!("release/{name}{}", std::env::consts::EXE_SUFFIX));
    std::fs::create_dir_all(project.path("target"))?;
    let mut command = program(project, built("relatch-bench"));
    command.arg("server").arg(built("relatch-server")).args(["--secs", &secs.to_string()]);
    finish(&mut command).map(|()| ExitCode::SUCCESS)
}
