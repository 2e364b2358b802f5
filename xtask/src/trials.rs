//! `cargo xtask trials`: tabs that renew at the same instant, in front of a server that forgives nothing. What is played, and what
//! is counted, stands in `pkg-tests/support/trials.mjs`; the browser suite plays a few of the same.

use crate::commands::program;
use crate::needs;
use crate::project::Project;
use crate::suites::Prepared;
use std::process::ExitCode;

/// The arguments of `cargo xtask trials`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// How many, with each number of tabs in each engine.
    #[arg(long, default_value_t = 1_000)]
    trials: u32,
    /// How many tabs there are; may be given several times.
    #[arg(long, value_name = "N", default_values_t = [2, 10])]
    tabs: Vec<u32>,
    /// In this engine alone; may be given several times.
    #[arg(long, value_name = "NAME")]
    engine: Vec<String>,
}

pub(crate) fn run(project: &Project, options: &Options) -> anyhow::Result<ExitCode> {
    let engines = if options.engine.is_empty() {
        needs::engines(project)?
    } else {
        needs::engines_named(project, options.engine.iter().map(String::as_str))?
    };
    Prepared::new(project).installed()?;
    let mut command = program(project, "node");
    command.current_dir(project.path("pkg-tests")).env("RELATCH_ENGINES", engines.join(","));
    command.args(["trials/main.mjs".to_owned(), format!("--trials={}", options.trials)]);
    command.args(options.tabs.iter().map(|it| format!("--tabs={it}")));
    let status = command.status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
