//! The demo on a real port: its controls, its files, and what comes over the wire.

use crate::support::{PASSWORD, Reply, TABLE, call, exchange, speech};
use relatch_server::demo::{Demo, DemoOptions, serve};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

/// A demo on a free port.
struct Running {
    address: SocketAddr,
    demo: Demo,
}

fn options() -> DemoOptions {
    DemoOptions { listen: SocketAddr::from(([127, 0, 0, 1], 0)), cheap_hashes: true, ..DemoOptions::default() }
}

impl Running {
    async fn new() -> Running {
        Running::with(options()).await
    }

    async fn with(options: DemoOptions) -> Running {
        let (address, demo) = serve(options).await.expect("a demo");
        Running { address, demo }
    }

    async fn ask(&self, method: &str, path: &str, token: &str, json: Value) -> Reply {
        call(self.address, method, path, token, json).await.expect("an answer")
    }

    async fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, "", Value::Null).await
    }

    /// Uses a control, which answers with 204.
    async fn control(&self, path: &str, json: Value) {
        let got = self.ask("POST", &format!("/demo/{path}"), "", json).await;
        assert_eq!((got.status, got.body.as_str()), (204, ""), "{path}: {got:?}");
    }

    async fn login(&self, realm: &str, username: &str) -> Reply {
        let speech = speech(realm);
        self.ask("POST", &speech.login_path(), "", speech.credentials(username, PASSWORD)).await
    }

    async fn token(&self, realm: &str, username: &str) -> String {
        self.login(realm, username).await.json()[speech(realm).token].as_str().expect("a token").into()
    }

    async fn profile(&self, realm: &str, token: &str) -> u16 {
        self.ask("GET", &speech(realm).profile_path(), token, Value::Null).await.status
    }
}

#[tokio::test]
async fn the_configuration_says_what_a_page_needs() {
    let running = Running::new().await;
    let got = running.get("/demo/config").await.json();
    assert_eq!(got["password"], PASSWORD);
    let realms = got["realms"].as_array().expect("realms");
    assert_eq!(realms.len(), 5);
    for (realm, speech) in realms.iter().zip(&TABLE) {
        assert_eq!(realm["name"], speech.realm);
        assert_eq!(realm["mount"], format!("/{}", speech.realm));
        assert_eq!(realm["lifetime_secs"], speech.lifetime_secs);
        assert_eq!(realm["profile"], speech.profile);
        let ada = &realm["accounts"][0];
        assert_eq!(ada["identifier"], if speech.by_email { "ada@example.com" } else { "ada" });
    }
    let gatego = &realms[3];
    assert_eq!((&gatego["renewal"], &gatego["guarded"]), (&json!("endpoint"), &json!("/admin")));
    assert_eq!(gatego["refresh_lifetime_secs"], 2_592_000);
}

#[tokio::test]
async fn every_realm_logs_in_and_answers_with_the_chosen_lifetime() {
    let running = Running::with(DemoOptions { lifetime_secs: Some(20), ..options() }).await;
    for speech in &TABLE {
        let token = running.token(speech.realm, "ada").await;
        assert_eq!(running.profile(speech.realm, &token).await, 200, "{}", speech.realm);
        assert_eq!(running.profile(speech.realm, "bad").await, speech.expired.0, "{}", speech.realm);
    }
    assert_eq!(running.get("/demo/config").await.json()["realms"][0]["lifetime_secs"], 20);
}

#[tokio::test]
async fn expiring_refuses_the_access_tokens_of_until_now_and_leaves_the_refresh_token() {
    let running = Running::new().await;
    let login = running.login("gatego", "ada").await.json();
    let (ada, grace) = (login["access_token"].as_str().expect("a token"), running.token("gatego", "grace").await);
    running.control("gatego/expire", json!({ "username": "ada" })).await;
    assert_eq!((running.profile("gatego", ada).await, running.profile("gatego", &grace).await), (401, 200));
    let body = json!({ "refresh_token": login["refresh_token"] });
    let renewed = running.ask("POST", "/gatego/auth/refresh-token", "", body).await.json();
    assert_eq!(running.profile("gatego", renewed["access_token"].as_str().expect("a token")).await, 200);
    running.control("gatego/expire", Value::Null).await;
    assert_eq!(running.profile("gatego", &grace).await, 401);
}

