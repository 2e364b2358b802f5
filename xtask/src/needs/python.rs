//! Python packages, in an environment of their own below the target directory.

use super::apt_install;
use crate::commands::{Kept, answers, keep, program};
use crate::project::Project;
use crate::say;
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Which distributions call it `python3` is nearly all of them; Windows has `python`.
const PYTHON: &str = if cfg!(windows) { "python" } else { "python3" };

/// The packages that a requirements file names, and the Python that has them; nothing is done if they are there already.
pub(crate) fn python_packages(project: &Project, name: &str, requirements: &str) -> anyhow::Result<PathBuf> {
    let (wanted, place) = (project.path(requirements), project.target(&format!("python/{name}")));
    let (installed, python) = (place.join("requirements.txt"), python_of(&place));
    let wanted_text = std::fs::read_to_string(&wanted)?;
    if std::fs::read_to_string(&installed).is_ok_and(|text| text == wanted_text) && answers(version(project, &python)) {
        return Ok(python);
    }
    say::step(&format!("installing {name}"));
    if place.exists() {
        std::fs::remove_dir_all(&place)?;
    }
    let pip = environment(project, &place).with_context(|| format!("missing: a Python environment for {name}"))?;
    succeed(pip_install(pip, &wanted)).with_context(|| format!("missing: the Python packages of {name}"))?;
    // Last, so that half an installation does not count.
    std::fs::write(installed, wanted_text)?;
    Ok(python)
}

/// Makes an environment, and returns the start of pip's command line for it.
///
/// Debian has the part of Python that brings pip along in a package of its own; who cannot install it may have pip itself.
fn environment(project: &Project, place: &Path) -> anyhow::Result<Command> {
    if !answers(version(project, Path::new(PYTHON))) {
        apt_install(project, "python3", "Python 3")?;
    }
    let with_pip = || venv(project, place, &[]);
    let made = with_pip().or_else(|_| apt_install(project, "python3-venv", "python3-venv").and_then(|()| with_pip()));
    let Err(missing) = made else {
        let mut pip = program(project, python_of(place));
        pip.args(["-m", "pip"]);
        return Ok(pip);
    };
    let mut pip = program(project, PYTHON);
    pip.args(["-m", "pip", "--python"]).arg(python_of(place));
    venv(project, place, &["--without-pip"]).map(|()| pip).map_err(|_| missing)
}

fn venv(project: &Project, place: &Path, options: &[&str]) -> anyhow::Result<()> {
    let mut command = program(project, PYTHON);
    command.args(["-m", "venv", "--clear"]).args(options).arg(place);
    succeed(command)
}

fn pip_install(mut pip: Command, requirements: &Path) -> Command {
    pip.args(["install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(requirements);
    pip
}

fn succeed(command: Command) -> anyhow::Result<()> {
    let Kept { succeeded, output } = keep(command)?;
    if !succeeded {
        bail!("{}", output.trim());
    }
    Ok(())
}

fn version(project: &Project, python: &Path) -> Command {
    let mut question = program(project, python);
    question.arg("--version");
    question
}

fn python_of(place: &Path) -> PathBuf {
    place.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}
