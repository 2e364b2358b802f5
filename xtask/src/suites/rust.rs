//! The suites of the Rust code: what cargo runs, and what is run on what it has built.

use super::{Outcome, Prepared, Tally};
use crate::commands::{answers, cargo, keep};
use crate::needs::{self, WASM_TARGET};
use crate::simulate::{build, simulator};
use crate::{fuzz, say, schemathesis};
use std::process::Command;

/// How much is simulated each time; longer runs are a command of their own.
const STEPS: u64 = 10_000_000;

pub(super) fn fmt(prepared: &Prepared<'_>) -> anyhow::Result<Outcome> {
    if let Err(missing) = needs::component(prepared.project, "fmt", "rustfmt") {
        return Ok(Outcome::skipped(&missing));
    }
    check(with(prepared, &["fmt", "--all", "--check", "--", "--color", "never"]))
}

pub(super) fn clippy(prepared: &Prepared<'_>) -> anyhow::Result<Outcome> {
    if let Err(missing) = needs::component(prepared.project, "clippy", "clippy") {
        return Ok(Outcome::skipped(&missing));
    }
    check(with(prepared, &["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"]))
}

pub(super) fn clippy_wasm(prepared: &Prepared<'_>) -> anyhow::Result<Outcome> {
    let needed = needs::component(prepared.project, "clippy", "clippy");
    if let Err(missing) = needed.and_then(|()| needs::wasm_target(prepared.project)) {
        return Ok(Outcome::skipped(&missing));
    }
    let mut command = with(prepared, &["clippy", "-p", "relatch", "--lib", "--features", "npm"]);
    command.args(["--target", WASM_TARGET, "--", "-D", "warnings"]);
    check(command)
}

pub(super) fn doc(prepared: &Prepared<'_>) -> anyhow::Result<Outcome> {
    let mut command = with(prepared, &["doc", "--workspace", "--no-deps", "--all-features"]);
    command.env("RUSTDOCFLAGS", "-D warnings");
    check(command)
}

pub(super) fn doc_wasm(prepared: &Prepared<'_>) -> anyhow::Result<Outcome> {
    if let Err(missing) = needs::wasm_target(prepared.project) {
        return Ok(Outcome::skipped(&missing));
    }
    let mut command = with(prepared, &["doc", "-p", "relatch", "--lib", "--no-deps", "--features", "npm"]);
    command.args(["--target", WASM_TARGET]).env("RUSTDOCFLAGS", "-D warnings");
    check(command)
}

pub(super) fn test(prepared: &Prepared<'_>) -> anyhow::Result<Outcome> {
    // Without them the tests that ask for them fail, and say so; the others are none the worse for it.
    if let Err(missing) = needs::proxies(prepared.project) {
        say::result(&format!("rust: {missing:#}"));
    }
    let kept = keep(with(prepared, &["test", "--workspace", "--no-fail-fast"]))?;
    if kept.succeeded {
        prepared.rust_tests_have_run();
    }
    Ok(Outcome::Ran { tests: Tally::of_cargo_test(&kept.output, kept.succeeded), output: kept.output })
}

pub(super) fn simulate(prepared: &Prepared<'_>) -> anyhow::Result<Outcome> {
    let built = keep(build(prepared.project))?;
    if !built.succeeded {
        return Ok(Outcome::failed(built.output));
    }
    check(simulator(prepared.project, STEPS))
}

/// Whose own report names no tests: each target counts as one.
pub(super) fn fuzz(prepared: &Prepared<'_>) -> anyhow::Result<Outcome> {
    if !cfg!(unix) {
        return Ok(Outcome::NotAsked(
            "libFuzzer is run on Unix only; the suite `rust` has the same on a generator".into(),
        ));
    }
    if let Err(missing) = needs::cpp(prepared.project) {
        return Ok(Outcome::skipped(&missing));
    }
    let (mut tests, mut output) = (Tally::default(), String::new());
    for kept in fuzz::check(prepared.project)? {
        tests += Tally::one(kept.succeeded);
        output += &kept.output;
    }
    Ok(Outcome::Ran { tests, output })
}

pub(super) fn schemathesis(prepared: &Prepared<'_>) -> anyhow::Result<Outcome> {
    let python = match schemathesis::prepare(prepared.project) {
        Ok(python) => python,
        Err(missing) => return Ok(Outcome::skipped(&missing)),
    };
    let kept = schemathesis::check(prepared.project, &python, prepared.server()?, schemathesis::Options::TESTS)?;
    Ok(Outcome::Ran { tests: Tally::one(kept.succeeded), output: kept.output })
}

pub(super) fn deny(prepared: &Prepared<'_>) -> anyhow::Result<Outcome> {
    if !answers(with(prepared, &["deny", "--version"])) {
        return Ok(Outcome::NotAsked("cargo-deny is not installed".to_owned()));
    }
    check(with(prepared, &["deny", "check"]))
}

fn with(prepared: &Prepared<'_>, arguments: &[&str]) -> Command {
    let mut command = cargo(prepared.project);
    command.args(arguments);
    command
}

/// A command that passes or fails as a whole.
pub(super) fn check(command: Command) -> anyhow::Result<Outcome> {
    let kept = keep(command)?;
    Ok(Outcome::Ran { tests: Tally::one(kept.succeeded), output: kept.output })
}
