//! What operators do, and that it is on the record.

use crate::support::{Deployment, FIVE};
use serde_json::Value as Json;
use sqlx::{Connection, SqliteConnection};

fn lines(here: &Deployment, line: &[&str]) -> Vec<Json> {
    let ended = here.run(line);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    ended.out.lines().map(|it| serde_json::from_str(it).unwrap()).collect()
}

/// What another process did, a server may hear of a moment later.
fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..3000 {
        if is_so() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("never: {what}");
}

#[test]
fn a_session_can_be_found_and_ended_and_so_can_all() {
    let here = Deployment::new(FIVE);
    here.add("stockapi", &["--username", "ada"]);
    let server = here.serve();
    let tokens: Vec<String> = (0..3).map(|_| server.log_in("ada", "correct horse 9").unwrap()).collect();
    let sessions = lines(&here, &["user", "sessions", "--realm", "stockapi", "--json", "ada"]);
    assert_eq!(sessions.len(), 3);
    assert!(sessions.iter().all(|it| it["ended_at"].is_null() && it["generation"] == 1), "{sessions:?}");

    let first = sessions[0]["id"].as_str().unwrap();
    let one = here.run(&["user", "sign-out", "--realm", "stockapi", "ada", "--session", first]);
    assert_eq!(one.out, format!("session {first} has ended\n"));
    let alive = || tokens.iter().filter(|it| server.me(it) == 200).count();
    until("one of three is out", || alive() == 2);
    let all = here.run(&["user", "sign-out", "--realm", "stockapi", "ada"]);
    assert!(all.out.starts_with("2 sessions of "), "{}", all.out);
    until("all are out", || alive() == 0);
}

#[test]
fn nobody_ends_a_session_of_somebody_else_by_mistake() {
    let here = Deployment::new(FIVE);
    here.add("stockapi", &["--username", "ada"]);
    here.add("stockapi", &["--username", "grace"]);
    let server = here.serve();
    let token = server.log_in("ada", "correct horse 9").unwrap();
    let sessions = lines(&here, &["user", "sessions", "--realm", "stockapi", "--json", "ada"]);
    let id = sessions[0]["id"].as_str().unwrap();
    let ended = here.run(&["user", "sign-out", "--realm", "stockapi", "grace", "--session", id]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.err.contains("has no session"), "{}", ended.err);
    assert_eq!(server.me(&token), 200);
}

#[test]
fn a_deleted_account_is_out_and_its_name_is_free() {
    let here = Deployment::new(FIVE);
    let id = here.add("stockapi", &["--username", "ada"]);
    let server = here.serve();
    let token = server.log_in("ada", "correct horse 9").unwrap();
    assert_eq!(here.run(&["user", "delete", "--realm", "stockapi", "ada", "--yes"]).out, format!("{id} is deleted\n"));
    until("the token is refused", || server.me(&token) != 200);
    assert!(server.log_in("ada", "correct horse 9").is_none());
    assert_ne!(here.add("stockapi", &["--username", "ada"]), id);
}

/// What was done and how it went, the oldest first.
fn acts(log: &[Json]) -> Vec<(&str, &str)> {
    log.iter().rev().map(|it| (it["action"].as_str().unwrap(), it["outcome"].as_str().unwrap())).collect()
}

