//! The demo server of one scenario, and the controls that make it misbehave.

use relatch::dialects::{DOCUMENTS, Dialect, Value as DialectValue};
use relatch_server::demo::{Demo, DemoOptions, serve};
use reqwest::Method;
use serde_json::{Value, json};
use std::net::SocketAddr;

pub(crate) struct Stage {
    pub(crate) address: String,
    pub(crate) config: Value,
    http: reqwest::Client,
    _demo: Demo,
}

impl Stage {
    pub(crate) async fn open() -> Stage {
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let options = DemoOptions { listen, cheap_hashes: true, ..DemoOptions::default() };
        let (address, demo) = serve(options).await.expect("a demo server");
        let (address, http) = (format!("http://{address}"), reqwest::Client::new());
        let mut stage = Stage { address, config: Value::Null, http, _demo: demo };
        stage.config = stage.control(Method::GET, "config", None).await;
        stage
    }

    pub(crate) async fn control(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let url = format!("{}/demo/{path}", self.address);
        let mut request = self.http.request(method, &url);
        if let Some(body) = body {
            request = request.header("Content-Type", "application/json").body(body.to_string());
        }
        let response = request.send().await.expect("an answer of the controls");
        assert!(response.status().is_success(), "{path} answered {}", response.status());
        let text = response.text().await.expect("a body");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    pub(crate) fn realm(&self, name: &str) -> &Value {
        let realms = self.config["realms"].as_array().expect("realms");
        realms.iter().find(|it| it["name"] == name).expect("a realm")
    }

    pub(crate) fn base_url(&self, realm: &str) -> String {
        format!("{}{}", self.address, self.realm(realm)["mount"].as_str().expect("a mount"))
    }

    /// What one of the demo's people logs in with.
    pub(crate) fn identifier(&self, realm: &str, username: &str) -> Option<String> {
        let accounts = self.realm(realm)["accounts"].as_array().expect("accounts");
        let account = accounts.iter().find(|it| it["username"] == username)?;
        account["identifier"].as_str().map(String::from)
    }

    /// How often each request was seen since the last clearing.
    pub(crate) async fn counts(&self, realm: &str) -> Value {
        self.control(Method::GET, &format!("{realm}/requests"), None).await["counts"].take()
    }

    pub(crate) async fn post(&self, realm: &str, path: &str, body: Value) {
        self.control(Method::POST, &format!("{realm}/{path}"), Some(body)).await;
    }

    /// A bare request, as somebody who has got hold of a token would send it.
    pub(crate) async fn status_with(&self, url: &str, token: &str) -> u16 {
        let request = self.http.get(url).header("Authorization", format!("Bearer {token}"));
        request.send().await.expect("an answer").status().as_u16()
    }
}

pub(crate) fn document(realm: &str) -> Value {
    let (_, text) = DOCUMENTS.iter().find(|(name, _)| *name == realm).expect("a document");
    serde_json::from_str(text).expect("JSON")
}

pub(crate) fn dialect(realm: &str) -> Dialect {
    Dialect::load(&DialectValue::from(&document(realm))).expect("a sound document")
}

pub(crate) fn enabled(who: &Value, enabled: bool) -> Value {
    json!({ "username": who, "enabled": enabled })
}
