//! The token where each API wants it.

use crate::api::{Api, Came, json};
use relatch::Client;
use reqwest::{Body, Method};
use serde_json::json;

fn document(attach: serde_json::Value, always: serde_json::Value) -> serde_json::Value {
    json!({
        "relatch": 1, "name": "x", "attach": attach, "always": always,
        "login": { "request": { "method": "POST", "path": "/login", "json": { "u": "{identifier}" } }, "answers": [
            { "status": 200, "json": { "token": "{access_token}" }, "means": "session" },
            { "status": 401, "means": "bad-credentials" }
        ] }
    })
}

async fn api() -> Api {
    Api::open(|_| json(200, json!({ "token": "t/1" }))).await
}

async fn post(client: &Client, path: &str, media_type: &'static str, body: &'static str) {
    let mut request = client.request(Method::POST, path).unwrap();
    request.headers_mut().insert("content-type", media_type.parse().unwrap());
    *request.body_mut() = Some(Body::from(body));
    client.send(request).await.unwrap();
}

async fn signed_in(api: &Api, attach: serde_json::Value) -> Client {
    let client = api.client(&document(attach, json!([])));
    client.login("ada", "secret").await.unwrap();
    client
}

#[tokio::test]
async fn in_the_query_of_calls_and_not_of_the_login() {
    let api = api().await;
    let client = signed_in(&api, json!([{ "query": "auth", "value": "{access_token}" }])).await;
    assert_eq!(api.last().line, "POST /login");
    client.get("/items?page=2&auth=old").await.unwrap();
    assert_eq!(api.last().line, "GET /items?page=2&auth=t%2F1");
}

#[tokio::test]
async fn in_the_body_of_calls_that_can_have_it() {
    let api = api().await;
    let client = signed_in(&api, json!([{ "body": "token", "value": "{access_token}" }])).await;
    post(&client, "/items", "application/json", r#"{"a":1}"#).await;
    assert_eq!(api.last().body, r#"{"a":1,"token":"t/1"}"#);
    post(&client, "/items", "application/x-www-form-urlencoded", "a=1").await;
    assert_eq!(api.last().body, "a=1&token=t%2F1");
    post(&client, "/items", "text/plain", "a").await;
    assert_eq!(api.last().body, "a");
    client.get("/items").await.unwrap();
    assert_eq!(api.last().body, "");
}

#[tokio::test]
async fn as_several_headers_of_which_the_call_may_have_its_own() {
    let api = api().await;
    let attach = json!([{ "header": "X-Auth", "value": "{access_token}" }, { "header": "X-Kind", "value": "web" }]);
    let client = signed_in(&api, attach).await;
    let mut request = client.request(Method::GET, "/items").unwrap();
    request.headers_mut().insert("x-kind", "own".parse().unwrap());
    client.send(request).await.unwrap();
    let came = api.last();
    assert_eq!((came.header("x-auth"), came.header("x-kind")), (Some("t/1"), Some("own")));
}

#[tokio::test]
async fn what_goes_with_every_request_goes_with_the_login_too() {
    let api = api().await;
    let attach = json!([{ "header": "Authorization", "value": "{access_token}" }]);
    let always =
        json!([{ "header": "X-Api-Key", "value": "k" }, { "header": "X-Tenant", "value": "{context.tenant?}" }]);
    let client = api.client(&document(attach, always));
    client.login("ada", "secret").await.unwrap();
    client.set_context("tenant", Some("7"));
    client.get("/items").await.unwrap();
    let headers = |came: &Came| ["x-api-key", "x-tenant"].map(|it| came.header(it).map(String::from));
    let came = api.came();
    assert_eq!(headers(&came[0]), [Some("k".into()), None]);
    assert_eq!(headers(&came[1]), [Some("k".into()), Some("7".into())]);
    assert_eq!(came[1].header("authorization"), Some("t/1"));
}

#[tokio::test]
async fn as_a_signature_of_the_whole_call() {
    let api = api().await;
    let attach = json!([
        { "query": "key", "value": "{access_token}" },
        { "header": "X-Signature", "value": { "$plugin": "sign", "key": "{access_token}" } }
    ]);
    let client = api.builder(&document(attach, json!([])));
    let client = client.plugin("sign", |input, request| {
        let request = request.ok_or("no request")?;
        let body = String::from_utf8_lossy(request.body);
        let path = request.url.split("/api").nth(1).unwrap_or_default();
        Ok([request.method, path, &body, input.text("key").unwrap_or_default()].join("|").into())
    });
    let client = client.build().unwrap();
    client.login("ada", "secret").await.unwrap();
    post(&client, "/items", "text/plain", "hello").await;
    assert_eq!(api.last().header("x-signature"), Some("POST|/items?key=t%2F1|hello|t/1"));
}
