//! `keys …`, beside a server that runs.

use crate::support::{Deployment, Ended, FIVE, Running};
use serde_json::{Value as Json, json};

const OLD: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
const NEW: &str = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

fn deployed(config: &str) -> Deployment {
    let here = Deployment::new(config);
    here.add("gatego", &["--username", "ada"]);
    here
}

fn done(ended: Ended) -> String {
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{}", ended.out);
    ended.out
}

fn log_in(server: &Running) -> Json {
    let credentials = r#"{"username":"ada","password":"correct horse 9"}"#;
    serde_json::from_str(&server.ask("POST", "/gatego/auth/login", "", credentials).unwrap().1).unwrap()
}

fn renew(server: &Running, tokens: &Json) -> (u16, Json) {
    let asked = json!({ "refresh_token": tokens.get("refresh_token") }).to_string();
    let (status, body) = server.ask("POST", "/gatego/auth/refresh-token", "", &asked).unwrap();
    (status, serde_json::from_str(&body).unwrap())
}

fn me(server: &Running, tokens: &Json) -> u16 {
    server.ask("GET", "/gatego/me", tokens.get("access_token").unwrap().as_str().unwrap(), "").unwrap().0
}

#[test]
fn a_secret_of_refresh_tokens_is_rotated_and_retired_by_command() {
    let here = deployed(FIVE);
    let server = here.serve();
    let (moving, left) = (log_in(&server), log_in(&server));
    let keys = |line: &[&str]| here.run(&[&["keys"], line, &["--realm", "gatego"]].concat());
    let listed = done(keys(&["list"]));
    let old =
        listed.lines().find(|it| it.contains("relatch-refresh-1")).unwrap().split("  ").next().unwrap().to_owned();
    let new = done(keys(&["rotate", "--refresh", "--now"])).trim().to_owned();
    assert!(done(keys(&["list"])).contains(&format!("{new}  relatch-refresh-1  signs")));
    // The server makes the step with the new one as soon as it has read it.
    let mut moved = moving;
    let count = (0..200).find(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        let (status, answer) = renew(&server, &moved);
        assert_eq!(status, 200, "{answer}");
        moved = answer;
        let refused = keys(&["retire", &old]);
        assert_eq!(refused.code, Some(1), "the session that was left alone needs it");
        refused.err.contains(": 1 sessions would end with it")
    });
    assert!(count.is_some(), "the rotation was never followed");
    assert_eq!(me(&server, &left), 200);
    assert_eq!(done(keys(&["retire", &old, "--end-sessions"])), "1 sessions have ended with it\n");
    while me(&server, &left) == 200 {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert_eq!((renew(&server, &left).0, renew(&server, &moved).0), (401, 200));
    let log = done(here.run(&["audit", "--json"]));
    for part in ["key.rotate", "key.retire", &old] {
        assert!(log.contains(part), "no {part} in {log}");
    }
    let refused = here.run(&["keys", "rotate", "--refresh", "--realm", "stockapi"]);
    assert!(refused.code == Some(1) && refused.err.contains("has no refresh tokens"), "{}", refused.err);
}

#[test]
fn the_master_key_is_changed_beside_a_server_that_runs() {
    let here = Deployment::new(&format!("master_key_file = \"master.key\"{FIVE}"));
    let master = |key: &str| std::fs::write(here.path("master.key"), format!("{key}\n")).unwrap();
    master(OLD);
    std::fs::write(here.path("new.key"), format!("{NEW}\n")).unwrap();
    here.add("gatego", &["--username", "ada"]);
    let reseal = || here.run(&["keys", "reseal", "--new-master-key-file", "new.key"]);
    let server = here.serve();
    let first = log_in(&server);

    master("AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=");
    let wrong = reseal();
    assert_eq!((wrong.code, wrong.out.as_str()), (Some(1), ""));
    for part in ["nothing was changed", "it was sealed under another master key", "the master key from before"] {
        assert!(wrong.err.contains(part), "no {part:?} in {}", wrong.err);
    }
    master(OLD);
    assert!(done(reseal()).contains(" keys are sealed under the new master key"));
    assert!(done(reseal()).contains("sealed under this master key already"), "again");

    let (status, second) = renew(&server, &first);
    assert_eq!((status, me(&server, &first), me(&server, &log_in(&server))), (200, 200, 200), "it goes on");
    assert_eq!(server.stop("-TERM").0, Some(0));
    let refused = here.run(&["serve"]);
    assert!(refused.code == Some(1) && refused.err.contains("another master key"), "{}", refused.err);
    master(NEW);
    let server = here.serve();
    assert_eq!((me(&server, &second), renew(&server, &second).0), (200, 200));
}

#[test]
fn what_lay_in_the_open_is_sealed_and_leaves_no_trace_in_the_files() {
    let here = deployed(FIVE);
    let server = here.serve();
    let first = log_in(&server);
    server.stop("-TERM");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let secrets: Vec<Vec<u8>> = runtime.block_on(async {
        let pool = sqlx::SqlitePool::connect(here.path("relatch.db").to_str().unwrap()).await.unwrap();
        let secrets = sqlx::query_scalar("SELECT secret FROM signing_keys WHERE NOT sealed").fetch_all(&pool).await;
        pool.close().await;
        secrets.unwrap()
    });
    assert!(secrets.len() > 5, "{}", secrets.len());
    done(here.run_with(&["keys", "reseal", "--new-master-key-env", "NEXT"], "", &[("NEXT", NEW)]));
    for name in ["relatch.db", "relatch.db-wal"] {
        let bytes = std::fs::read(here.path(name)).unwrap_or_default();
        for secret in &secrets {
            assert!(!bytes.windows(secret.len()).any(|it| it == secret), "{name} still has one");
        }
    }
    let refused = here.run(&["serve"]);
    assert!(refused.code == Some(1) && refused.err.contains("no master key is configured"), "{}", refused.err);
    std::fs::write(here.path("relatch.toml"), format!("master_key_env = \"MASTER\"{FIVE}")).unwrap();
    let server = here.serve_with(&[("MASTER", NEW)]);
    assert_eq!((me(&server, &first), renew(&server, &first).0), (200, 200));
}

#[test]
fn a_new_master_key_that_is_none_is_told_without_being_shown() {
    let here = deployed(FIVE);
    let reseal =
        |line: &[&str], variables: &[(&str, &str)]| here.run_with(&[&["keys", "reseal"], line].concat(), "", variables);
    for (line, told) in [
        (&["--new-master-key-env", "NEXT"][..], "NEXT: expected 32 random bytes in base64"),
        (&["--new-master-key-env", "OTHER"], "the environment variable OTHER is not set"),
        (&["--new-master-key-file", "nowhere.key"], "nowhere.key cannot be read"),
        (&[], "--new-master-key-file"),
    ] {
        let refused = reseal(line, &[("NEXT", "tooshort")]);
        assert_eq!(refused.code, Some(2), "{}", refused.err);
        assert!(refused.err.contains(told) && !refused.err.contains("tooshort"), "{}", refused.err);
    }
}
