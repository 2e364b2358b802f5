//! `serve`, and commands beside a server that runs.

use crate::admin::Admin;
use crate::support::{Deployment, FIVE};
use std::io::{Read, Write};
use std::net::TcpStream;

#[test]
fn a_server_stops_when_it_is_told_to() {
    for signal in ["-TERM", "-INT"] {
        let (code, log) = Deployment::new(FIVE).serve().stop(signal);
        assert_eq!(code, Some(0), "{log}");
        assert!(log.contains("stopped"), "{log}");
    }
}

#[test]
fn what_a_command_changes_a_running_server_follows() {
    let here = Deployment::new(FIVE);
    let server = here.serve();
    assert!(server.log_in("ada", "correct horse 9").is_none());
    here.add("stockapi", &["--username", "ada"]);
    let token = server.log_in("ada", "correct horse 9").unwrap();
    assert_eq!(server.me(&token), 200);

    let disabled = here.run(&["user", "disable", "--realm", "stockapi", "ada"]);
    assert!(disabled.out.ends_with(" is disabled\n"), "{}", disabled.out);
    server.wait_until_refused(&token);
    assert!(server.log_in("ada", "correct horse 9").is_none());

    assert_eq!(here.run(&["user", "enable", "--realm", "stockapi", "ada"]).code, Some(0));
    assert_ne!(server.me(&token), 200, "its session has ended");
    let token = server.log_in("ada", "correct horse 9").unwrap();

    let set = ["user", "set-password", "--realm", "stockapi", "ada", "--password-stdin"];
    assert_eq!(here.run_with(&set, "another one\n", &[]).code, Some(0));
    server.wait_until_refused(&token);
    assert!(server.log_in("ada", "correct horse 9").is_none());

    let [one, other] = [(); 2].map(|()| server.log_in("ada", "another one").unwrap());
    assert_eq!((server.me(&one), server.me(&other)), (200, 200));
    let out = here.run(&["user", "sign-out", "--realm", "stockapi", "ada"]).out;
    assert!(out.starts_with("2 sessions of ") && out.ends_with(" have ended\n"), "{out}");
    server.wait_until_refused(&one);
    server.wait_until_refused(&other);
    assert!(server.log_in("ada", "another one").is_some());
}

#[test]
fn the_log_may_be_json_and_holds_no_secret() {
    let here = Deployment::new(FIVE);
    here.add("stockapi", &["--username", "ada"]);
    let server = here.serve_with(&[("RELATCH_LOG", "trace"), ("RELATCH_LOG_FORMAT", "json")]);
    let token = server.log_in("ada", "correct horse 9").unwrap();
    assert_eq!(server.me(&token), 200);
    let (_, log) = server.stop("-TERM");
    let first: serde_json::Value = serde_json::from_str(log.lines().next().unwrap()).unwrap();
    assert!(first["timestamp"].is_string(), "{first}");
    assert!(!log.contains("correct horse") && !log.contains(&token) && !log.contains("$argon2"), "{log}");
}

#[test]
fn what_the_filter_leaves_out_is_not_logged() {
    let server = Deployment::new(FIVE).serve_with(&[("RELATCH_LOG", "warn,relatch_server::cli=info")]);
    assert_eq!(server.ask("GET", "/gatego/me", "", "").unwrap().0, 401);
    let (_, log) = server.stop("-TERM");
    assert!(log.contains("listening") && !log.contains("answered"), "{log}");
}

#[test]
fn a_request_in_the_json_log_has_the_trace_id_of_its_answer() {
    let here = Deployment::new(FIVE);
    let server = here.serve_with(&[("RELATCH_LOG_FORMAT", "json")]);
    let (_, body) = server.ask("GET", "/gatego/me", "", "").unwrap();
    let answer: serde_json::Value = serde_json::from_str(&body).unwrap();
    let (_, log) = server.stop("-TERM");
    let lines: Vec<serde_json::Value> = log.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    let line = lines.iter().find(|it| it["span"]["trace_id"] == answer["trace_id"]).unwrap();
    assert_eq!((line["span"]["realm"].as_str(), line["fields"]["status"].as_u64()), (Some("gatego"), Some(401)));
}

