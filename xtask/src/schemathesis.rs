//! The admin API against its own description: schemathesis makes requests from the OpenAPI document, sends them to a real
//! server, and holds the answers against what the document says of them.
//!
//! In two rounds, with settings of their own (`server/tests/schemathesis`): each operation alone, about one account that is
//! there, and one after another, about whichever account the answer before has named. In one round the first
//! account would be deleted by the second kind of test, and missed by the first.

mod served;

use crate::commands::{Kept, cargo, keep, program, run as finish};
use crate::needs;
use crate::project::Project;
use crate::say;
use anyhow::bail;
use served::Served;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const SETTINGS: &str = "server/tests/schemathesis";

/// The settings of each round, and the phases that it is for.
const ROUNDS: [(&str, &str); 2] = [("operations.toml", "examples,coverage,fuzzing"), ("sequences.toml", "stateful")];

/// The arguments of `cargo xtask schemathesis`: a longer run than that of the tests, or another one.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Options {
    /// How many requests are made up for each operation, beside those that the document itself suggests.
    #[arg(long, default_value_t = 500)]
    examples: u32,
    /// Another seed makes up other requests.
    #[arg(long, default_value_t = 1)]
    seed: u32,
}

impl Options {
    /// What the tests do, which is the same every time.
    pub(crate) const TESTS: Options = Options { examples: 30, seed: 1 };
}

/// Builds the server and shows what schemathesis says.
pub(crate) fn run(project: &Project, options: Options) -> anyhow::Result<ExitCode> {
    let python = prepare(project)?;
    finish(cargo(project).args(["build", "-p", "relatch-server"]))?;
    let kept = check(project, &python, &project.program("relatch-server"), options)?;
    say::result(kept.output.trim_end());
    Ok(if kept.succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Installs schemathesis, and returns the Python that has it.
pub(crate) fn prepare(project: &Project) -> anyhow::Result<PathBuf> {
    needs::python_packages(project, "schemathesis", &format!("{SETTINGS}/requirements.txt"))
}

/// Both rounds against that server.
///
/// # Errors
/// The server does not start, or has ended before it was told to; what schemathesis found is in [`Kept`].
pub(crate) fn check(project: &Project, python: &Path, server: &Path, options: Options) -> anyhow::Result<Kept> {
    let mut served = Served::start(project, server)?;
    let mut all = Kept { succeeded: true, output: String::new() };
    for (settings, phases) in ROUNDS {
        let kept = keep(round(project, python, &served, settings, phases, options))?;
        all.succeeded &= kept.succeeded;
        all.output += &kept.output;
    }
    if !served.is_alive() {
        bail!("the server has ended: {}\n{}", served.log(), all.output);
    }
    Ok(all)
}

fn round(project: &Project, python: &Path, served: &Served, settings: &str, phases: &str, options: Options) -> Command {
    let mut command = program(project, python);
    command.args(["-m", "schemathesis.cli", "--config-file"]).arg(project.path(SETTINGS).join(settings));
    command.args(["run", &format!("{}/openapi.json", served.admin), "--phases", phases, "--no-color"]);
    command.args(["--header", &format!("Authorization: Bearer {}", served::TOKEN)]);
    command.args(["--max-examples", &options.examples.to_string(), "--seed", &options.seed.to_string()]);
    // It keeps files of its own beside it.
    command.current_dir(served.directory());
    // Nothing of an earlier run, and nothing that a slow machine could fail by.
    command.args(["--generation-database", "none", "--suppress-health-check", "too_slow", "--request-timeout", "120"]);
    command.env("RELATCH_REALM", served::REALM).env("RELATCH_USER", &served.account).env("PYTHONUTF8", "1");
    command
}
