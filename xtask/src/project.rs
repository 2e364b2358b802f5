//! Where things lie in the checkout.

use anyhow::Context;
use std::path::{Path, PathBuf};

/// The checkout that the task works on.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    root: PathBuf,
    target: PathBuf,
}

impl Project {
    /// The checkout that cargo started this task from.
    ///
    /// Asked at run time, not with `env!`: a checkout that was moved keeps working without being rebuilt.
    pub(crate) fn find() -> anyhow::Result<Project> {
        let own = std::env::var_os("CARGO_MANIFEST_DIR").context("start this as `cargo xtask`")?;
        let root = Path::new(&own).parent().context("xtask lies in no workspace")?.to_owned();
        let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
        Ok(Project { target: root.join(target), root })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path below the root, written with slashes.
    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.root.join(below)
    }

    /// A path below cargo's target directory, written with slashes.
    pub(crate) fn target(&self, below: &str) -> PathBuf {
        self.target.join(below)
    }

    /// A program of the workspace, as the dev profile builds it.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.target(&format!("debug/{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// A program that npm installed in `folder`.
    pub(crate) fn npm_program(&self, folder: &str, name: &str) -> PathBuf {
        let suffix = if cfg!(windows) { ".cmd" } else { "" };
        self.root.join(folder).join("node_modules/.bin").join(format!("{name}{suffix}"))
    }
}
