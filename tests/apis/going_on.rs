//! What comes after a login: another step of it, and tokens that come along with other answers.

use crate::api::{Api, json};
use relatch::dialects::Values;
use relatch::session::{Event, Status};
use serde_json::json;

fn document() -> serde_json::Value {
    let granted = json!({ "status": 200, "json": { "token": "{access_token}" }, "means": "session" });
    let refused = json!({ "status": 401, "means": "bad-credentials" });
    let asked = json!({
        "status": 200, "json": { "mfa": "{challenge.id}", "sent_to": "{detail.phone}" }, "means": "challenge", "challenge": "otp"
    });
    json!({
        "relatch": 1, "name": "x", "attach": [{ "header": "X-Token", "value": "{access_token}" }],
        "login": {
            "request": { "method": "POST", "path": "/login", "json": { "u": "{identifier}" } },
            "answers": [granted, asked, refused]
        },
        "challenges": { "otp": {
            "request": { "method": "POST", "path": "/otp", "form": { "id": "{challenge.id}", "code": "{code}" } },
            "answers": [granted, refused]
        } },
        "observe": [{ "headers": { "X-New-Token": "{access_token}" } }, { "json": { "meta": { "token": "{access_token}" } } }]
    })
}

async fn api() -> Api {
    Api::open(|came| match (came.line.as_str(), came.body.as_str()) {
        ("POST /login", r#"{"u":"mfa"}"#) => json(200, json!({ "mfa": "7", "sent_to": "…01" })),
        ("POST /login", _) | ("POST /otp", "id=7&code=123456") => json(200, json!({ "token": "t1" })),
        ("POST /otp", _) => json(401, json!({})),
        ("GET /header", _) => (200, "x-new-token: t2\r\n", "hello".into()),
        ("GET /body", _) => json(200, json!({ "meta": { "token": "t3" }, "items": [1] })),
        _ => json(200, json!({})),
    })
    .await
}

#[tokio::test]
async fn a_login_goes_on_with_the_code_that_the_api_asks_for() {
    let api = api().await;
    let client = api.client(&document());
    let asked = client.login("mfa", "secret").await.expect_err("a challenge");
    assert_eq!(asked.code(), "challenge");
    let challenge = client.state().challenge.clone().expect("a challenge");
    assert_eq!((challenge.kind.as_str(), challenge.details.text("detail.phone")), ("otp", Some("…01")));

    let wrong = client.answer(Values::new().with("code", "000000")).await.err().map(|it| it.code());
    assert_eq!(wrong, Some("bad-credentials"));
    client.answer(Values::new().with("code", "123456")).await.unwrap();
    assert_eq!(client.state().status, Status::SignedIn);
    client.get("/items").await.unwrap();
    assert_eq!(api.last().header("x-token"), Some("t1"));
}

#[tokio::test]
async fn a_token_that_comes_along_is_sent_from_then_on() {
    let api = api().await;
    let client = api.client(&document());
    client.login("ada", "secret").await.unwrap();
    let mut events = client.events();
    assert_eq!(client.get("/header").await.unwrap().text().await.unwrap(), "hello");
    // Stored first, then used.
    assert_eq!(events.recv().await.unwrap(), Event::Renewed);
    let whole = client.get("/body").await.unwrap().text().await.unwrap();
    assert_eq!(whole, r#"{"meta":{"token":"t3"},"items":[1]}"#);
    assert_eq!(events.recv().await.unwrap(), Event::Renewed);
    client.get("/items").await.unwrap();
    let sent: Vec<_> = api.came().iter().map(|it| it.header("x-token").map(String::from)).collect();
    assert_eq!(sent, [None, Some("t1".into()), Some("t2".into()), Some("t3".into())]);
}
