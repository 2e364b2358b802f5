//! Answers that are not JSON, and that say by their text what they mean.

use crate::api::{Api, Said, json};
use relatch::Client;
use serde_json::json;

fn document(answers: serde_json::Value, refusals: serde_json::Value) -> serde_json::Value {
    json!({
        "relatch": 1, "name": "x", "attach": [{ "header": "X-Token", "value": "{access_token}" }],
        "login": { "request": { "method": "POST", "path": "/login", "json": { "u": "{identifier}" } }, "answers": answers },
        "renew": "login", "refusals": refusals
    })
}

/// Logs in where this is said, and tells what a call then sends as token.
async fn token(answers: serde_json::Value, said: Said) -> Option<String> {
    let api = Api::open(move |came| if came.line == "POST /login" { said.clone() } else { json(200, json!({})) }).await;
    let client = api.client(&document(answers, json!([{ "status": 401, "means": "token-expired" }])));
    client.login("ada", "secret").await.ok()?;
    client.get("/items").await.unwrap();
    api.last().header("x-token").map(String::from)
}

fn refused() -> serde_json::Value {
    json!({ "status": 401, "means": "bad-credentials" })
}

#[tokio::test]
async fn a_token_that_is_the_whole_body() {
    let answers = json!([{ "status": 200, "text": "{access_token}", "means": "session" }, refused()]);
    let said = (200, "content-type: text/plain\r\n", "t-1\n".into());
    assert_eq!(token(answers, said).await.as_deref(), Some("t-1"));
}

#[tokio::test]
async fn a_token_in_a_header() {
    let headers = json!({ "X-Subject-Token": "Bearer {access_token}" });
    let answers = json!([{ "headers": headers, "means": "session" }, refused()]);
    let said = (201, "x-subject-token: bearer t-1\r\n", "<html>".into());
    assert_eq!(token(answers, said).await.as_deref(), Some("t-1"));
}

#[tokio::test]
async fn a_token_in_xml() {
    let xml = json!({ "ticket": { "@id": "{access_token}" } });
    let answers = json!([{ "status": 200, "xml": xml, "means": "session" }, refused()]);
    let said = (200, "content-type: text/xml\r\n", "<?xml version=\"1.0\"?>\n<x:ticket xmlns:x='u' id='t-1'/>".into());
    assert_eq!(token(answers, said).await.as_deref(), Some("t-1"));
}

#[tokio::test]
async fn a_token_in_a_text_inside_of_a_text() {
    let json = json!({ "data": { "$base64": { "$json": { "token": "{access_token}" } } } });
    let answers = json!([{ "status": 200, "json": json, "means": "session" }, refused()]);
    // {"token":"t-1"}
    let said = crate::api::json(200, json!({ "data": "eyJ0b2tlbiI6InQtMSJ9" }));
    assert_eq!(token(answers, said).await.as_deref(), Some("t-1"));
}

#[tokio::test]
async fn hostile_answers_are_unexpected_ones() {
    let xml = json!({ "a": { "b": "{access_token}" } });
    let answers = json!([
        { "status": 200, "xml": xml, "means": "session" },
        { "status": 200, "json": { "token": "{access_token}" }, "means": "session" },
        refused()
    ]);
    let entities = "<!DOCTYPE a [<!ENTITY e 'x'>]><a><b>&e;</b></a>".to_string();
    let spaces: String = (0..3_000).map(|it| format!("<a xmlns:n{it}='u'>")).collect();
    for body in [entities, spaces, "[".repeat(200_000), "{\"token\":\"a\\r\\nb\"}".into(), "x".repeat(2_000_000)] {
        assert_eq!(token(answers.clone(), (200, "", body)).await, None);
    }
}

/// A client that is signed in at an API which refuses calls with this.
async fn refusing(said: Said, refusals: serde_json::Value) -> (Client, Api) {
    let answers = json!([{ "status": 200, "json": { "token": "{access_token}" }, "means": "session" }, refused()]);
    let api = Api::open(move |came| match came.line.as_str() {
        "POST /login" => json(200, json!({ "token": "t-1" })),
        _ => said.clone(),
    })
    .await;
    let client = api.builder(&document(answers, refusals)).keep_credentials().build().unwrap();
    client.login("ada", "secret").await.unwrap();
    (client, api)
}

#[tokio::test]
async fn a_refusal_told_by_its_text_renews_and_is_sent_once_more() {
    let refusals = json!([{ "status": 403, "text": "{_?}expired{_?}", "means": "token-expired" }]);
    let (client, api) = refusing((403, "", "<h1>Your session has expired.</h1>".into()), refusals.clone()).await;
    let response = client.get("/items").await.unwrap();
    assert_eq!(response.text().await.unwrap(), "<h1>Your session has expired.</h1>");
    let lines: Vec<_> = api.came().into_iter().map(|it| it.line).collect();
    assert_eq!(lines, ["POST /login", "GET /items", "POST /login", "GET /items"]);

    let (client, api) = refusing((403, "", "forbidden".into()), refusals).await;
    assert_eq!(client.get("/items").await.unwrap().status(), 403);
    assert_eq!(api.came().len(), 2);
}

#[tokio::test]
async fn an_answer_that_was_looked_into_is_handed_over_whole() {
    let refusals = json!([{ "status": 401, "json": { "code": "expired" }, "means": "token-expired" }]);
    let long = "long ".repeat(60_000);
    let (client, _) = refusing((401, "x-more: yes\r\n", long.clone()), refusals).await;
    let response = client.get("/items").await.unwrap();
    assert_eq!(response.headers()["x-more"], "yes");
    assert_eq!(response.text().await.unwrap(), long);
}
