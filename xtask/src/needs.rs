//! What the tasks need on a machine, installed where that takes no question: rustup targets and components, npm
//! and Python packages, and on Debian as root the browsers, two proxies and a C++ compiler.

mod python;

pub(crate) use python::python_packages;

use crate::commands::{answers, ask_rustc, cargo, keep, npm, program, run};
use crate::project::Project;
use crate::say;
use anyhow::{Context, bail};
use std::path::Path;

/// The target of the npm package's wasm.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";
const OLDEST_NODE: u32 = 20;

/// What a browser engine of the package's tests needs.
struct Engine {
    /// The name that `pkg-tests/support/engines.mjs` gives it.
    name: &'static str,
    /// A variable that names another place for the first program, for those tests too.
    variable: &'static str,
    /// Programs, each with the package that brings it.
    programs: &'static [(&'static str, &'static str)],
}

const ENGINES: [Engine; 3] = [
    Engine { name: "Chromium", variable: "RELATCH_CHROMIUM", programs: &[("/usr/bin/chromium", "chromium")] },
    Engine { name: "Firefox", variable: "RELATCH_FIREFOX", programs: &[("/usr/bin/firefox-esr", "firefox-esr")] },
    // It has no headless mode; the tests start a display for it.
    Engine {
        name: "WebKitGTK",
        variable: "RELATCH_WEBKIT_DRIVER",
        programs: &[("/usr/bin/WebKitWebDriver", "webkit2gtk-driver"), ("/usr/bin/Xvfb", "xvfb")],
    },
];

/// Rust's standard library for wasm.
pub(crate) fn wasm_target(project: &Project) -> anyhow::Result<()> {
    let library = ask_rustc(project, &["--print", "target-libdir", "--target", WASM_TARGET])?;
    if Path::new(&library).is_dir() {
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

/// The browser engines of the package's tests, by name: all, or those that `RELATCH_ENGINES` names with commas in between.
///
/// # Errors
/// One of them cannot be had, or there is none of that name.
pub(crate) fn engines(project: &Project) -> anyhow::Result<Vec<&'static str>> {
    let Ok(chosen) = std::env::var("RELATCH_ENGINES") else {
        return ENGINES.iter().map(|engine| engine.install(project)).collect();
    };
    engines_named(project, chosen.split(','))
}

/// Those alone.
///
/// # Errors
/// One of them cannot be had, or there is none of that name.
pub(crate) fn engines_named<'a>(
    project: &Project,
    names: impl Iterator<Item = &'a str>,
) -> anyhow::Result<Vec<&'static str>> {
    let named = |name| ENGINES.iter().find(|engine| engine.name == name).with_context(|| format!("no engine: {name}"));
    names.map(|name| named(name)?.install(project)).collect()
}

impl Engine {
    fn install(&self, project: &Project) -> anyhow::Result<&'static str> {
        let elsewhere = std::env::var(self.variable).ok();
        if let Some(place) = elsewhere.as_ref().filter(|place| !Path::new(place).exists()) {
            bail!("missing: {place}, which {} names", self.variable);
        }
        for (program, package) in self.programs.iter().skip(elsewhere.iter().count()) {
            if !Path::new(program).exists() {
                say::step(&format!("installing {package}"));
                apt_install(project, package, program)?;
            }
        }
        Ok(self.name)
    }
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
