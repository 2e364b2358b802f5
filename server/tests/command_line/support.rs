//! Runs the program in a directory of its own.

use serde_json::Value as Json;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

/// Cheap hashes, so that the tests do not wait for them.
pub(crate) const FIVE: &str = r#"
listen = "127.0.0.1:0"
[[realm]]
dialect = "investgo"
bcrypt_cost = 4
[[realm]]
dialect = "apitickets"
argon2 = { memory_kib = 8, passes = 1 }
[[realm]]
dialect = "stockapi"
argon2 = { memory_kib = 8, passes = 1 }
[[realm]]
dialect = "gatego"
argon2 = { memory_kib = 8, passes = 1 }
[[realm]]
dialect = "integra"
argon2 = { memory_kib = 8, passes = 1 }
"#;

/// A directory with a configuration and, in time, a database.
pub(crate) struct Deployment {
    directory: TempDir,
}

/// How a command ended.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Deployment {
    pub(crate) fn new(config: &str) -> Deployment {
        let directory = TempDir::new().unwrap();
        std::fs::write(directory.path().join("relatch.toml"), config).unwrap();
        Deployment { directory }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn command(&self, line: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_relatch-server"));
        command.current_dir(self.directory.path()).args(line).env_clear();
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs a command with nothing on standard input.
    pub(crate) fn run(&self, line: &[&str]) -> Ended {
        self.run_with(line, "", &[])
    }

    pub(crate) fn run_with(&self, line: &[&str], stdin: &str, variables: &[(&str, &str)]) -> Ended {
        let mut child = self.command(line).envs(variables.iter().copied()).spawn().unwrap();
        // A command that reads no input may have closed it.
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        Ended::of(child.wait_with_output().unwrap())
    }

    /// Adds an account whose password is the demo's; returns its id.
    pub(crate) fn add(&self, realm: &str, line: &[&str]) -> String {
        let line = [&["user", "add", "--realm", realm, "--password-stdin"], line].concat();
        let ended = self.run_with(&line, "correct horse 9\n", &[]);
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{}", ended.out);
        ended.out.trim().into()
    }

    pub(crate) fn shown(&self, realm: &str, account: &str) -> Json {
        let ended = self.run(&["user", "show", "--realm", realm, "--json", account]);
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
        serde_json::from_str(&ended.out).unwrap()
    }

    pub(crate) fn serve(&self) -> Running {
        self.serve_with(&[])
    }

    /// Serves with an admin API, of which [`Running::admin_address`] then tells.
    pub(crate) fn serve_with_admin(&self) -> Running {
        Running::started(&mut self.command(&["serve"]), 2)
    }

    pub(crate) fn serve_with(&self, variables: &[(&str, &str)]) -> Running {
        Running::started(self.command(&["serve"]).envs(variables.iter().copied()), 1)
    }

    /// Serves with no file allowed to grow beyond so many KiB: what is written there fails as on a full disk.
    #[cfg(target_os = "linux")]
    pub(crate) fn serve_on_a_disk_of(&self, kib: u32) -> Running {
        let line = format!("trap '' XFSZ; ulimit -S -f {}; exec \"$0\" serve", kib * 2);
        let mut command = Command::new("sh");
        command
            .args(["-c", &line, env!("CARGO_BIN_EXE_relatch-server")])
            .current_dir(self.directory.path())
            .env_clear();
        Running::started(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()), 1)
    }
}

impl Running {
    /// With so many listeners, each of which the log tells.
    fn started(command: &mut Command, listeners: usize) -> Running {
        let mut child = command.spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let (mut lines, mut addresses) = (String::new(), Vec::new());
        while addresses.len() < listeners {
            let from = lines.len();
            assert!(log.read_line(&mut lines).unwrap() > 0, "the server ended: {lines}");
            if let Some((_, rest)) = lines[from..].split_once("://") {
                addresses.push(rest.chars().take_while(|it| !it.is_whitespace() && *it != '"').collect());
            }
        }
        let rest = std::thread::spawn(move || {
            let _ = log.read_to_string(&mut lines);
            lines
        });
        Running { child, addresses, log: Some(rest) }
    }
}

impl Ended {
    fn of(output: Output) -> Ended {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// A server that runs; killed when dropped.
pub(crate) struct Running {
    child: Child,
    addresses: Vec<String>,
    log: Option<std::thread::JoinHandle<String>>,
}

impl Running {
    /// Lets its files grow again.
    #[cfg(target_os = "linux")]
    pub(crate) fn make_room(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("prlimit").args(["--pid", &pid, "--fsize=unlimited"]).status().unwrap().success());
    }

    /// `kill -9`, which the program can neither see nor delay.
    pub(crate) fn kill(&self) {
        assert!(Command::new("kill").args(["-KILL", &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Asks it to stop by that signal; its exit code and its whole log.
    pub(crate) fn stop(self, signal: &str) -> (Option<i32>, String) {
        self.signal(signal);
        self.wait()
    }

    /// Asks it to stop, and does not wait.
    pub(crate) fn ask_to_stop(&self) {
        self.signal("-TERM");
    }

    fn signal(&self, signal: &str) {
        assert!(Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Its exit code and its whole log, once it has ended.
    pub(crate) fn wait(mut self) -> (Option<i32>, String) {
        let code = self.child.wait().unwrap().code();
        (code, self.log.take().unwrap().join().unwrap())
    }

    pub(crate) fn address(&self) -> &str {
        &self.addresses[0]
    }

    pub(crate) fn admin_address(&self) -> &str {
        &self.addresses[1]
    }

    /// Status and body of the answer to a request; `None` if there was none.
    pub(crate) fn ask(&self, method: &str, path: &str, token: &str, body: &str) -> Option<(u16, String)> {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str())];
        self.ask_with(method, path, if token.is_empty() { &[] } else { &headers }, body)
    }

    /// The same with headers of any kind.
    pub(crate) fn ask_with(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Option<(u16, String)> {
        let mut stream = TcpStream::connect(self.address()).ok()?;
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n{headers}\r\n",
            self.address(),
            body.len()
        );
        stream.write_all(format!("{head}{body}").as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let status = answer.get(9..12)?.parse().ok()?;
        Some((status, answer.split_once("\r\n\r\n")?.1.into()))
    }

    /// Logs in to `stockapi` and returns the token.
    pub(crate) fn log_in(&self, username: &str, password: &str) -> Option<String> {
        let body = serde_json::json!({ "username": username, "password": password }).to_string();
        let (status, body) = self.ask("POST", "/stockapi/login", "", &body)?;
        let body: Json = serde_json::from_str(&body).ok()?;
        (status == 200).then(|| body.get("token").unwrap().as_str().unwrap().into())
    }

    /// Another process is followed within a second; a machine under load gets more.
    pub(crate) fn wait_until_refused(&self, token: &str) {
        let refused = (0..1200).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(50));
            self.me(token) != 200
        });
        assert!(refused, "the change was never followed");
    }

    /// The status with which `stockapi` answers the bearer of a token.
    pub(crate) fn me(&self, token: &str) -> u16 {
        self.ask("GET", "/stockapi/me", token, "").unwrap().0
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
