//! Realms whose dialects speak otherwise than in JSON bodies.

use crate::support::{PASSWORD, World};
use relatch_dialects::DOCUMENTS;
use serde_json::{Value, json};

/// StockAPI with another login request and another way to say a success.
fn document(request: &Value, success: &Value) -> Value {
    let (_, text) = DOCUMENTS.iter().find(|(name, _)| *name == "stockapi").expect("a document");
    let mut document: Value = serde_json::from_str(text).expect("JSON");
    document["name"] = json!("other");
    document["login"]["request"] = request.clone();
    document["login"]["answers"][0] = success.clone();
    document
}

fn in_json() -> Value {
    json!({ "status": 200, "json": { "token": "{access_token}", "ends": "{expires}" }, "means": "session" })
}

#[tokio::test]
async fn a_form_logs_in_and_nothing_but_a_form_does() {
    let form = json!({ "grant_type": "password", "username": "{identifier}", "password": "{password}" });
    let document = document(&json!({ "method": "POST", "path": "/token", "form": form }), &in_json());
    let (world, form) = (World::new().await, "application/x-www-form-urlencoded");
    let other = world.speaking(&document).await;
    let login = |media_type, body: String| other.post("/other/token").body(media_type, body).send();
    let good = format!("grant_type=password&username=ada&password={}", PASSWORD.replace(' ', "+"));
    assert_eq!(login(form, good.clone()).await.status, 200);
    assert_eq!(login("", good.clone()).await.status, 200);
    assert_eq!(login(form, good.replace("ada", "nobody")).await.status, 401);
    assert_eq!(login(form, good.replace("=password&", "=refresh&")).await.status, 400);
    assert_eq!(login(form, format!("{good}&username=ada")).await.status, 400);
    assert_eq!(login("application/json", json!({ "username": "ada" }).to_string()).await.status, 415);
    assert_eq!(login("application/x-www-form-urlencoded; charset=latin1", good).await.status, 415);
}

#[tokio::test]
async fn basic_credentials_and_a_query_log_in() {
    let basic = json!({ "$concat": ["Basic ", { "$base64": "{identifier}:{password}" }] });
    let headers = json!({ "method": "POST", "path": "/login", "headers": { "Authorization": basic } });
    let world = World::new().await;
    let other = world.speaking(&document(&headers, &in_json())).await;
    // ada:correct horse 9
    let credentials = "Basic YWRhOmNvcnJlY3QgaG9yc2UgOQ==";
    let login = |credentials| other.post("/other/login").header("authorization", credentials).send();
    assert_eq!(login(credentials).await.status, 200);
    assert_eq!(login("Basic YWRhOndyb25n").await.status, 401);
    assert_eq!(login("Bearer x").await.status, 400);

    let query = json!({ "method": "GET", "path": "/login", "query": { "u": "{identifier}", "p": "{password}" } });
    let other = world.speaking(&document(&query, &in_json())).await;
    assert_eq!(other.get("/other/login?u=ada&p=correct+horse%209").send().await.status, 200);
    assert_eq!(other.get("/other/login?u=ada&p=wrong").send().await.status, 401);
    assert_eq!(other.get("/other/login").send().await.status, 400);
}

#[tokio::test]
async fn the_token_comes_in_a_header_or_as_text_and_its_end_in_the_documents_unit() {
    let request = json!({ "method": "POST", "path": "/login", "json": { "u": "{identifier}", "p": "{password}" } });
    let world = World::new().await;
    let credentials = json!({ "u": "ada", "p": PASSWORD });
    let success =
        json!({ "status": 201, "headers": { "X-Token": "{access_token}" }, "text": "welcome", "means": "session" });
    let other = world.speaking(&document(&request, &success)).await;
    let got =
        other.post("/other/login").json(credentials.clone()).header("origin", crate::support::ORIGIN).send().await;
    assert_eq!((got.status, got.body.as_str()), (201, "welcome"));
    assert_eq!(got.header("content-type"), Some("text/plain; charset=utf-8"));
    let exposed = got.header("access-control-expose-headers").expect("names");
    assert!(exposed.contains("x-token"), "{exposed}");
    let token = got.header("x-token").expect("a token");
    assert_eq!(other.get("/other/me").bearer(token).send().await.status, 200);

    let mut document = document(&request, &in_json());
    document["expires"] = json!({ "unit": "iso8601" });
    let got = world.speaking(&document).await.post("/other/login").json(credentials).send().await;
    assert_eq!(got.json()["ends"], "2026-03-05T14:15:30.000Z");
}

#[tokio::test]
async fn the_token_goes_along_in_the_query() {
    let request = json!({ "method": "POST", "path": "/login", "json": { "u": "{identifier}", "p": "{password}" } });
    let mut document = document(&request, &in_json());
    document["attach"] = json!([{ "query": "auth", "value": "{access_token}" }]);
    let world = World::new().await;
    let other = world.speaking(&document).await;
    let got = other.post("/other/login").json(json!({ "u": "ada", "p": PASSWORD })).send().await;
    let token = got.text("token");
    assert_eq!(other.get(&format!("/other/me?auth={token}")).send().await.status, 200);
    assert_eq!(other.get(&format!("/other/admin?x=1&auth={token}")).send().await.status, 200);
    let missing = other.get("/other/me").bearer(&token).send().await;
    assert_eq!(missing.json()["message"], "No se proporcionó token");
    let twice = other.get(&format!("/other/me?auth={token}&auth={token}")).send().await;
    assert_eq!(twice.json()["message"], "Token inválido");
}
