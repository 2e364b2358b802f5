//! The suites of the npm package. All but the types of its source work on the packed tarball: what was forgotten in
//! `files` or `exports` fails here, not at the first user.

use super::rust::check;
use super::{Outcome, Prepared, Tally};
use crate::commands::{keep, program};
use crate::needs;
use crate::package::prepare;
use crate::say;
use crate::size as budget;
use anyhow::{Context, anyhow, bail};
use std::path::PathBuf;
use std::process::Command;

/// How long one file of tests may take, in milliseconds. A browser that hangs ends the file, not the whole run.
const FILE_TIMEOUT_MS: u32 = 1_200_000;

/// Where the servers of others are, and what they need.
const SERVED: &str = "pkg-tests/served";

pub(super) fn package(prepared: &Prepared<'_>) -> anyhow::Result<Outcome> {
    if let Err(missing) = prepare(prepared.project) {
        return Ok(Outcome::skipped(&missing));
    }
    prepared.tarball()?;
    Ok(Outcome::Ran { tests: Tally::one(true), output: String::new() })
}

pub(super) fn size(prepared: &Prepared<'_>) -> anyhow::Result<Outcome> {
    if let Err(error) = prepared.tarball() {
        return Ok(not_built(&error));
    }
    budget::report(prepared.project)?;
    Ok(Outcome::Ran { tests: Tally::one(true), output: String::new() })
}

/// The source of the package, and the uses of its types in `pkg-tests`.
pub(super) fn types(prepared: &Prepared<'_>) -> anyhow::Result<Outcome> {
    if let Err(error) = prepared.tarball() {
        return Ok(not_built(&error));
    }
    let mut outcome = check(tsc(prepared, "npm"))?;
    if prepared.project.path("pkg-tests/tsconfig.json").exists() {
        prepared.installed()?;
        outcome = both(outcome, check(tsc(prepared, "pkg-tests"))?);
    }
    Ok(outcome)
}

pub(super) fn node(prepared: &Prepared<'_>) -> anyhow::Result<Outcome> {
    if let Err(error) = prepared.tarball() {
        return Ok(not_built(&error));
    }
    let mut run = Run::new(prepared, "node", &test_files(prepared, "node")?)?.beside_server(prepared)?;
    run.command.env("RELATCH_COMMAND", prepared.command()?);
    run.finish()
}

/// Against servers that others have written, which have packages of their own.
pub(super) fn served(prepared: &Prepared<'_>) -> anyhow::Result<Outcome> {
    if let Err(error) = prepared.tarball() {
        return Ok(not_built(&error));
    }
    let project = prepared.project;
    let needed = needs::npm_packages(project, SERVED)
        .and_then(|()| needs::python_packages(project, "served", &format!("{SERVED}/requirements.txt")));
    let python = match needed {
        Ok(python) => python,
        Err(missing) => return Ok(Outcome::skipped(&missing)),
    };
    let mut run = Run::new(prepared, "served", &test_files(prepared, "served")?)?;
    run.command.env("RELATCH_SERVED_PYTHON", python);
    run.finish()
}

pub(super) fn browser(prepared: &Prepared<'_>) -> anyhow::Result<Outcome> {
    if let Err(error) = prepared.tarball() {
        return Ok(not_built(&error));
    }
    let engines = match needs::engines(prepared.project) {
        Ok(engines) => engines,
        Err(missing) => return Ok(Outcome::skipped(&missing)),
    };
    let files = test_files(prepared, "browser")?;
    let runs = engines.iter().map(|engine| {
        let mut run = Run::new(prepared, &format!("browser-{engine}"), &files)?.beside_server(prepared)?;
        run.command.env("RELATCH_ENGINES", engine);
        Ok(run)
    });
    // Side by side: much of what a test does is to wait.
    let runs = runs.collect::<anyhow::Result<Vec<Run>>>()?;
    let threads = runs.into_iter().map(|run| std::thread::spawn(|| run.finish())).collect::<Vec<_>>();
    let mut all = Outcome::Ran { tests: Tally::default(), output: String::new() };
    for (engine, thread) in engines.iter().zip(threads) {
        let outcome = thread.join().map_err(|_| anyhow!("the tests in {engine} could not be followed"))??;
        if let Outcome::Ran { tests, .. } = &outcome {
            say::result(&format!("browser, {engine}: {tests}"));
        }
        all = both(all, outcome);
    }
    Ok(all)
}

/// That the build failed is told, and counted as failed, by the suite `package`.
fn not_built(error: &anyhow::Error) -> Outcome {
    Outcome::Skipped(format!("the npm package is not built: {error:#}"))
}

/// Each folder has its own compiler: the tests' is a user's, who has another than ours.
fn tsc(prepared: &Prepared<'_>, folder: &str) -> Command {
    let mut command = program(prepared.project, prepared.project.npm_program(folder, "tsc"));
    command.args(["--noEmit", "-p", folder]);
    command
}

/// Test files of `pkg-tests` in one run of Node, with a report to count by.
struct Run {
    command: Command,
    report: PathBuf,
}

impl Run {
    fn new(prepared: &Prepared<'_>, name: &str, files: &[PathBuf]) -> anyhow::Result<Run> {
        let project = prepared.project;
        prepared.installed()?;
        let report = project.target(&format!("npm/{name}.tap"));
        // Left over from an earlier run, it would be counted if this one crashes.
        if report.exists() {
            std::fs::remove_file(&report)?;
        }
        let mut command = program(project, "node");
        command.current_dir(project.path("pkg-tests")).env("RELATCH_DIST", project.path("npm/dist"));
        command.args(["--test", &format!("--test-timeout={FILE_TIMEOUT_MS}")]);
        // One report to read for people, shown on failure, and one to count by.
        command.args(["--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=tap"]);
        command.arg(format!("--test-reporter-destination={}", report.display())).args(files);
        Ok(Run { command, report })
    }

    /// Lets the tests start the project's own server.
    fn beside_server(mut self, prepared: &Prepared<'_>) -> anyhow::Result<Run> {
        self.command.env("RELATCH_SERVER", prepared.server()?);
        Ok(self)
    }

    fn finish(self) -> anyhow::Result<Outcome> {
        let kept = keep(self.command)?;
        let counts = std::fs::read_to_string(self.report).unwrap_or_default();
        Ok(Outcome::Ran { tests: Tally::of_tap(&counts, kept.succeeded), output: kept.output })
    }
}

/// The test files of a folder in `pkg-tests`; listed here, since Node 20 does not expand patterns.
fn test_files(prepared: &Prepared<'_>, folder: &str) -> anyhow::Result<Vec<PathBuf>> {
    let folder = prepared.project.path(&format!("pkg-tests/{folder}"));
    let entries = std::fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    if files.is_empty() {
        bail!("there is no test in {}", folder.display());
    }
    Ok(files)
}

fn both(one: Outcome, other: Outcome) -> Outcome {
    match (one, other) {
        (Outcome::Ran { mut tests, output }, Outcome::Ran { tests: more, output: also }) => {
            tests += more;
            Outcome::Ran { tests, output: format!("{output}{also}") }
        }
        (one, _) => one,
    }
}
