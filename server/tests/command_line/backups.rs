//! `backup` and `restore`.

use crate::support::{Deployment, FIVE, Running};
use sqlx::{Connection, SqliteConnection};

fn deployed() -> (Deployment, String) {
    let here = Deployment::new(FIVE);
    let id = here.add("stockapi", &["--username", "ada"]);
    (here, id)
}

fn log_in(server: &Running) -> String {
    server.log_in("ada", "correct horse 9").unwrap()
}

#[test]
fn a_backup_is_made_beside_a_server_that_runs_and_restored_once_it_has_stopped() {
    let (here, _) = deployed();
    let server = here.serve();
    let token = log_in(&server);
    let made = here.run(&["backup", "copy.db"]);
    assert_eq!((made.code, made.err.as_str()), (Some(0), ""));
    assert!(made.out.starts_with("copy.db: 1 accounts, 1 sessions, schema "), "{}", made.out);
    here.add("stockapi", &["--username", "grace"]);

    let refused = here.run(&["restore", "copy.db"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("is in use: stop the server first"), "{}", refused.err);
    assert_eq!(server.me(&token), 200);
    server.stop("-TERM");

    let restored = here.run(&["restore", "copy.db"]);
    assert_eq!((restored.code, restored.err.as_str()), (Some(0), ""), "{}", restored.out);
    assert!(restored.out.contains("it brings nothing back to life"), "{}", restored.out);
    let server = here.serve();
    assert_eq!(server.me(&token), 200);
    assert!(server.log_in("grace", "correct horse 9").is_none(), "she came later");
    let kept = here.path("relatch.db.before-restore-1");
    assert!(kept.exists() && !here.path("relatch.db.restoring").exists());
}

#[test]
fn what_a_restoration_brings_back_to_life_is_told_first_and_can_be_revoked() {
    let (here, id) = deployed();
    let server = here.serve();
    let (out, on) = (log_in(&server), log_in(&server));
    assert_eq!(here.run(&["backup", "copy.db"]).code, Some(0));
    assert_eq!(server.ask("POST", "/stockapi/logout", &out, "").unwrap().0, 204);
    let later = log_in(&server);
    here.run_with(&["user", "set-password", "--realm", "stockapi", "ada", "--password-stdin"], "another one\n", &[]);
    here.run(&["user", "disable", "--realm", "stockapi", "ada"]);
    server.stop("-TERM");

    let told = here.run(&["restore", "copy.db", "--dry-run"]);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""), "{}", told.out);
    let count = |part: &str| told.out.lines().filter(|it| it.contains(part)).count();
    assert_eq!((count("(logged-out)"), count("(password-changed)")), (1, 1), "{}", told.out);
    assert_eq!(count(&format!("account {id} (stockapi), which was disabled since")), 1, "{}", told.out);
    assert_eq!(count("the one from before is good again"), 1, "{}", told.out);
    assert!(told.out.ends_with("nothing was changed\n") && !told.out.contains("argon2"), "{}", told.out);
    assert_eq!(here.shown("stockapi", "ada")["enabled"], false);

    let restored = here.run(&["restore", "copy.db", "--revoke"]);
    assert_eq!((restored.code, restored.err.as_str()), (Some(0), ""), "{}", restored.out);
    assert!(restored.out.contains("revoked: 2 sessions; 1 accounts changed"), "{}", restored.out);
    let server = here.serve();
    for token in [&out, &on, &later] {
        assert_ne!(server.me(token), 200);
    }
    assert!(server.log_in("ada", "another one").is_none(), "disabled as it was");
    here.run(&["user", "enable", "--realm", "stockapi", "ada"]);
    assert!(server.log_in("ada", "correct horse 9").is_none(), "the old password stays changed");
    assert!(server.log_in("ada", "another one").is_some());
}

