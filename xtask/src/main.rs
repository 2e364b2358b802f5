//! The project's own commands: `cargo xtask demo`, `test`, `simulate`, `trials`, `soak`, `bench`, `fuzz`, `schemathesis`, `build`,
//! `command` and `size`.
//!
//! This crate drives cargo, wasm-bindgen, npm and node, in the order in which a fresh checkout needs them, and
//! installs what can be installed without asking. It is not part of what is shipped, and holds no rule of the product.

mod bench;
mod commands;
mod demo;
mod fuzz;
mod needs;
mod package;
mod project;
mod say;
mod schemathesis;
mod simulate;
mod size;
mod soak;
mod suites;
mod test;
mod trials;

use clap::{Parser, Subcommand};
use project::Project;
use std::process::ExitCode;

/// Builds, shows and tests Relatch.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Builds everything and serves the demo page with its five APIs until Ctrl-C.
    Demo(demo::Options),
    /// Runs every test there is; the last line is `N passed, N failed, N skipped`.
    Test(test::Options),
    /// Plays the session in simulated worlds; the last line is `N steps, S schedules, V violations`.
    Simulate(simulate::Options),
    /// Has tabs renew at the same instant, in real browsers; the last line is `N trials, D double sends, S sign-outs`.
    Trials(trials::Options),
    /// Keeps tabs at work while everything goes wrong; the last line ends with `L sessions lost, X false sign-outs, longest stall S ms`.
    Soak(soak::Options),
    /// Measures beside what it is compared with, and prints a table.
    Bench(bench::Options),
    /// Fuzzes what strangers send, for longer than the tests do; stops at the first crash.
    Fuzz(fuzz::Options),
    /// Tests the admin API against its description, for longer than the tests do.
    Schemathesis(schemathesis::Options),
    /// Builds the npm package: npm/dist and a tarball under target/npm.
    Build,
    /// Builds the `relatch` command for this machine, as npm packages under target/npm/cli: the launcher, and the program.
    Command,
    /// Builds the npm package and prints what a page loads of it; fails above the budget.
    Size,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments.task) {
        Ok(code) => code,
        Err(error) => {
            say::failure(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> anyhow::Result<ExitCode> {
    let project = Project::find()?;
    match task {
        Task::Demo(options) => demo::run(&project, &options),
        Task::Test(options) => test::run(&project, &options),
        Task::Simulate(options) => simulate::run(&project, &options),
        Task::Trials(options) => trials::run(&project, &options),
        Task::Soak(options) => soak::run(&project, &options),
        Task::Bench(options) => bench::run(&project, &options),
        Task::Fuzz(options) => fuzz::run(&project, &options),
        Task::Schemathesis(options) => schemathesis::run(&project, options),
        Task::Build => package::build(&project).map(|_| ExitCode::SUCCESS),
        Task::Command => package::command(&project).map(|()| ExitCode::SUCCESS),
        Task::Size => {
            package::build(&project)?;
            size::report(&project).map(|()| ExitCode::SUCCESS)
        }
    }
}
