//! What several suites need, made once: the tarball, its installation, the server. Made when first asked for, so that
//! `--only` builds no more than it has to; asked again after a failure, they say why without trying again.

use crate::commands::{cargo, keep, npm};
use crate::needs;
use crate::package;
use crate::project::Project;
use anyhow::{anyhow, bail};
use std::cell::OnceCell;
use std::path::{Path, PathBuf};

const SERVER: &str = "relatch-server";
const COMMAND: &str = "relatch";

type Once<T> = OnceCell<Result<T, String>>;

/// The project, and what has been made of it in this run.
pub(crate) struct Prepared<'a> {
    pub(crate) project: &'a Project,
    tarball: Once<PathBuf>,
    installed: Once<()>,
    server: Once<PathBuf>,
    command: Once<PathBuf>,
}

impl<'a> Prepared<'a> {
    pub(crate) fn new(project: &'a Project) -> Prepared<'a> {
        Prepared {
            project,
            tarball: OnceCell::new(),
            installed: OnceCell::new(),
            server: OnceCell::new(),
            command: OnceCell::new(),
        }
    }

    /// The packed npm package.
    pub(crate) fn tarball(&self) -> anyhow::Result<&Path> {
        once(&self.tarball, || package::build(self.project)).map(PathBuf::as_path)
    }

    /// The tarball, installed in `pkg-tests` the way a user installs it.
    pub(crate) fn installed(&self) -> anyhow::Result<()> {
        once(&self.installed, || install(self.project, self.tarball()?)).copied()
    }

    /// The Rust tests have built every binary. Built on its own, the server would be compiled again: its dependencies
    /// have other features when the rest of the workspace does not ask for any.
    pub(crate) fn rust_tests_have_run(&self) {
        for (made, name) in [(&self.server, SERVER), (&self.command, COMMAND)] {
            let program = self.project.program(name);
            if program.exists() {
                let _ = made.set(Ok(program));
            }
        }
    }

    /// The server binary of the dev profile.
    pub(crate) fn server(&self) -> anyhow::Result<&Path> {
        once(&self.server, || build(self.project, "relatch-server", SERVER)).map(PathBuf::as_path)
    }

    /// The `relatch` command of the dev profile.
    pub(crate) fn command(&self) -> anyhow::Result<&Path> {
        once(&self.command, || build(self.project, "relatch-cli", COMMAND)).map(PathBuf::as_path)
    }
}

fn once<T>(cell: &Once<T>, make: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<&T> {
    let made = cell.get_or_init(|| make().map_err(|error| format!("{error:#}")));
    made.as_ref().map_err(|error| anyhow!("{error}"))
}

/// npm takes a tarball of an unchanged version for installed; hence the old one goes first.
fn install(project: &Project, tarball: &Path) -> anyhow::Result<()> {
    needs::npm_packages(project, "pkg-tests")?;
    let old = project.path("pkg-tests/node_modules/relatch");
    if old.exists() {
        std::fs::remove_dir_all(old)?;
    }
    let mut command = npm(project, "pkg-tests");
    command.args(["install", "--no-save", "--no-package-lock"]).arg(tarball);
    let kept = keep(command)?;
    if !kept.succeeded {
        bail!("the tarball cannot be installed: {}", kept.output.trim());
    }
    Ok(())
}

fn build(project: &Project, package: &str, name: &str) -> anyhow::Result<PathBuf> {
    let mut command = cargo(project);
    command.args(["build", "-p", package]);
    let kept = keep(command)?;
    if !kept.succeeded {
        bail!("{package} cannot be built: {}", kept.output.trim());
    }
    Ok(project.program(name))
}