#[test]
fn every_act_is_recorded_once_with_who_and_how_it_went_and_without_a_secret() {
    let here = Deployment::new(FIVE);
    let id = here.add("stockapi", &["--username", "ada"]);
    let ada = |line: &[&str]| here.run(&[&["user"], line, &["--realm", "stockapi", "ada"]].concat());
    ada(&["disable"]);
    ada(&["enable"]);
    let password = ["user", "set-password", "--realm", "stockapi", "ada", "--password-stdin"];
    assert_eq!(here.run_with(&password, "yet another horse\n", &[]).code, Some(0));
    ada(&["sign-out"]);
    ada(&["export"]);
    let taken = ["user", "add", "--realm", "stockapi", "--username", "ada", "--password-stdin"];
    assert_eq!(here.run_with(&taken, "another horse\n", &[]).code, Some(1));
    ada(&["delete", "--yes"]);
    ada(&["delete", "--yes"]);

    let log = lines(&here, &["audit", "--json"]);
    let expected = [
        ("user.add", "done"),
        ("user.disable", "done"),
        ("user.enable", "done"),
        ("user.set-password", "done"),
        ("user.sign-out", "unchanged"),
        ("user.export", "done"),
        ("user.add", "failed"),
        ("user.delete", "done"),
    ];
    assert_eq!(acts(&log), expected);
    let numbers: Vec<u64> = log.iter().rev().map(|it| it["number"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (1..=8).collect::<Vec<u64>>());
    assert!(log.iter().all(|it| it["channel"] == "command-line" && it["actor"] != "" && it["realm"] == "stockapi"));
    let text = format!("{log:?}");
    assert!(!text.contains("horse") && !text.contains("argon2") && !text.contains("ada"), "{text}");

    let about = lines(&here, &["audit", "--json", "--account", &id]);
    assert_eq!(about.len(), 7, "what was done to an account outlives it");
    assert_eq!(lines(&here, &["audit", "--json", "--realm", "gatego"]).len(), 0);
}

#[test]
fn what_is_done_to_keys_is_recorded_with_their_ids_and_nothing_of_them() {
    let here = Deployment::new(FIVE);
    let keys = |line: &[&str]| here.run(&[&["keys"], line, &["--realm", "stockapi"]].concat());
    keys(&["rotate", "--now"]);
    let second = keys(&["rotate", "--now"]).out.trim().to_owned();
    let listed = keys(&["list"]).out;
    let first = listed.lines().last().unwrap().split("  ").next().unwrap();
    assert_eq!(keys(&["retire", first]).code, Some(0));
    assert_eq!(keys(&["retire", &second]).code, Some(1), "the last one stays");
    let log = lines(&here, &["audit", "--json"]);
    let expected =
        [("key.rotate", "done"), ("key.rotate", "done"), ("key.retire", "done"), ("key.retire", "unchanged")];
    assert_eq!(acts(&log), expected);
    let about: Vec<&str> = log.iter().take(3).map(|it| it["detail"].as_str().unwrap()).collect();
    assert_eq!(about, [&second, first, &second].map(|it| format!("key {it}")));
    assert!(log.iter().all(|it| it["channel"] == "command-line" && it["realm"] == "stockapi"));
}

#[test]
fn a_copy_and_a_restoration_are_recorded_once_each() {
    let here = Deployment::new(FIVE);
    here.add("stockapi", &["--username", "ada"]);
    let copy = here.path("copy.db");
    let copy = copy.to_str().unwrap();
    assert_eq!(here.run(&["backup", copy]).code, Some(0));
    assert_eq!(here.run(&["backup", copy]).code, Some(1), "it is there already");
    let before = lines(&here, &["audit", "--json"]);
    assert_eq!(acts(&before), [("user.add", "done"), ("database.backup", "done"), ("database.backup", "failed")]);
    assert_eq!(here.run(&["restore", copy, "--revoke"]).code, Some(0));
    let after = lines(&here, &["audit", "--json"]);
    assert_eq!(acts(&after).last(), Some(&("database.restore", "done")));
    assert_eq!(after[1..], before, "what was done before it stays on the record");
    assert_eq!(after[0]["detail"], format!("{copy}, revoked: 0 sessions, 0 accounts"));
}

#[tokio::test]
async fn the_audit_log_cannot_be_rewritten() {
    let here = Deployment::new(FIVE);
    here.add("stockapi", &["--username", "ada"]);
    let file = here.path("relatch.db");
    let mut database = SqliteConnection::connect(file.to_str().unwrap()).await.unwrap();
    for sql in ["DELETE FROM audit", "UPDATE audit SET actor = 'nobody'", "REPLACE INTO audit SELECT * FROM audit"] {
        let refused = sqlx::query(sql).execute(&mut database).await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{sql}: {refused}");
    }
    let log = lines(&here, &["audit", "--json"]);
    assert!(log.len() == 1 && log.iter().all(|it| it["actor"] != "nobody"), "{log:?}");
}
