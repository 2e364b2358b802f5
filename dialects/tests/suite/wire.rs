//! Both halves over the wire: what one of them writes into HTTP, the other reads out of it.

use relatch_dialects::codec::{self, Given, Head, Outside, Seen};
use relatch_dialects::{Dialect, Meaning, Message, Value, Values};
use serde_json::json;

struct Nowhere;

impl Outside for Nowhere {
    fn now_ms(&self) -> u64 {
        0
    }

    fn random(&self) -> [u8; 16] {
        [0; 16]
    }

    fn cookie(&self, _: &str) -> Option<String> {
        None
    }

    fn plugin(&self, name: &str, _: &Values, _: Option<&Seen<'_>>) -> Result<Value, String> {
        Err(name.into())
    }
}

fn dialect(request: &serde_json::Value, success: &serde_json::Value) -> Dialect {
    let document = json!({
        "relatch": 1, "name": "x",
        "attach": [{ "header": "Authorization", "value": "Bearer {access_token}" }],
        "login": { "request": request, "answers": [success, { "status": 401, "text": "no", "means": "bad-credentials" }] }
    });
    Dialect::load(&Value::from(&document)).unwrap_or_else(|fault| panic!("{fault}"))
}

fn request(parts: &serde_json::Value) -> serde_json::Value {
    let mut request = parts.clone();
    (request["method"], request["path"]) = (json!("POST"), json!("/login"));
    request
}

const TEXTS: [&str; 6] = ["ada", "a b&c=d+e%20", "ñ€😀", "<a href=\"x\">&amp;", "{braces}", "\"quoted\\\""];

#[test]
fn every_request_that_a_client_writes_a_server_reads() {
    let fields = json!({ "u": "{identifier}", "p": "{password}", "n": 2, "on": true, "grant": "password" });
    for parts in [
        json!({ "json": fields }),
        json!({ "form": fields }),
        json!({ "query": fields }),
        json!({ "text": "{identifier}\n{password}" }),
        json!({ "headers": { "Authorization": { "$concat": ["Basic ", { "$base64": "{identifier}:{password}" }] } } }),
        json!({ "json": { "data": { "$base64url": { "$json": fields } } } }),
    ] {
        let dialect =
            dialect(&request(&parts), &json!({ "status": 200, "text": "{access_token}", "means": "session" }));
        for text in TEXTS {
            let values = Values::new().with("identifier", text).with("password", [text, "x"].concat());
            assert!(read(&dialect, &values).is_some_and(|it| it == values), "{parts} {text}");
        }
    }
}

/// What the server reads of the client's request.
fn read(dialect: &Dialect, values: &Values) -> Option<Values> {
    let request = dialect.write_request("login", 0, values).ok()?;
    let url = "https://api.example.com/login";
    let http = codec::write(dialect, ("login", 0), (&request.method, url), &request.parts, &Nowhere).ok()?;
    let body = std::str::from_utf8(http.body.as_deref().unwrap_or_default()).ok()?;
    let given = match http.header("content-type").unwrap_or_default() {
        "application/json" => Given::Json(Value::from(&serde_json::from_str::<serde_json::Value>(body).ok()?)),
        "application/x-www-form-urlencoded" => Given::Form(body),
        "text/plain;charset=UTF-8" => Given::Text(body),
        _ => Given::Nothing,
    };
    let query = http.url.split_once('?').map(|it| it.1);
    let head = Head { method: &http.method, path: "/login", query, headers: &http.headers };
    dialect.read_request("login", &codec::read_request(dialect, "login", head, given)).ok()
}

#[test]
fn every_answer_that_a_server_writes_a_client_reads() {
    for success in [
        json!({ "status": 200, "json": { "t": "{access_token}", "m": "{email}" }, "means": "session" }),
        json!({ "status": 200, "text": "{access_token}|{email}", "means": "session" }),
        json!({ "status": 201, "headers": { "X-Token": "{access_token}" }, "json": ["{email}"], "means": "session" }),
        json!({ "status": 200, "xml": { "r": { "@t": "{access_token}", "list": [{ "m": "{email}" }] } }, "means": "session" }),
        json!({ "status": 200, "json": { "$base64": { "$json": { "t": "{access_token}", "m": "{email}" } } }, "means": "session" }),
    ] {
        let dialect = dialect(&request(&json!({ "json": { "u": "{identifier}" } })), &success);
        for text in TEXTS {
            let message =
                Message::with(Meaning::Session, Values::new().with("access_token", "t.1").with("email", text));
            let answer = dialect.write_answer(Some("login"), &message, &Values::new());
            let written = codec::write_answer(&answer).unwrap();
            let headers = [written.headers, vec![("content-type".into(), written.media_type.into())]].concat();
            let body = written.body.unwrap_or_default();
            let came = codec::read_answer(&dialect, Some(("login", 0)), answer.status, &headers, body.as_bytes());
            assert_eq!(dialect.read_answer("login", 0, &came).as_ref(), Some(&message), "{success} {text}");
        }
    }
}