#[tokio::test]
async fn a_token_that_is_issued_right_after_expiring_is_good_in_every_dialect() {
    let running = Running::new().await;
    for speech in &TABLE {
        for _ in 0..5 {
            let old = running.token(speech.realm, "ada").await;
            running.control(&format!("{}/expire", speech.realm), json!({})).await;
            let new = running.token(speech.realm, "ada").await;
            assert_eq!(running.profile(speech.realm, &old).await, speech.expired.0, "{}", speech.realm);
            assert_eq!(running.profile(speech.realm, &new).await, 200, "{}", speech.realm);
        }
    }
}

#[tokio::test]
async fn who_fails_ten_times_is_locked_out_until_the_demo_is_reset() {
    let running = Running::new().await;
    let login = |password: &str| {
        let body = speech("gatego").credentials("ada", password);
        let path = speech("gatego").login_path();
        let (running, password) = (&running, body);
        async move { running.ask("POST", &path, "", password).await.status }
    };
    for _ in 0..10 {
        assert_eq!(login("an entirely wrong one").await, 401);
    }
    assert_eq!(login(PASSWORD).await, 401);
    assert_eq!(running.ask("POST", "/demo/reset", "", Value::Null).await.status, 204);
    assert_eq!(login(PASSWORD).await, 200);
}

#[tokio::test]
async fn an_account_is_disabled_and_enabled() {
    let running = Running::new().await;
    let token = running.token("gatego", "ada").await;
    running.control("gatego/account", json!({ "username": "ada", "enabled": false })).await;
    let got = running.ask("GET", "/gatego/me", &token, Value::Null).await;
    assert_eq!(got.json()["error_code"], "inactive-account");
    running.control("gatego/account", json!({ "username": "ada", "enabled": true })).await;
    assert_eq!(running.login("gatego", "ada").await.status, 200);
}

#[tokio::test]
async fn ending_sessions_signs_out_everywhere() {
    let running = Running::new().await;
    let login = running.login("gatego", "ada").await.json();
    running.control("gatego/end-sessions", json!({ "username": "ada" })).await;
    assert_eq!(running.profile("gatego", login["access_token"].as_str().expect("a token")).await, 401);
    let body = json!({ "refresh_token": login["refresh_token"] });
    let got = running.ask("POST", "/gatego/auth/refresh-token", "", body).await;
    assert_eq!((got.status, &got.json()["error_code"]), (401, &json!("token-expired")));
}

#[tokio::test]
async fn a_stopped_realm_never_answers_and_the_others_do() {
    let running = Running::new().await;
    running.control("gatego/answers", json!({ "mode": "stop" })).await;
    let waiting = tokio::time::timeout(Duration::from_millis(300), running.get("/gatego/me")).await;
    assert!(waiting.is_err());
    assert_eq!(running.get("/integra/me").await.status, 401);
    running.control("gatego/answers", json!({ "mode": "normal" })).await;
    assert_eq!(running.get("/gatego/me").await.status, 401);
}

#[tokio::test]
async fn a_dropping_realm_acts_and_closes_the_connection_without_an_answer() {
    let running = Running::new().await;
    let login = running.login("gatego", "ada").await.json();
    let body = json!({ "refresh_token": login["refresh_token"] });
    running.control("gatego/answers", json!({ "mode": "drop" })).await;
    let got = call(running.address, "POST", "/gatego/auth/refresh-token", "", body.clone()).await;
    assert!(got.is_none(), "{got:?}");
    running.control("gatego/answers", json!({ "mode": "normal" })).await;
    let again = running.ask("POST", "/gatego/auth/refresh-token", "", body).await;
    assert_eq!(again.status, 200, "a lost answer is given again");
    running.control("gatego/answers", json!({ "mode": "drop" })).await;
    let token = login["access_token"].as_str().expect("a token");
    let got = call(running.address, "POST", "/gatego/logout", token, json!(null)).await;
    assert!(got.is_none(), "{got:?}");
    running.control("gatego/answers", json!({ "mode": "normal" })).await;
    assert_eq!(call(running.address, "GET", "/gatego/me", token, json!(null)).await.expect("an answer").status, 401);
}

