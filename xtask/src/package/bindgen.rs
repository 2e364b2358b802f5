//! The glue between wasm and JavaScript. Wasm and generator have to be of the very same version: their private
//! format changes with every release.

use crate::needs::WASM_TARGET;
use crate::project::Project;
use anyhow::{Context, bail};
use std::path::Path;
use wasm_bindgen_cli_support::Bindgen;

/// Writes `relatch.js` and `relatch_bg.wasm` to `out`, which is emptied first.
pub(super) fn generate(project: &Project, out: &Path) -> anyhow::Result<()> {
    check_versions(&std::fs::read_to_string(project.path("Cargo.lock")).context("Cargo.lock")?)?;
    if out.exists() {
        std::fs::remove_dir_all(out)?;
    }
    let mut bindgen = Bindgen::new();
    bindgen.input_path(project.target(&format!("{WASM_TARGET}/wasm/relatch.wasm")));
    // The facade's own types are what users see; the generated ones would only be a second, looser truth.
    // The names stay until the package's own build has used them.
    bindgen.web(true)?.typescript(false).remove_producers_section(true);
    bindgen.generate(out)
}

fn check_versions(lock: &str) -> anyhow::Result<()> {
    let (wasm, generator) = (locked(lock, "wasm-bindgen")?, locked(lock, "wasm-bindgen-cli-support")?);
    if wasm != generator {
        bail!(
            "Cargo.lock has wasm-bindgen {wasm} but wasm-bindgen-cli-support {generator}; \
             `cargo update -p wasm-bindgen-cli-support --precise {wasm}` brings them together"
        );
    }
    Ok(())
}

/// The version of a package in the text of `Cargo.lock`.
fn locked<'a>(lock: &'a str, name: &str) -> anyhow::Result<&'a str> {
    let mut lines = lock.lines().skip_while(|line| *line != format!("name = \"{name}\""));
    let version = lines.nth(1).and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    version.with_context(|| format!("Cargo.lock does not name a version of {name}"))
}

#[cfg(test)]
mod tests {
    use super::check_versions;

    fn lock(wasm: &str, generator: &str) -> String {
        format!(
            "[[package]]\nname = \"wasm-bindgen\"\nversion = \"{wasm}\"\n\n\
             [[package]]\nname = \"wasm-bindgen-cli-support\"\nversion = \"{generator}\"\n"
        )
    }

    #[test]
    fn equal_versions_pass() {
        check_versions(&lock("0.2.130", "0.2.130")).unwrap();
    }

    #[test]
    fn different_versions_are_refused_with_the_command_that_helps() {
        let error = check_versions(&lock("0.2.130", "0.2.131")).unwrap_err().to_string();
        assert!(error.contains("cargo update -p wasm-bindgen-cli-support --precise 0.2.130"), "{error}");
    }

    #[test]
    fn a_lock_file_without_the_generator_is_refused() {
        assert!(check_versions("name = \"wasm-bindgen\"\nversion = \"0.2.130\"\n").is_err());
    }
}
