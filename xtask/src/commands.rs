//! Starting other programs: in the open, with their output shown as it comes, or kept back until it is wanted.

use crate::project::Project;
use crate::test::in_ci;
use anyhow::{Context, bail};
use std::ffi::OsStr;
use std::io::Read;
use std::process::Command;

/// What a program that was kept back has written, both streams in their true order, and how it ended.
pub(crate) struct Kept {
    /// Whether it exited with 0.
    pub(crate) succeeded: bool,
    /// All that it wrote.
    pub(crate) output: String,
}

/// A program that will run in the project's root.
pub(crate) fn program(project: &Project, name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(project.root());
    for (variable, _) in std::env::vars_os().filter(|(name, _)| is_own(name)) {
        command.env_remove(variable);
    }
    command
}

/// The cargo that started this task.
pub(crate) fn cargo(project: &Project) -> Command {
    let mut command = program(project, std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    if in_ci() {
        // Nothing is compiled a second time there; the bookkeeping for it would only cost.
        command.env("CARGO_INCREMENTAL", "0");
    }
    command
}

/// npm, under the name that this system starts it by.
pub(crate) fn npm(project: &Project, folder: &str) -> Command {
    let mut command = program(project, if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(project.path(folder)).args(["--no-audit", "--no-fund", "--loglevel=error"]);
    command
}

/// Runs it in the open.
///
/// # Errors
/// It could not be started, or failed; its own words have been seen by then.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let name = spelled(command);
    let status = command.status().with_context(|| format!("`{name}` cannot be started"))?;
    if !status.success() {
        bail!("`{name}` failed ({status})");
    }
    Ok(())
}

/// Runs it and keeps its output back.
///
/// # Errors
/// It could not be started. That it failed is in [`Kept::succeeded`].
pub(crate) fn keep(mut command: Command) -> anyhow::Result<Kept> {
    let name = spelled(&command);
    let (mut reader, writer) = std::io::pipe()?;
    command.stdin(std::process::Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let mut child = command.spawn().with_context(|| format!("`{name}` cannot be started"))?;
    // The command holds the pipe's writing ends; while one is open, reading does not come to an end.
    drop(command);
    let mut output = Vec::new();
    reader.read_to_end(&mut output)?;
    Ok(Kept { succeeded: child.wait()?.success(), output: String::from_utf8_lossy(&output).into_owned() })
}

/// What the compiler says of itself, without the last line's end.
///
/// # Errors
/// It could not be started.
pub(crate) fn ask_rustc(project: &Project, question: &[&str]) -> anyhow::Result<String> {
    let mut command = program(project, "rustc");
    command.args(question);
    Ok(keep(command)?.output.trim_end().to_owned())
}

/// Whether the program is there and answers to these arguments.
pub(crate) fn answers(mut command: Command) -> bool {
    command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// `cargo run` describes this crate in its environment. Passed on, that would look to build scripts like a change.
fn is_own(variable: &OsStr) -> bool {
    let name = variable.to_string_lossy();
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"].iter().any(|start| name.starts_with(start))
}

fn spelled(command: &Command) -> String {
    let parts = std::iter::once(command.get_program()).chain(command.get_args());
    parts.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}
