//! The npm package, from Rust and TypeScript to the tarball that is published.

mod bindgen;

use crate::commands::{ask_rustc, cargo, npm, program, run};
use crate::needs::{self, WASM_TARGET};
use crate::project::Project;
use crate::say;
use anyhow::Context;
use std::path::{Path, PathBuf};

/// The two builds of the wasm, and the features of each: the one that most pages load, and the one that knows all of the format.
const BUILDS: [(&str, &str); 2] = [("plain", "npm"), ("full", "npm,full")];

/// Installs what [`build`] needs.
pub(crate) fn prepare(project: &Project) -> anyhow::Result<()> {
    needs::wasm_target(project)?;
    needs::node(project)?;
    needs::npm_packages(project, "npm")
}

/// Builds `npm/dist` and the tarball, and returns the tarball's path.
pub(crate) fn build(project: &Project) -> anyhow::Result<PathBuf> {
    prepare(project)?;
    let bindgen = project.target("npm/bindgen");
    for (name, features) in BUILDS {
        say::step(&format!("compiling the client to wasm, and generating its glue: {name}"));
        compile(project, features)?;
        bindgen::generate(project, &bindgen.join(name))?;
    }
    say::step("making the wasm small, and building the facade");
    run(program(project, "node").arg("npm/build.mjs").arg(&bindgen))?;
    say::step("packing");
    pack(project)
}

/// Builds the program of the `relatch` command, and the npm packages that bring it.
pub(crate) fn command(project: &Project) -> anyhow::Result<()> {
    needs::node(project)?;
    say::step("compiling the command");
    run(cargo(project).args(["build", "--release", "-p", "relatch-cli"]))?;
    say::step("packing");
    let program_path = project.target(&format!("release/relatch{}", std::env::consts::EXE_SUFFIX));
    let mut pack = program(project, "node");
    run(pack.arg("npm/cli/pack.mjs").arg(program_path).arg(project.target("npm/cli")))
}

fn compile(project: &Project, features: &str) -> anyhow::Result<()> {
    let mut command = cargo(project);
    // One crate type alone: Cargo leaves link-time optimisation out where an rlib is asked for as well, and without it the
    // wasm is an eighth larger.
    command.args(["rustc", "-p", "relatch", "--lib", "--crate-type", "cdylib", "--profile", "wasm"]);
    command.args(["--target", WASM_TARGET, "--no-default-features", "--features", features]);
    run(command.args(["--config", &neutral_paths(project)?]))
}

/// Panic messages name source files. Without this they would publish whose machine has built the package, and the
/// same source would give another wasm on every machine.
fn neutral_paths(project: &Project) -> anyhow::Result<String> {
    let home = std::env::var("CARGO_HOME").or_else(|_| std::env::var("HOME").map(|home| home + "/.cargo"));
    let registry = home.unwrap_or_default() + "/registry/src";
    // Where the component `rust-src` is installed, the standard library's own files are named as they lie there, and not by the
    // compiler's commit.
    let library = ask_rustc(project, &["--print", "sysroot"])? + "/lib/rustlib/src/rust";
    let about = ask_rustc(project, &["-vV"])?;
    let commit = about.lines().find_map(|line| line.strip_prefix("commit-hash: ")).context("rustc has no commit")?;
    Ok(format!(
        "target.{WASM_TARGET}.rustflags=['--remap-path-prefix={registry}=registry',\
         '--remap-path-prefix={library}=/rustc/{commit}','-Cllvm-args=-inline-threshold=12 -disable-lsr']"
    ))
}

/// `npm pack` names the tarball after the version; an older one would be left beside it, and be taken for it.
fn pack(project: &Project) -> anyhow::Result<PathBuf> {
    let folder = project.target("npm");
    for old in tarballs(&folder)? {
        std::fs::remove_file(old)?;
    }
    run(npm(project, "npm").args(["pack", "--silent", "--pack-destination"]).arg(&folder))?;
    tarballs(&folder)?.pop().context("npm pack has left no tarball")
}

fn tarballs(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    let paths = entries.into_iter().map(|entry| entry.path());
    Ok(paths.filter(|path| path.extension().is_some_and(|extension| extension == "tgz")).collect())
}
