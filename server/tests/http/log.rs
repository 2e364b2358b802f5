//! What the server writes into its log while it answers.

use crate::support::{PASSWORD, World, log_text};
use serde_json::{Value, json};

async fn gatego(world: &World, path: &str, body: Value) -> Value {
    world.post(&format!("/gatego{path}")).json(body).send().await.json()
}

#[tokio::test]
async fn the_trace_id_of_an_answer_finds_its_request() {
    let world = World::new().await;
    let trace_id = world.login("gatego", "ada", "wrong").await.text("trace_id");
    assert!(trace_id.len() == 16 && trace_id.bytes().all(|it| b"0123456789abcdef".contains(&it)), "{trace_id}");
    let log = log_text();
    let line = log.lines().find(|it| it.contains(&trace_id) && it.contains("answered")).expect("a line");
    for part in ["POST", "/auth/login", "gatego", "status=401"] {
        assert!(line.contains(part), "no {part} in {line}");
    }
}

#[tokio::test]
async fn a_failure_is_logged_with_its_cause_and_answered_without() {
    let world = World::new().await;
    world.store.close().await;
    let got = world.login("gatego", "ada", PASSWORD).await;
    let (log, trace_id) = (log_text(), got.text("trace_id"));
    let line = log.lines().find(|it| it.contains(&trace_id) && it.contains("ERROR")).expect("a line");
    assert!(line.contains("the store failed: ") && !got.body.contains("store"), "{line}");
}

#[tokio::test]
async fn no_secret_is_in_it_however_much_is_logged() {
    let world = World::new().await;
    world.login("gatego", "ada", "a wrong secret").await;
    let login = gatego(&world, "/auth/login", json!({ "username": "ada", "password": PASSWORD })).await;
    let renewed = gatego(&world, "/auth/refresh-token", json!({ "refresh_token": login["refresh_token"] })).await;
    let nova = gatego(&world, "/auth/login", json!({ "username": "nova", "password": PASSWORD })).await;
    let resend_code = nova["extra_attributes"]["resend_code"].as_str().expect("a code");
    let body = json!({ "resend_code": resend_code });
    world.post("/gatego/api/public/account/validate/resend").json(body).send().await;
    let letters = world.outbox.letters("gatego");
    let access_token = renewed["access_token"].as_str().expect("a token");
    world.get("/gatego/me?access_token=in-the-query").bearer(access_token).send().await;
    let mut secrets = vec!["a wrong secret", PASSWORD, resend_code, &letters[0].code, "in-the-query"];
    for body in [&login, &renewed] {
        secrets.extend(["access_token", "refresh_token"].map(|name| body[name].as_str().expect("a token")));
    }
    let log = log_text();
    assert!(log.contains("answered") && log.contains("TRACE"));
    for secret in secrets {
        assert!(!log.contains(secret), "a secret is in the log");
    }
}
