//! `relatch dialect mock`, seen by the client.

use crate::support::{Mock, directory, file, fixture, relatch, relatch_with, shop};
use relatch::dialects::{DOCUMENTS, Dialect, Value, Values};
use relatch::{Builder, Client};
use serde_json::json;

const PASSWORD: &str = "correct horse 9";

fn dialect(document: &str) -> Dialect {
    let json: serde_json::Value = serde_json::from_str(document).expect("JSON");
    Dialect::load(&Value::from(&json)).expect("a dialect")
}

fn client(document: &str, url: &str) -> Builder {
    Client::builder(dialect(document), url)
}

/// The path of the dialect's own profile.
fn profile(document: &str) -> String {
    let operation = dialect(document).operation("profile").expect("a profile");
    operation.routes.first().expect("a route").1.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_logs_in_calls_and_logs_out_at_the_mock_of_each_of_the_five() {
    for (name, document) in DOCUMENTS {
        let mock = Mock::start(&[name]);
        let client = client(document, &mock.url).build().expect("a client");
        let identifier = if name == "apitickets" { "ada@example.com" } else { "ada" };
        let refused = client.login(identifier, "wrong").await.expect_err("a wrong password");
        assert!(refused.code().contains("password") || refused.code() == "bad-credentials", "{name}: {refused}");
        client.login(identifier, PASSWORD).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        let answer = client.get(&profile(document)).await.expect("an answer");
        assert_eq!(answer.status(), 200, "{name}");
        client.logout().await.expect("a log-out");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_end_after_the_chosen_time_and_sessions_go_on() {
    for (name, document) in DOCUMENTS {
        let mock = Mock::start(&[name, "--lifetime", "1s"]);
        let client = client(document, &mock.url).keep_credentials().build().expect("a client");
        let identifier = if name == "apitickets" { "ada@example.com" } else { "ada" };
        client.login(identifier, PASSWORD).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        let token = client.token().await.expect("a token");
        // Until the API itself refuses it: the token is its to end.
        let url = format!("{}{}", mock.url, profile(document));
        let bare = reqwest::Client::new();
        while bare.get(&url).bearer_auth(&token).send().await.expect("an answer").status().is_success() {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        let answer = client.get(&profile(document)).await.expect("an answer");
        assert_eq!(answer.status(), 200, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_issues_nothing_is_played_with_what_is_usual() {
    let directory = directory();
    let text = shop().to_string();
    let mock = Mock::start(&[&file(&directory, "shop.json", &text), "--user", "eve@example.com:her secret"]);
    let client = client(&text, &mock.url).build().expect("a client");
    assert_eq!(
        client.login("ada@example.com", PASSWORD).await.expect_err("no demo accounts").code(),
        "bad-credentials"
    );
    let credentials = Values::new().with("identifier", "eve@example.com").with("password", "her secret");
    client.login_with(credentials).await.expect("a login");
    let me = client.get("/me").await.expect("an answer");
    let me: serde_json::Value = serde_json::from_str(&me.text().await.expect("a body")).expect("JSON");
    assert_eq!(me["email"], "eve@example.com");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_this_machine_may_ask_and_no_others() {
    let mock = Mock::start(&["gatego"]);
    let asked = |origin: &'static str| {
        let request = reqwest::Client::new().request(reqwest::Method::OPTIONS, format!("{}/me", mock.url));
        let request = request.header("Origin", origin).header("Access-Control-Request-Method", "GET");
        request.header("Access-Control-Request-Headers", "x-anything").send()
    };
    for (origin, allowed) in [
        ("http://localhost:5173", true),
        ("http://127.0.0.1:3000", true),
        ("https://app.localhost", true),
        ("https://evil.example", false),
        ("http://localhost.evil.example", false),
        ("null", false),
    ] {
        let answer = asked(origin).await.expect("an answer");
        let told = answer.headers().get("access-control-allow-origin").and_then(|it| it.to_str().ok());
        assert_eq!(told, allowed.then_some(origin));
        assert_eq!(answer.headers().contains_key("access-control-allow-headers"), allowed, "{origin}");
    }
}

#[test]
fn what_cannot_be_played_is_told_at_the_start() {
    let mut document = shop();
    document["login"]["before"] =
        json!([{ "request": { "method": "GET", "path": "/csrf" }, "answers": [{ "means": "done" }] }]);
    let directory = directory();
    let path = file(&directory, "shop.json", &document.to_string());
    let mock = Mock::start(&[&path, "--json"]);
    assert!(mock.told().contains("/login/before"), "{}", mock.told());
}

#[test]
fn a_port_that_is_taken_and_a_faulty_dialect_are_told() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let ran = relatch(&["dialect", "mock", "gatego", "--port", &port]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains(&port), "{}", ran.err);
    let directory = directory();
    assert_eq!(relatch(&["dialect", "mock", &file(&directory, "x.json", "{}")]).code, 1);
}

#[test]
fn the_draft_of_each_specification_is_played_and_tried_as_it_is() {
    let directory = directory();
    for name in ["fastapi.json", "nestjs.yaml", "laravel.yaml", "spring.json", "swagger2.json"] {
        let draft = relatch(&["dialect", "from-openapi", &fixture(&format!("openapi/{name}"))]).out;
        let draft = file(&directory, name, &draft);
        let mock = Mock::start(&[&draft]);
        let identifier = if name == "laravel.yaml" { "ada@example.com" } else { "ada" };
        let arguments =
            ["dialect", "try", &draft, "--base-url", &mock.url, "--identifier", identifier, "--password-stdin"];
        let fields = ["--field", "device_name=desk", "--field", "mandant=1"];
        let ran = relatch_with(&[&arguments[..], &fields[..]].concat(), PASSWORD);
        assert_eq!(ran.code, 0, "{name}: {}{}", ran.out, ran.err);
        assert!(ran.out.contains("The dialect reads this API."), "{}", ran.out);
    }
}

#[test]
fn an_api_whose_login_cannot_be_played_is_refused_with_its_reason() {
    let mut document = shop();
    document["attach"] = json!([{ "cookies": true }]);
    document["login"]["request"] = json!({ "method": "POST", "path": "/login", "xml": { "a": "{password}" } });
    let directory = directory();
    let ran = relatch(&["dialect", "mock", &file(&directory, "x.json", &document.to_string()), "--port", "0"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("/login/request/xml"), "{}", ran.err);
}