#[test]
fn a_deleted_account_comes_back_disabled_if_that_is_asked_for() {
    let (here, id) = deployed();
    here.add("stockapi", &["--username", "grace"]);
    assert_eq!(here.run(&["backup", "copy.db"]).code, Some(0));
    here.run(&["user", "delete", "--realm", "stockapi", "--yes", "ada"]);
    let told = here.run(&["restore", "copy.db", "--dry-run"]).out;
    assert!(told.contains(&format!("account {id} (stockapi), which was deleted since")), "{told}");
    assert_eq!(here.run(&["restore", "copy.db", "--revoke"]).code, Some(0));
    assert_eq!(here.shown("stockapi", "ada")["enabled"], false);
    assert_eq!(here.shown("stockapi", "grace")["enabled"], true);
}

#[test]
fn who_renewed_since_stays_in_though_the_secrets_have_rotated_and_what_was_retired_stays_so() {
    let here = Deployment::new(FIVE);
    here.add("gatego", &["--username", "ada"]);
    let server = here.serve();
    let body = |answer: &str| serde_json::from_str::<serde_json::Value>(answer).unwrap();
    let text = |answer: &serde_json::Value, name: &str| answer.get(name).unwrap().as_str().unwrap().to_owned();
    let renew = |server: &Running, token: &str| {
        let asked = serde_json::json!({ "refresh_token": token }).to_string();
        server.ask("POST", "/gatego/auth/refresh-token", "", &asked).unwrap()
    };
    let credentials = r#"{"username":"ada","password":"correct horse 9"}"#;
    let first = body(&server.ask("POST", "/gatego/auth/login", "", credentials).unwrap().1);
    assert_eq!(here.run(&["backup", "copy.db"]).code, Some(0));
    let old = here.run(&["keys", "list", "--realm", "gatego"]).out.split("  ").next().unwrap().to_owned();
    for line in [&["--refresh", "--now"][..], &["--now"]] {
        let done = here.run(&[&["keys", "rotate", "--realm", "gatego"], line].concat());
        assert_eq!(done.code, Some(0), "{}", done.err);
    }
    assert_eq!(here.run(&["keys", "retire", "--realm", "gatego", &old]).code, Some(0));
    // Until the server has read the new secret, it makes the step with the old one.
    let keys = |here: &Deployment| here.run(&["keys", "list", "--realm", "gatego"]).out;
    let mut newest = text(&first, "refresh_token");
    for _ in 0..3 {
        std::thread::sleep(std::time::Duration::from_millis(1100));
        let (status, answer) = renew(&server, &newest);
        assert_eq!(status, 200, "{answer}");
        newest = text(&body(&answer), "refresh_token");
    }
    server.stop("-TERM");
    let before = keys(&here);
    let restored = here.run(&["restore", "copy.db"]);
    assert_eq!((restored.code, restored.err.as_str()), (Some(0), ""), "{}", restored.out);
    assert!(restored.out.contains("it brings nothing back to life"), "{}", restored.out);
    assert!(restored.out.contains("1 sessions were renewed since; they go on"), "{}", restored.out);
    assert_eq!(keys(&here), before, "keys are those of now");
    let server = here.serve();
    assert_eq!(renew(&server, &newest).0, 200);
    let retired = text(&first, "access_token");
    assert_eq!(server.ask("GET", "/gatego/me", &retired, "").unwrap().0, 401, "signed by the retired key");
}

#[test]
fn a_backup_is_not_compared_with_a_database_that_has_nothing_in_common_with_it() {
    let (here, _) = deployed();
    let server = here.serve();
    let token = log_in(&server);
    here.run(&["backup", "copy.db"]);
    server.stop("-TERM");
    for name in ["relatch.db", "relatch.db-wal", "relatch.db-shm"] {
        let _ = std::fs::remove_file(here.path(name));
    }
    // As a supervisor does it after the disk was lost.
    here.serve().stop("-TERM");
    let told = here.run(&["restore", "copy.db", "--dry-run"]).out;
    assert!(told.contains("there is no database that it could be compared with"), "{told}");
    assert_eq!(here.run(&["restore", "copy.db"]).code, Some(0));
    assert_eq!(here.serve().me(&token), 200);
}

#[test]
fn without_revoking_what_had_ended_lives_again() {
    let (here, _) = deployed();
    let server = here.serve();
    let token = log_in(&server);
    here.run(&["backup", "copy.db"]);
    server.ask("POST", "/stockapi/logout", &token, "").unwrap();
    assert_ne!(server.me(&token), 200);
    server.stop("-TERM");
    assert_eq!(here.run(&["restore", "copy.db"]).code, Some(0));
    assert_eq!(here.serve().me(&token), 200, "which is why it is told");
}

