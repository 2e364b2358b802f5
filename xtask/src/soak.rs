//! `cargo xtask soak`: ten tabs of one browser profile at work over the demo server, while everything goes wrong. What does, and how
//! it is judged, stands in `pkg-tests/soak/`.

use crate::commands::program;
use crate::needs;
use crate::project::Project;
use crate::suites::Prepared;
use std::process::ExitCode;

/// The arguments of `cargo xtask soak`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// For how long, in minutes.
    #[arg(long, default_value_t = 60)]
    minutes: u32,
    /// How many tabs there are.
    #[arg(long, default_value_t = 10)]
    tabs: u32,
    /// In which engine.
    #[arg(long, value_name = "NAME", default_value = "Chromium")]
    engine: String,
    /// Draws the same faults in the same order; the browser's own timing is its own.
    #[arg(long)]
    seed: Option<u32>,
}

pub(crate) fn run(project: &Project, options: &Options) -> anyhow::Result<ExitCode> {
    needs::engines_named(project, std::iter::once(options.engine.as_str()))?;
    let prepared = Prepared::new(project);
    prepared.installed()?;
    let mut command = program(project, "node");
    command.current_dir(project.path("pkg-tests")).env("RELATCH_SERVER", prepared.server()?);
    command.args(["soak/main.mjs", &format!("--engine={}", options.engine)]);
    command.args([format!("--minutes={}", options.minutes), format!("--tabs={}", options.tabs)]);
    command.args(options.seed.map(|it| format!("--seed={it}")));
    let status = command.status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
