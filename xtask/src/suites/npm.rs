//! The suites of the npm package. All but the types of its source work on the packed tarball: what was forgotten in
//! `files` or `exports` fails here, not at the first user.

use super::rust::check;
use super::{Outcome, Prepared, Tally};
use crate::commands::{keep, program};
use crate::needs;
use crate::package::prepare;
use crate::size as budget;
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How long one file of tests may take, in milliseconds. A browser that hangs ends the file, not the whole run.
const FILE_TIMEOUT_MS: u32 = 600_000;

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
    tests(prepared, "node")
}

pub(super) fn browser(prepared: &Prepared<'_>) -> anyhow::Result<Outcome> {
    if let Err(error) = prepared.tarball() {
        return Ok(not_built(&error));
    }
    if let Err(missing) = needs::chromium(prepared.project) {
        return Ok(Outcome::skipped(&missing));
    }
    tests(prepared, "browser")
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

/// Runs every test file of a folder in `pkg-tests`.
fn tests(prepared: &Prepared<'_>, kind: &str) -> anyhow::Result<Outcome> {
    let project = prepared.project;
    let files = test_files(&project.path(&format!("pkg-tests/{kind}")))?;
    if files.is_empty() {
        return Ok(Outcome::Skipped(format!("there is no test in pkg-tests/{kind}")));
    }
    prepared.installed()?;
    let report = project.target(&format!("npm/{kind}.tap"));
    // Left over from an earlier run, it would be counted if this one crashes.
    if report.exists() {
        std::fs::remove_file(&report)?;
    }
    let mut command = program(project, "node");
    command.current_dir(project.path("pkg-tests")).env("RELATCH_DIST", project.path("npm/dist"));
    command.env("RELATCH_SERVER", prepared.server()?);
    command.args(["--test", &format!("--test-timeout={FILE_TIMEOUT_MS}")]);
    // One report to read for people, shown on failure, and one to count by.
    command.args(["--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=tap"]);
    command.arg(format!("--test-reporter-destination={}", report.display())).args(files);
    let kept = keep(command)?;
    let counts = std::fs::read_to_string(report).unwrap_or_default();
    Ok(Outcome::Ran { tests: Tally::of_tap(&counts, kept.succeeded), output: kept.output })
}

/// Listed here, since Node 20 does not expand patterns.
fn test_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
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
