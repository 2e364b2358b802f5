//! Running the program.

use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// What a run came to.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// What it printed, as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.err))
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_relatch"));
    command.args(arguments).env_remove("RELATCH_PASSWORD").env("NO_COLOR", "1");
    // A proxy of whoever runs the tests is none of theirs.
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        command.env_remove(name);
    }
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).stdin(Stdio::piped());
    command
}

pub(crate) fn relatch(arguments: &[&str]) -> Ran {
    relatch_with(arguments, "")
}

/// With this on standard input.
pub(crate) fn relatch_with(arguments: &[&str], input: &str) -> Ran {
    let mut child = command(arguments).spawn().expect("the program starts");
    // It may end without reading any of it.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("the program ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    Ran { code: output.status.code().expect("no signal"), out: text(output.stdout), err: text(output.stderr) }
}

/// A file of the tests' own.
pub(crate) fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/command").join(name).to_str().expect("a path").into()
}

/// A file with that text, in a directory that lives as long as the test.
pub(crate) fn file(directory: &TempDir, name: &str, text: &str) -> String {
    let path: PathBuf = directory.path().join(name);
    std::fs::write(&path, text).expect("a file");
    path.to_str().expect("a path").into()
}

pub(crate) fn directory() -> TempDir {
    TempDir::new().expect("a directory")
}

/// A small dialect without faults and warnings.
pub(crate) fn shop() -> Value {
    serde_json::json!({
        "relatch": 1,
        "name": "shop",
        "attach": [{ "header": "Authorization", "value": "Bearer {access_token}" }],
        "expires": { "unit": "seconds" },
        "login": {
            "request": { "method": "POST", "path": "/login", "json": { "email": "{identifier}", "password": "{password}" } },
            "answers": [
                { "status": 200, "json": { "token": "{access_token}", "expires_in": "{expires?}" }, "means": "session" },
                { "status": 401, "json": { "code": "bad_credentials" }, "means": "bad-credentials" },
            ],
        },
        "renew": "login",
        "refusals": [{ "status": 401, "json": { "code": "token_expired" }, "means": "token-expired" }],
    })
}

/// A mock that runs until the test ends.
pub(crate) struct Mock {
    child: Child,
    pub(crate) url: String,
    told: String,
}

impl Mock {
    pub(crate) fn start(arguments: &[&str]) -> Mock {
        let all = [&["dialect", "mock", "--port", "0"], arguments].concat();
        let mut child = command(&all).spawn().expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
        let mut told = lines.next().expect("a line");
        // A report goes on until its last brace.
        while told.starts_with('{') && !told.ends_with("\n}") {
            told = told + "\n" + &lines.next().expect("a line");
        }
        Mock { child, url: told.trim().into(), told }
    }

    /// What it said at its start.
    pub(crate) fn told(&self) -> &str {
        &self.told
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
