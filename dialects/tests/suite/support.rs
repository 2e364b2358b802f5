//! What the suites share: the five dialects, and values that every template can be filled with.

use relatch_dialects::{DOCUMENTS, Dialect, Value, Values};
use serde_json::Value as Json;

pub(crate) fn value(json: &Json) -> Value {
    Value::from(json)
}

pub(crate) fn document(name: &str) -> Json {
    let (_, text) = DOCUMENTS.iter().find(|(it, _)| *it == name).expect("a built-in dialect");
    serde_json::from_str(text).expect("JSON")
}

pub(crate) fn dialect(name: &str) -> Dialect {
    Dialect::load(&value(&document(name))).unwrap_or_else(|fault| panic!("{name}: {fault}"))
}

pub(crate) fn all() -> Vec<Dialect> {
    DOCUMENTS.iter().map(|(name, _)| dialect(name)).collect()
}

/// A dialect of everything that is not JSON and can be played all the same.
pub(crate) fn wild() -> Dialect {
    let document = serde_json::json!({
        "relatch": 1,
        "name": "wild",
        "attach": [{ "query": "key", "value": "{access_token}" }],
        "always": [{ "header": "X-API-Version", "value": "v1" }],
        "login": {
            "request": {
                "method": "POST", "path": "/session/", "query": { "op": "login" },
                "form": { "user": "{identifier}", "password": "{password}" },
            },
            "answers": [
                { "status": [201, 200], "headers": { "X-Auth-Token": "{access_token}" }, "means": "session" },
                { "json": { "ok": false, "error": "{message}", "at": "{_}", "why": "because {_}" }, "means": "bad-credentials", "also": ["account-locked"] },
                { "status": 403, "text": "unknown", "means": "unknown-user" },
            ],
        },
        "renew": {
            "request": { "method": "POST", "path": "/session/renew", "headers": { "X-Refresh": "{refresh_token}" } },
            "answers": [
                { "json": { "token": "{access_token}" }, "means": "session" },
                { "status": [400, 401], "means": "session-ended" },
            ],
        },
        "operations": {
            "profile": {
                "request": { "method": "GET", "path": "/me" },
                "attach": true,
                "answers": [{ "json": { "me": "{user}" }, "means": "done" }],
            },
        },
        "refusals": [
            { "status": 401, "headers": { "WWW-Authenticate": "Bearer error=\"invalid_token\"" }, "means": "token-expired" },
            { "json": { "ok": false, "code": "blocked" }, "means": "account-disabled" },
            { "status": [403, 404], "text": "no", "means": "forbidden" },
        ],
    });
    Dialect::load(&value(&document)).unwrap_or_else(|fault| panic!("wild: {fault}"))
}

/// What the server knows by itself, at one fixed moment.
pub(crate) fn ambient() -> Values {
    Values::new()
        .with("now.iso8601_offset", "2026-03-05T12:00:00.000+00:00")
        .with("request.path", "/auth/login")
        .with("trace_id", "2835818043d277b0")
}
