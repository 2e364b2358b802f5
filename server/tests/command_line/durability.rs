//! What was answered is on the disk: it outlives a restart, and a `kill -9`.

use crate::support::{Deployment, FIVE};
use std::sync::Mutex;
use std::time::Duration;

#[test]
fn accounts_keys_and_sessions_outlive_a_restart() {
    let here = Deployment::new(FIVE);
    let id = here.add("stockapi", &["--username", "ada"]);
    let server = here.serve();
    let (kept, left) =
        (server.log_in("ada", "correct horse 9").unwrap(), server.log_in("ada", "correct horse 9").unwrap());
    assert_eq!(server.ask("POST", "/stockapi/logout", &left, "").unwrap().0, 204);
    server.stop("-TERM");
    let server = here.serve();
    assert_eq!(server.me(&kept), 200);
    assert_ne!(server.me(&left), 200, "logged out stays logged out");
    assert_eq!(here.shown("stockapi", "ada")["id"], id.as_str());
}

#[test]
fn every_login_that_was_answered_before_a_kill_is_good_after_it() {
    let here = Deployment::new(FIVE);
    here.add("stockapi", &["--username", "ada"]);
    let server = here.serve();
    let (answered, stop) = (Mutex::new(Vec::new()), std::sync::atomic::AtomicBool::new(false));
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !stop.load(std::sync::atomic::Ordering::SeqCst) {
                    // None once the server is gone, or while it goes.
                    let Some(token) = server.log_in("ada", "correct horse 9") else { return };
                    answered.lock().unwrap().push(token);
                }
            });
        }
        while answered.lock().unwrap().len() < 30 {
            std::thread::sleep(Duration::from_millis(5));
        }
        server.kill();
        stop.store(true, std::sync::atomic::Ordering::SeqCst);
    });
    let server = here.serve();
    let answered = answered.into_inner().unwrap();
    assert!(answered.len() >= 30);
    for token in &answered {
        assert_eq!(server.me(token), 200);
    }
}

#[test]
fn an_account_whose_id_was_printed_is_there_after_a_kill() {
    let here = Deployment::new(FIVE);
    let server = here.serve();
    let id = here.add("stockapi", &["--username", "ada"]);
    server.kill();
    assert_eq!(here.shown("stockapi", "ada")["id"], id.as_str());
}

#[cfg(target_os = "linux")]
#[test]
fn a_server_whose_disk_is_full_says_so_and_goes_on_when_there_is_room() {
    let here = Deployment::new(FIVE);
    here.add("stockapi", &["--username", "ada"]);
    here.add("gatego", &["--username", "ada"]);
    let server = here.serve_on_a_disk_of(512);
    let credentials = r#"{"username":"ada","password":"correct horse 9"}"#;
    let log_in = || server.ask("POST", "/stockapi/login", "", credentials).unwrap();
    let kept = server.log_in("ada", "correct horse 9").unwrap();
    let refresh_token = |answer: &str| {
        let answer: serde_json::Value = serde_json::from_str(answer).unwrap();
        serde_json::json!({ "refresh_token": answer.get("refresh_token").unwrap() }).to_string()
    };
    let renew = |token: &str| server.ask("POST", "/gatego/auth/refresh-token", "", token).unwrap();
    let mut newest = refresh_token(&server.ask("POST", "/gatego/auth/login", "", credentials).unwrap().1);
    let mut answered = Vec::new();
    let refused = loop {
        match log_in() {
            (200, _) => answered.push(server.log_in("ada", "correct horse 9")),
            refused => break refused,
        }
        assert!(answered.len() < 2000, "the limit does not hold");
    };
    assert_eq!(refused.0, 503, "{}", refused.1);
    assert!(refused.1.starts_with(r#"{"message":"#), "{}", refused.1);
    assert_eq!(log_in().0, 503, "and again");
    // A renewal needs less room than a login.
    let mut renewals = 0;
    let refused = loop {
        match renew(&newest) {
            (200, answer) => newest = refresh_token(&answer),
            refused => break refused,
        }
        renewals += 1;
        assert!(renewals < 2000, "the limit does not hold");
    };
    assert_eq!(refused.0, 503, "{}", refused.1);
    assert!(refused.1.contains("trace_id"), "in the dialect's words: {}", refused.1);
    assert_eq!(server.me(&kept), 200, "who is in stays in");
    server.make_room();
    assert_eq!(renew(&newest).0, 200, "the step that could not be made then");
    let after = server.log_in("ada", "correct horse 9").unwrap();
    assert_eq!(server.ask("POST", "/stockapi/logout", &kept, "").unwrap().0, 204);
    let (_, log) = server.stop("-TERM");
    assert!(log.contains("ERROR") && !log.contains("panicked"), "{log}");
    let server = here.serve();
    for token in answered.into_iter().flatten().chain([after]) {
        assert_eq!(server.me(&token), 200, "what was answered holds");
    }
    assert_ne!(server.me(&kept), 200);
}