#[tokio::test]
async fn failing_realms_say_when_to_come_back_and_let_browsers_read_it() {
    let running = Running::new().await;
    for (mode, status) in [("error", 503), ("rate-limit", 429)] {
        for speech in &TABLE {
            running.control(&format!("{}/answers", speech.realm), json!({ "mode": mode })).await;
            let got = running.get(&speech.profile_path()).await;
            assert_eq!((got.status, got.header("retry-after")), (status, Some("2")), "{}: {got:?}", speech.realm);
            assert_eq!(got.header("access-control-allow-origin"), Some("*"));
            let exposed = "retry-after,idempotency-key,ratelimit,ratelimit-policy";
            assert_eq!(got.header("access-control-expose-headers"), Some(exposed));
            let json = got.json();
            let names: Vec<&str> = json.as_object().expect("an object").keys().map(String::as_str).collect();
            assert_eq!(names, speech.error_members);
            assert!(json.get("status").is_none_or(|it| it == status), "{json}");
        }
    }
    assert_eq!(running.get("/gatego/me").await.json()["error_code"], "rate-limited");
}

#[tokio::test]
async fn requests_are_counted_and_listed_without_anything_secret() {
    let running = Running::new().await;
    let token = running.token("gatego", "ada").await;
    running.profile("gatego", &token).await;
    running.ask("GET", "/gatego/me?token=secret", "bad", Value::Null).await;
    let got = running.get("/demo/gatego/requests").await;
    for secret in [&token, PASSWORD, "secret"] {
        assert!(!got.body.contains(secret), "{}", got.body);
    }
    let json = got.json();
    assert_eq!(json["total"], 3);
    assert_eq!(json["counts"], json!({ "GET /me": 2, "POST /auth/login": 1 }));
    let statuses: Vec<_> = json["requests"].as_array().expect("a list").iter().map(|it| it["status"].clone()).collect();
    assert_eq!(statuses, [json!(200), json!(200), json!(401)]);
    assert_eq!(running.ask("DELETE", "/demo/gatego/requests", "", Value::Null).await.status, 204);
    assert_eq!(running.get("/demo/gatego/requests").await.json(), json!({ "total": 0, "counts": {}, "requests": [] }));
}

#[tokio::test]
async fn letters_can_be_read_and_validate() {
    let running = Running::new().await;
    let login = running.login("gatego", "nova").await.json();
    let body = json!({ "resend_code": login["extra_attributes"]["resend_code"] });
    assert_eq!(running.ask("POST", "/gatego/api/public/account/validate/resend", "", body).await.status, 204);
    let letters = running.get("/demo/gatego/outbox").await.json();
    assert_eq!((&letters[0]["email"], &letters[0]["kind"]), (&json!("nova@example.com"), &json!("validation")));
    let body = json!({ "code": letters[0]["code"], "password": PASSWORD });
    assert_eq!(running.ask("POST", "/gatego/api/public/account/validate", "", body).await.status, 200);
    assert_eq!(running.login("gatego", "nova").await.status, 200);
}

#[tokio::test]
async fn a_reset_puts_everything_back() {
    let running = Running::new().await;
    let token = running.token("gatego", "ada").await;
    running.control("gatego/account", json!({ "username": "dora", "enabled": true })).await;
    running.control("stockapi/answers", json!({ "mode": "error" })).await;
    running.control("reset", Value::Null).await;
    assert_eq!(running.profile("gatego", &token).await, 401);
    assert_eq!(running.login("gatego", "dora").await.json()["error_code"], "inactive-account");
    assert_eq!(running.login("stockapi", "ada").await.status, 200);
    assert_eq!(running.get("/demo/gatego/requests").await.json()["total"], 2);
}

