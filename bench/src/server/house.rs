//! Processes: the server with a database of its own, and the bare answer.

use super::client::Client;
use super::load::now;
use anyhow::{Context, bail};
use axum::Router;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};

pub(super) const PASSWORD: &str = "correct horse 9";
pub(super) const USER: &str = "bench";

/// How many accounts there are besides, for those who log in during a flood.
pub(super) const OTHERS: usize = 8;

pub(super) fn other(at: usize) -> String {
    format!("other{at}")
}

/// The server.
#[derive(Debug)]
pub(super) struct House {
    program: PathBuf,
    directory: TempDir,
    address: SocketAddr,
    child: Option<Child>,
}

impl House {
    /// A realm with one account, as it comes: argon2id at its usual cost, SQLite with fsync. In the working directory
    /// rather than the system's temporary one, which may be in memory and so have no fsync to wait for.
    pub(super) async fn build(program: &Path) -> anyhow::Result<House> {
        let directory = tempfile::Builder::new().prefix("bench-").tempdir_in("target")?;
        let address = free()?;
        // A proxy that is trusted, so that clients can be at many addresses; no line in the log for each request.
        let config = format!(
            "listen = \"{address}\"\n[log]\nfilter = \"error\"\n[limits]\ntrusted_proxies = [\"127.0.0.1\"]\n\
             [[realm]]\ndialect = \"gatego\"\n"
        );
        std::fs::write(directory.path().join("relatch.toml"), config)?;
        let house = House { program: std::path::absolute(program)?, directory, address, child: None };
        for username in [USER.to_owned()].into_iter().chain((0..OTHERS).map(other)) {
            house.add(&username).await?;
        }
        Ok(house)
    }

    async fn add(&self, username: &str) -> anyhow::Result<()> {
        let email = format!("{username}@example.com");
        let line = ["user", "add", "--realm", "gatego", "--username", username, "--email", &email, "--password-stdin"];
        let mut adding = self.command(&line).stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
        adding.stdin.take().context("no input")?.write_all(format!("{PASSWORD}\n").as_bytes()).await?;
        if !adding.wait().await?.success() {
            bail!("the account could not be made");
        }
        Ok(())
    }

    fn command(&self, line: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(line).current_dir(self.directory.path()).kill_on_drop(true);
        command
    }

    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Starts it; how long until the first request was answered.
    pub(super) async fn start(&mut self) -> anyhow::Result<Duration> {
        let started = now();
        let mut child = self.command(&["serve"]).spawn()?;
        loop {
            if let Some(status) = child.try_wait()? {
                bail!("the server ended: {status}");
            }
            if let Ok(mut client) = Client::connect(self.address).await {
                client.ask("GET", "/healthz", "", "").await?;
                break;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        self.child = Some(child);
        Ok(started.elapsed())
    }

    pub(super) async fn stop(&mut self) -> anyhow::Result<()> {
        if let Some(mut child) = self.child.take() {
            let pid = child.id().context("it has ended")?.to_string();
            Command::new("kill").args(["-TERM", &pid]).status().await?;
            child.wait().await?;
        }
        Ok(())
    }

    pub(super) fn resident_kib(&self) -> anyhow::Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid()?))?;
        let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(line.trim().trim_end_matches("kB").trim().parse()?)
    }

    /// The time of processors that it has used.
    pub(super) fn cpu(&self) -> anyhow::Result<Duration> {
        cpu_of(self.pid()?)
    }

    fn pid(&self) -> anyhow::Result<u32> {
        self.child.as_ref().and_then(Child::id).context("it does not run")
    }
}

/// User and system time, from fields 14 and 15 of `/proc/<pid>/stat` (`proc(5)`), in hundredths of a second.
fn cpu_of(pid: u32) -> anyhow::Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The second field is the program's name, which may have anything in it.
    let (_, rest) = stat.rsplit_once(')').context("no stat")?;
    let ticks: u64 = rest.split_whitespace().skip(11).take(2).map(|it| it.parse().unwrap_or(0_u64)).sum();
    Ok(Duration::from_millis(ticks * 10))
}

/// The bare answer, in a process of its own as the server is.
#[derive(Debug)]
pub(super) struct Bare {
    address: SocketAddr,
    child: Child,
}

impl Bare {
    pub(super) async fn start(bytes: usize) -> anyhow::Result<Bare> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["bare", &bytes.to_string()]).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line).await?;
        Ok(Bare { address: line.trim().parse()?, child })
    }

    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn cpu(&self) -> anyhow::Result<Duration> {
        cpu_of(self.child.id().context("it does not run")?)
    }
}

/// Answers with that many bytes until it is killed; tells where on standard output.
pub(crate) async fn bare(bytes: usize) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    let body = "x".repeat(bytes);
    let answer = move || {
        let body = body.clone();
        async move { ([("content-type", "application/json")], body) }
    };
    Ok(axum::serve(listener, Router::new().route("/gatego/me", axum::routing::get(answer))).await?)
}

fn free() -> anyhow::Result<SocketAddr> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
