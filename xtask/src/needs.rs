//! What the tasks need on a machine, installed where that takes no question: rustup targets and components, npm
//! and Python packages, and on Debian as root the browser, two proxies and a C++ compiler.

mod python;

pub(crate) use python::python_packages;

use crate::commands::{answers, cargo, keep, npm, program, run};
use crate::project::Project;
use crate::say;
use anyhow::{Context, bail};
use std::path::Path;

/// The target of the npm package's wasm.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";
const OLDEST_NODE: u32 = 20;
const CHROMIUM: &str = "/usr/bin/chromium";

/// Rust's standard library for wasm.
pub(crate) fn wasm_target(project: &Project) -> anyhow::Result<()> {
    let mut question = program(project, "rustc");
    question.args(["--print", "target-libdir", "--target", WASM_TARGET]);
    let library = keep(question)?.output;
    if Path::new(library.trim()).is_dir() {
        return Ok(());
    }
    say::step("installing Rust's wasm target");
    run(program(project, "rustup").args(["target", "add", WASM_TARGET]))
        .with_context(|| format!("missing: the Rust target {WASM_TARGET}"))
}

/// A component of the toolchain, such as `clippy`, by the cargo subcommand that it brings.
pub(crate) fn component(project: &Project, subcommand: &str, component: &str) -> anyhow::Result<()> {
    let mut question = cargo(project);
    question.args([subcommand, "--version"]);
    if answers(question) {
        return Ok(());
    }
    say::step(&format!("installing {component}"));
    run(program(project, "rustup").args(["component", "add", component]))
        .with_context(|| format!("missing: the toolchain component {component}"))
}

/// Node, in a version that the package supports.
pub(crate) fn node(project: &Project) -> anyhow::Result<()> {
    let mut question = program(project, "node");
    question.arg("--version");
    let version = keep(question).context("missing: Node.js 20 or later")?.output;
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST_NODE) {
        bail!("missing: Node.js 20 or later (`node --version` says {})", version.trim());
    }
    Ok(())
}

/// The npm packages of a folder, exactly as its lock file names them; nothing is done if they are there already.
pub(crate) fn npm_packages(project: &Project, folder: &str) -> anyhow::Result<()> {
    let wanted = project.path(&format!("{folder}/package-lock.json"));
    let installed = project.path(&format!("{folder}/node_modules/.package-lock.json"));
    if is_newer(&installed, &wanted) {
        return Ok(());
    }
    say::step(&format!("installing the npm packages of {folder}/"));
    run(npm(project, folder).arg("ci")).with_context(|| format!("missing: the npm packages of {folder}/"))
}

/// The browser of the package's tests; they look for it where `RELATCH_CHROMIUM` says, if that is set.
pub(crate) fn chromium(project: &Project) -> anyhow::Result<()> {
    let place = std::env::var("RELATCH_CHROMIUM").unwrap_or_else(|_| CHROMIUM.to_owned());
    if Path::new(&place).exists() {
        return Ok(());
    }
    if place != CHROMIUM {
        bail!("missing: {place}, which RELATCH_CHROMIUM names");
    }
    say::step("installing Chromium");
    apt_install(project, "chromium", CHROMIUM)
}

/// The proxies that the server's snippets are tested against.
pub(crate) fn proxies(project: &Project) -> anyhow::Result<()> {
    for (name, version, package) in [("nginx", "-v", "nginx-light"), ("caddy", "version", "caddy")] {
        let mut question = program(project, name);
        question.arg(version);
        if answers(question) {
            continue;
        }
        say::step(&format!("installing {name}"));
        apt_install(project, package, name)?;
    }
    Ok(())
}

/// A C++ compiler, for libFuzzer.
pub(crate) fn cpp(project: &Project) -> anyhow::Result<()> {
    let name = std::env::var("CXX").unwrap_or_else(|_| "c++".to_owned());
    let mut question = program(project, &name);
    question.arg("--version");
    if answers(question) {
        return Ok(());
    }
    say::step("installing a C++ compiler");
    apt_install(project, "g++", "a C++ compiler")
}

/// Installs a package of Debian's, which brings what is `wanted`.
fn apt_install(project: &Project, package: &str, wanted: &str) -> anyhow::Result<()> {
    apt(project, &["update"], wanted)?;
    apt(project, &["install", "-y", "--no-install-recommends", package], wanted)
}

fn apt(project: &Project, arguments: &[&str], wanted: &str) -> anyhow::Result<()> {
    let missing = || format!("missing: {wanted} (on Debian as root it is installed by itself)");
    let mut command = program(project, "apt-get");
    // RUNLEVEL keeps the packages' own services from starting: the tests start them as they need them.
    command.args(["-q"]).args(arguments).env("DEBIAN_FRONTEND", "noninteractive").env("RUNLEVEL", "1");
    let kept = keep(command).with_context(missing)?;
    if !kept.succeeded {
        let last = kept.output.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
        return Err(anyhow::anyhow!("apt-get: {last}")).with_context(missing);
    }
    Ok(())
}

/// Whether the one was changed after the other, or with it.
pub(crate) fn is_newer(one: &Path, other: &Path) -> bool {
    let changed = |path: &Path| path.metadata().and_then(|data| data.modified()).ok();
    matches!((changed(one), changed(other)), (Some(one), Some(other)) if one >= other)
}