#[tokio::test]
async fn what_is_kept_in_a_given_directory_survives() {
    let directory = tempfile::tempdir().expect("a directory");
    let kept = || DemoOptions { data: Some(directory.path().into()), ..options() };
    let running = Running::with(kept()).await;
    let token = running.token("investgo", "ada").await;
    running.demo.stop().await;
    let running = Running::with(kept()).await;
    assert_eq!(running.profile("investgo", &token).await, 200);
}

#[tokio::test]
async fn a_control_that_is_used_wrongly_says_so() {
    let running = Running::new().await;
    assert_eq!(running.ask("POST", "/demo/nowhere/expire", "", json!({})).await.status, 404);
    let body = json!({ "username": "nobody", "enabled": true });
    assert_eq!(running.ask("POST", "/demo/gatego/account", "", body).await.status, 404);
    let body = json!({ "mode": "explode" });
    assert_eq!(running.ask("POST", "/demo/gatego/answers", "", body).await.status, 422);
}

async fn file(directory: &Path, name: &str, text: &str) {
    tokio::fs::write(directory.join(name), text).await.expect("to be written");
}

#[tokio::test]
async fn the_page_and_the_package_are_served_with_their_types() {
    let (www, npm) = (tempfile::tempdir().expect("a directory"), tempfile::tempdir().expect("a directory"));
    file(www.path(), "index.html", "<title>Relatch</title>").await;
    file(www.path(), "page.css", "body {}").await;
    file(npm.path(), "index.js", "export {};").await;
    file(npm.path(), "relatch.wasm", "\0asm").await;
    let running =
        Running::with(DemoOptions { www: Some(www.path().into()), npm: Some(npm.path().into()), ..options() }).await;
    let files = [
        ("/", "text/html"),
        ("/index.html", "text/html"),
        ("/page.css", "text/css"),
        ("/npm/index.js", "text/javascript"),
        ("/npm/relatch.wasm", "application/wasm"),
    ];
    for (path, media_type) in files {
        let got = running.get(path).await;
        assert_eq!((got.status, got.header("content-type")), (200, Some(media_type)), "{path}");
    }
    for path in ["/nowhere.html", "/npm/nowhere.js", "/../Cargo.toml", "/npm/..%2f..%2fetc/passwd"] {
        assert_eq!(running.get(path).await.status, 404, "{path}");
    }
    assert_eq!(running.get("/gatego/nowhere").await.json()["error_code"], "not-found");
}

#[tokio::test]
async fn a_body_of_a_megabyte_and_of_ten_is_answered_and_not_reset() {
    let running = Running::new().await;
    let path = "/gatego/auth/login";
    for megabytes in [1, 10] {
        let body = json!({ "username": "ada", "password": "x".repeat(megabytes * 1024 * 1024) });
        let got = running.ask("POST", path, "", body).await;
        assert_eq!((got.status, &got.json()["error_code"]), (413, &json!("invalid-request")));
    }
    let chunk = format!("{:x}\r\n{}\r\n", 64 * 1024, "x".repeat(64 * 1024));
    let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n");
    let got = exchange(running.address, format!("{head}{}0\r\n\r\n", chunk.repeat(160)).as_bytes()).await;
    assert_eq!(got.map(|it| it.status), Some(413));
    for path in ["/gatego/nowhere", "/nowhere", "/gatego/me"] {
        let got = running.ask("POST", path, "", json!("x".repeat(10 * 1024 * 1024))).await;
        assert!((400..500).contains(&got.status), "{path}: {got:?}");
    }
}

#[tokio::test]
async fn who_asks_before_sending_too_much_is_refused_without_sending() {
    let running = Running::new().await;
    let head = "POST /gatego/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nexpect: 100-continue\r\ncontent-length: 1000000\r\nconnection: close\r\n\r\n";
    let got = exchange(running.address, head.as_bytes()).await;
    assert_eq!(got.map(|it| it.status), Some(413));
}

#[tokio::test]
async fn bytes_that_are_no_http_are_a_400() {
    let running = Running::new().await;
    let got = exchange(running.address, b"\x16\x03\x01 hello\r\n\r\n").await;
    assert_eq!(got.map(|it| it.status), Some(400));
}
