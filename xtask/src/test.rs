//! Runs the suites, one after the other, and sums up their tests.

use crate::project::Project;
use crate::say;
use crate::suites::{ALL, Outcome, Prepared, Suite, Tally};
use clap::builder::PossibleValuesParser;
use std::process::ExitCode;
use std::time::Instant;

/// The arguments of `cargo xtask test`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Runs this suite alone; may be given several times.
    #[arg(long, value_name = "SUITE", value_parser = PossibleValuesParser::new(ALL.iter().map(|suite| suite.name)))]
    only: Vec<String>,
}

/// What all suites together came to.
#[derive(Default)]
struct Summary {
    tests: Tally,
    left_out: Vec<&'static str>,
}

/// Fails if a test failed, and in CI also if a suite could not run.
pub(crate) fn run(project: &Project, options: &Options) -> anyhow::Result<ExitCode> {
    let prepared = Prepared::new(project);
    let mut summary = Summary::default();
    for suite in
        ALL.iter().filter(|suite| options.only.is_empty() || options.only.iter().any(|name| name == suite.name))
    {
        summary.add(suite, run_one(suite, &prepared));
    }
    Ok(summary.close(in_ci()))
}

/// Whether this is a CI run, where a suite that could not run is a failure.
pub(crate) fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}

#[expect(clippy::disallowed_methods, reason = "a stopwatch for the person who waits; nothing depends on it")]
fn run_one(suite: &Suite, prepared: &Prepared<'_>) -> Outcome {
    say::step(&format!("{}: {}", suite.name, suite.does));
    let start = Instant::now();
    let outcome = (suite.run)(prepared).unwrap_or_else(|error| Outcome::failed(format!("{error:#}")));
    say::step(&format!("{}: took {} s", suite.name, start.elapsed().as_secs()));
    outcome
}

impl Summary {
    fn add(&mut self, suite: &Suite, outcome: Outcome) {
        match outcome {
            Outcome::Ran { tests, output } => {
                if tests.failed > 0 {
                    say::result(output.trim_end());
                }
                say::result(&format!("{}: {tests}", suite.name));
                self.tests += tests;
            }
            Outcome::Skipped(reason) => {
                say::result(&format!("{}: SKIPPED, {reason}", suite.name));
                self.tests.skipped += 1;
                self.left_out.push(suite.name);
            }
            Outcome::NotAsked(reason) => say::result(&format!("{}: not run, {reason}", suite.name)),
        }
    }

    /// Prints the closing line, which is the last of all output.
    fn close(&self, in_ci: bool) -> ExitCode {
        let refused = in_ci && !self.left_out.is_empty();
        if refused {
            say::result(&format!("a suite that cannot run is a failure in CI: {}", self.left_out.join(", ")));
        }
        say::result(&self.tests.to_string());
        if refused || self.tests.failed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}