/// A login of which half has come when the server is told to stop.
#[test]
fn what_had_begun_before_the_stop_is_answered_and_kept() {
    let admin = Admin::with(FIVE, |here| drop(here.add("stockapi", &["--username", "ada"])));
    let address = admin.server.address();
    let (half, rest) = (r#"{"username":"ada","#, r#""password":"correct horse 9"}"#);
    let length = half.len() + rest.len();
    let mut login = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST /stockapi/login HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\ncontent-length: {length}"
    );
    login.write_all(format!("{head}\r\n\r\n{half}").as_bytes()).unwrap();
    while !admin.ask("GET", "/metrics", &serde_json::Value::Null).body.contains("relatch_requests_under_way 1") {}
    admin.server.ask_to_stop();
    // Nobody else gets in any more.
    while TcpStream::connect(address).is_ok() {}
    login.write_all(rest.as_bytes()).unwrap();
    let mut answer = String::new();
    login.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let Admin { here, server, .. } = admin;
    let (code, log) = server.wait();
    assert!(code == Some(0) && !log.contains("under way"), "{log}");
    let sessions = here.run(&["user", "sessions", "--realm", "stockapi", "--json", "ada"]).out;
    assert_eq!(sessions.lines().count(), 1);
}

#[test]
fn exposing_password_hashes_is_warned_about() {
    let config = FIVE.replacen("bcrypt_cost = 4", "bcrypt_cost = 4\nexpose_password_hash = true", 1);
    let (_, log) = Deployment::new(&config).serve().stop("-TERM");
    assert!(log.contains("WARN") && log.contains("expose_password_hash is on"), "{log}");
    let (_, log) = Deployment::new(FIVE).serve().stop("-TERM");
    assert!(!log.contains("expose_password_hash"), "{log}");
}

#[test]
fn keys_in_the_open_are_warned_about_and_sealed_ones_are_not() {
    let (_, log) = Deployment::new(FIVE).serve().stop("-TERM");
    assert!(log.contains("WARN") && log.contains("no master key is configured"), "{log}");
    let named = FIVE.replacen("dialect = \"gatego\"", "dialect = \"gatego\"\nsecret_env = \"SECRET\"", 1);
    let named = named.replacen("dialect = \"stockapi\"", "dialect = \"stockapi\"\nsecret_env = \"SECRET\"", 1);
    let (_, log) = Deployment::new(&named).serve_with(&[("SECRET", &"x".repeat(64))]).stop("-TERM");
    let told = |realm: &str| log.lines().any(|it| it.contains("in the open") && it.contains(&format!("realm={realm}")));
    assert!(told("gatego"), "its refresh tokens' secret is kept all the same: {log}");
    assert!(!told("stockapi"), "it keeps nothing: {log}");
    let sealed = format!("master_key_env = \"MASTER\"{FIVE}");
    let master = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    let (_, log) = Deployment::new(&sealed).serve_with(&[("MASTER", master)]).stop("-TERM");
    assert!(!log.contains("WARN") && !log.contains(master), "{log}");
}

#[test]
fn a_running_server_follows_a_rotation_and_a_retirement_of_the_command_line() {
    let here = Deployment::new(FIVE);
    here.add("stockapi", &["--username", "ada"]);
    let server = here.serve();
    let token = server.log_in("ada", "correct horse 9").unwrap();
    let keys = |line: &[&str]| {
        let ended = here.run(&[&["keys"], line, &["--realm", "stockapi"]].concat());
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        ended.out.trim().to_owned()
    };
    let first = keys(&["list"]).split("  ").next().unwrap().to_owned();
    let refused = here.run(&["keys", "retire", "--realm", "stockapi", &first]);
    assert_eq!(refused.code, Some(1), "the only key stays");
    let second = keys(&["rotate", "--now"]);
    assert!(keys(&["list"]).starts_with(&format!("{second}  HS256  signs")), "{}", keys(&["list"]));
    assert_eq!(server.me(&token), 200, "old tokens go on");
    keys(&["retire", &first]);
    while server.me(&token) == 200 {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let token = server.log_in("ada", "correct horse 9").unwrap();
    assert_eq!(server.me(&token), 200);
}

#[test]
fn an_address_that_is_in_use_is_told() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ended = Deployment::new(FIVE).run_with(&["serve"], "", &[("RELATCH_LISTEN", &address)]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.err.contains("in use"), "{}", ended.err);
}

#[test]
fn a_database_that_cannot_be_made_is_told() {
    let ended = Deployment::new(FIVE).run_with(&["serve"], "", &[("RELATCH_DATABASE", "/nowhere/relatch.db")]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.err.contains("the database cannot be used"), "{}", ended.err);
}
