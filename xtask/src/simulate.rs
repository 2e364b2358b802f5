//! `cargo xtask simulate`: the session in simulated worlds. What it prints, and what each rule means, is the business of the crate
//! `relatch-simulation`.

use crate::commands::{cargo, program, run as finish};
use crate::project::Project;
use std::process::{Command, ExitCode};

/// The arguments of `cargo xtask simulate`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// For how many steps; the schedule that reaches them is played to its end.
    #[arg(long, default_value_t = 10_000_000)]
    steps: u64,
    /// Plays the schedule of this seed alone, and shows all of it if a rule does not hold.
    #[arg(long)]
    seed: Option<u64>,
    /// With a host that breaks this rule, e.g. `one-renewal`: it has to be caught.
    #[arg(long, value_name = "RULE")]
    broken: Option<String>,
}

pub(crate) fn run(project: &Project, options: &Options) -> anyhow::Result<ExitCode> {
    finish(&mut build(project))?;
    let mut command = simulator(project, options.steps);
    command.args(options.seed.map(|it| format!("--seed={it}")));
    command.args(options.broken.as_ref().map(|it| format!("--broken={it}")));
    let status = command.status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

pub(crate) fn build(project: &Project) -> Command {
    let mut command = cargo(project);
    command.args(["build", "--quiet", "--profile", "simulation", "-p", "relatch-simulation"]);
    command
}

pub(crate) fn simulator(project: &Project, steps: u64) -> Command {
    let built = format!("simulation/relatch-simulation{}", std::env::consts::EXE_SUFFIX);
    let mut command = program(project, project.target(&built));
    command.arg(format!("--steps={steps}"));
    command
}
