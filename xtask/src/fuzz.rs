//! Fuzzing: builds the targets of `fuzz/` with coverage, and has libFuzzer run each over a fixed number of inputs.
//!
//! On stable Rust, and so without cargo-fuzz, whose builds ask for flags of nightly: what libFuzzer needs to know of a
//! program's paths is written by a pass of LLVM that any rustc has. The sanitizers are what is missing; they
//! look for faults of memory, which `unsafe_code = "forbid"` rules out.

use crate::commands::{Kept, ask_rustc, cargo, keep, program, run as finish};
use crate::needs;
use crate::project::Project;
use crate::say;
use anyhow::{Context, bail};
use clap::builder::PossibleValuesParser;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Each target, and the folder with good inputs that it begins with.
const TARGETS: [(&str, &str); 4] = [
    ("token", "fuzz/seeds/token"),
    ("dialect", "dialects/documents"),
    ("answer", "fuzz/seeds/answer"),
    ("body", "fuzz/seeds/body"),
];

/// Counters of edges, and what comparisons compare, so that libFuzzer can guess magic words. cargo-fuzz sets the same.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
     -Cllvm-args=-sanitizer-coverage-trace-compares";

/// An input that takes longer is reported as one that hangs; the ordinary ones take microseconds.
const HANGS_SECS: u32 = 120;

/// No input that the server takes is longer: its bodies end here.
const LONGEST_BYTES: u32 = 65_536;

/// The arguments of `cargo xtask fuzz`: a longer run than that of the tests, or another one.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// These alone, instead of all.
    #[arg(value_parser = PossibleValuesParser::new(TARGETS.map(|(name, _)| name)))]
    targets: Vec<String>,
    /// How many inputs each gets.
    #[arg(long, default_value_t = 2_000_000)]
    runs: u64,
    /// Another seed makes other inputs.
    #[arg(long, default_value_t = 1)]
    seed: u32,
}

/// What the tests give each target.
const RUNS_OF_THE_TESTS: u64 = 200_000;

/// Shows libFuzzer at work. What it finds worth keeping stays in `target/fuzz/corpus`, and the next run begins with it.
pub(crate) fn run(project: &Project, options: &Options) -> anyhow::Result<ExitCode> {
    needs::cpp(project)?;
    let programs = build(project)?;
    for (name, seeds) in TARGETS {
        if options.targets.is_empty() || options.targets.iter().any(|it| it == name) {
            say::step(&format!("fuzzing {name}"));
            let corpus = project.target(&format!("fuzz/corpus/{name}"));
            std::fs::create_dir_all(&corpus)?;
            finish(
                libfuzzer(project, &programs, name, options.runs, options.seed).arg(corpus).arg(project.path(seeds)),
            )?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What the tests do, which is the same every time; one result for each target.
pub(crate) fn check(project: &Project) -> anyhow::Result<Vec<Kept>> {
    let programs = build(project)?;
    TARGETS.into_iter().map(|(name, seeds)| check_one(project, &programs, name, seeds)).collect()
}

fn check_one(project: &Project, programs: &Path, name: &str, seeds: &str) -> anyhow::Result<Kept> {
    // libFuzzer writes what it finds into the first folder, and begins with what is there: nothing, or no two runs are alike.
    let corpus = project.target(&format!("fuzz/corpus-of-tests/{name}"));
    if corpus.exists() {
        std::fs::remove_dir_all(&corpus)?;
    }
    std::fs::create_dir_all(&corpus)?;
    let mut command = libfuzzer(project, programs, name, RUNS_OF_THE_TESTS, 1);
    command.arg(corpus).arg(project.path(seeds));
    keep(command)
}

fn libfuzzer(project: &Project, programs: &Path, name: &str, runs: u64, seed: u32) -> Command {
    let mut command = program(project, programs.join(name));
    let artifacts = project.target("fuzz").join(format!("{name}-"));
    command.args([format!("-runs={runs}"), format!("-seed={seed}"), format!("-timeout={HANGS_SECS}")]);
    command.args([format!("-max_len={LONGEST_BYTES}"), format!("-artifact_prefix={}", artifacts.display())]);
    command
}

/// Builds them all, and returns the folder where they are.
///
/// With the versions of the main lock file, since those are what is shipped: cargo adds what fuzzing needs beside them.
fn build(project: &Project) -> anyhow::Result<PathBuf> {
    let (shipped, own) = (project.path("Cargo.lock"), project.path("fuzz/Cargo.lock"));
    if !needs::is_newer(&own, &shipped) {
        std::fs::copy(shipped, own)?;
    }
    let target = project.target("fuzz");
    let host = host(project)?;
    let mut command = cargo(project);
    // A target that is named keeps the flags from build scripts and macros, which could not be linked with them.
    command.args(["build", "--bins", "--manifest-path", "fuzz/Cargo.toml", "--target", &host, "--target-dir"]);
    command.arg(&target).env("RUSTFLAGS", COVERAGE);
    let kept = keep(command)?;
    if !kept.succeeded {
        bail!("the fuzz targets cannot be built: {}", kept.output.trim());
    }
    Ok(target.join(host).join("debug"))
}

/// The name of this machine's kind, such as `x86_64-unknown-linux-gnu`.
fn host(project: &Project) -> anyhow::Result<String> {
    let answer = ask_rustc(project, &["-vV"])?;
    let host = answer.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("`rustc -vV` names no host")
}
