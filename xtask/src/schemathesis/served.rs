//! A server with an admin API, a realm and an account, on ports of its own, for as long as it is wanted.

use crate::commands::{keep, program};
use crate::project::Project;
use anyhow::{Context, bail};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

/// Good for a server on a loopback address that lives for a minute.
pub(super) const TOKEN: &str = "a-token-for-a-minute-on-loopback";
pub(super) const REALM: &str = "gatego";
const LOG: &str = "log";

/// Passwords cost next to nothing, so that requests are what is tested and not hashing.
const CONFIGURATION: &str = "
listen = '127.0.0.1:0'
[admin]
listen = '127.0.0.1:0'
token = 'a-token-for-a-minute-on-loopback'
[[realm]]
dialect = 'gatego'
argon2 = { memory_kib = 8, passes = 1 }
";

/// Waiting ends when the server has said where it is, or has ended; this is only how often it is asked.
const PAUSE: Duration = Duration::from_millis(50);

/// Stopped when dropped.
pub(super) struct Served {
    child: Child,
    directory: PathBuf,
    /// Where its admin API is.
    pub(super) admin: String,
    /// The id of an account of [`REALM`].
    pub(super) account: String,
}

impl Served {
    /// Starts it in a directory of its own, which is made anew.
    pub(super) fn start(project: &Project, server: &Path) -> anyhow::Result<Served> {
        let directory = project.target("schemathesis");
        if directory.exists() {
            std::fs::remove_dir_all(&directory)?;
        }
        std::fs::create_dir_all(&directory)?;
        std::fs::write(directory.join("relatch.toml"), CONFIGURATION)?;
        let account = add_account(project, server, &directory)?;
        let mut command = program(project, server);
        command.arg("serve").current_dir(&directory).stdin(Stdio::null()).stderr(File::create(directory.join(LOG))?);
        let child = command.spawn().context("the server cannot be started")?;
        let mut served = Served { child, directory, admin: String::new(), account };
        served.admin = served.wait_for_admin()?;
        Ok(served)
    }

    /// Whether it runs.
    pub(super) fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// What it has logged.
    pub(super) fn log(&self) -> String {
        std::fs::read_to_string(self.directory.join(LOG)).unwrap_or_default()
    }

    /// Made for this run, and free for what else it leaves behind.
    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    fn wait_for_admin(&mut self) -> anyhow::Result<String> {
        loop {
            let alive = self.is_alive();
            let log = self.log();
            if let Some(url) = admin_url(&log) {
                return Ok(url.to_owned());
            }
            if !alive {
                bail!("the server has ended: {log}");
            }
            std::thread::sleep(PAUSE);
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn add_account(project: &Project, server: &Path, directory: &Path) -> anyhow::Result<String> {
    let mut command = program(project, server);
    command.current_dir(directory).env("RELATCH_PASSWORD", "correct horse 9");
    command.args(["user", "add", "--realm", REALM, "--username", "ada", "--email", "ada@example.com"]);
    let kept = keep(command)?;
    if !kept.succeeded {
        bail!("an account cannot be added: {}", kept.output.trim());
    }
    Ok(kept.output.trim().to_owned())
}

/// What stands behind `admin=` in a log line that is whole.
fn admin_url(log: &str) -> Option<&str> {
    let lines = log.split_inclusive('\n').filter(|line| line.ends_with('\n'));
    let mut found = lines.filter_map(|line| Some(line.split_once("admin=\"")?.1.split_once('"')?.0));
    found.next()
}

#[cfg(test)]
mod tests {
    use super::admin_url;

    #[test]
    fn the_admin_api_is_found_in_a_log_line_that_is_whole() {
        let line = "2026 INFO serve: the admin API is listening admin=\"http://127.0.0.1:40381\"";
        assert_eq!(
            admin_url(&format!("2026 INFO serve: listening url=\"x\"\n{line}\n")),
            Some("http://127.0.0.1:40381")
        );
        assert_eq!(admin_url(line), None);
    }
}