#[test]
fn a_backup_can_be_restored_where_there_is_nothing_or_only_ruins() {
    let (here, _) = deployed();
    let server = here.serve();
    let token = log_in(&server);
    here.run(&["backup", "copy.db"]);
    server.stop("-TERM");

    std::fs::write(here.path("relatch.db"), "ruins").unwrap();
    let restored = here.run(&["restore", "copy.db"]);
    assert_eq!(restored.code, Some(0), "{}", restored.err);
    assert!(restored.out.contains("there is no database that it could be compared with"), "{}", restored.out);
    assert_eq!(std::fs::read_to_string(here.path("relatch.db.before-restore-1")).unwrap(), "ruins");

    std::fs::remove_file(here.path("relatch.db")).unwrap();
    let restored = here.run(&["restore", "copy.db", "--revoke"]);
    assert!(restored.out.contains("revoked: 1 sessions"), "{}{}", restored.out, restored.err);
    let server = here.serve();
    assert_ne!(server.me(&token), 200);
    log_in(&server);
}

#[tokio::test]
async fn what_is_no_whole_backup_of_this_program_is_refused_and_nothing_changes() {
    let (here, _) = deployed();
    here.run(&["backup", "copy.db"]);
    let whole = std::fs::read(here.path("copy.db")).unwrap();
    let mut spoilt = whole.clone();
    spoilt[5000..9000].fill(0xff);
    std::fs::write(here.path("spoilt.db"), spoilt).unwrap();
    std::fs::write(here.path("half.db"), &whole[..whole.len() / 2]).unwrap();
    std::fs::write(here.path("text.db"), "not a database, however long this text may go on").unwrap();
    std::fs::write(here.path("empty.db"), "").unwrap();
    std::fs::write(here.path("newer.db"), &whole).unwrap();
    let mut newer = SqliteConnection::connect(here.path("newer.db").to_str().unwrap()).await.unwrap();
    let sql = "INSERT INTO _sqlx_migrations SELECT 9999, description, installed_on, success, checksum, execution_time \
               FROM _sqlx_migrations LIMIT 1";
    sqlx::query(sql).execute(&mut newer).await.unwrap();
    newer.close().await.unwrap();

    for (file, told) in [
        ("spoilt.db", "cannot be used"),
        ("half.db", "cannot be used"),
        ("text.db", "cannot be used"),
        ("empty.db", "it is empty"),
        ("newer.db", "its schema 9999 is newer than this program"),
        ("nowhere.db", "nowhere.db"),
    ] {
        let refused = here.run(&["restore", file]);
        assert_eq!(refused.code, Some(1), "{file}: {}", refused.out);
        assert!(refused.err.contains(told), "{file}: {}", refused.err);
        assert_eq!(here.shown("stockapi", "ada")["username"], "ada");
        assert!(!here.path("relatch.db.before-restore-1").exists());
    }
}

#[test]
fn a_backup_overwrites_nothing_and_is_readable_by_its_owner_only() {
    let (here, _) = deployed();
    std::fs::write(here.path("precious.txt"), "precious").unwrap();
    let refused = here.run(&["backup", "precious.txt"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("precious.txt: File exists"), "{}", refused.err);
    assert_eq!(std::fs::read_to_string(here.path("precious.txt")).unwrap(), "precious");
    here.run(&["backup", "copy.db"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(here.path("copy.db")).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn the_audit_log_survives_a_restoration_and_tells_of_it() {
    let (here, id) = deployed();
    here.run(&["backup", "copy.db"]);
    here.run(&["user", "disable", "--realm", "stockapi", "ada"]);
    here.run(&["restore", "copy.db"]);
    let log = here.run(&["audit", "--json"]).out;
    for part in ["user.disable", "database.backup", "database.restore", &id] {
        assert!(log.contains(part), "no {part} in {log}");
    }
    let newest = log.lines().next().unwrap();
    assert!(newest.contains("database.restore") && newest.contains("\"done\""), "{newest}");
}
