//! The server's half of a document that has none: what is usual, so that most documents can be played as they are.

use crate::document::Document;
use crate::output::CommandError;
use relatch_dialects::{Dialect, Value};
use serde_json::{Value as Json, json};

const QUARTER_HOUR: u64 = 900;
const MONTH: u64 = 30 * 24 * 3600;

/// The dialect with something to issue.
pub(super) fn complete(document: &Document) -> Result<Dialect, CommandError> {
    if document.dialect.issue().is_some() {
        return Ok(document.dialect.clone());
    }
    let mut completed = document.json.clone();
    if let Some(members) = completed.as_object_mut() {
        members.insert("issue".into(), usual(&document.json));
        let operations = members.entry("operations").or_insert_with(|| json!({}));
        if let Some(operations) = operations.as_object_mut() {
            // Something that asks for the token, to see sessions end and go on.
            operations.entry("profile").or_insert_with(profile);
        }
    }
    Dialect::load(&Value::from(&completed)).map_err(|fault| CommandError::Failed(format!("cannot be played: {fault}")))
}

fn profile() -> Json {
    let answers = json!([{ "status": 200, "json": "{user}", "means": "done" }]);
    json!({ "request": { "method": "GET", "path": "/me" }, "attach": true, "answers": answers })
}

fn usual(document: &Json) -> Json {
    let lifetime = document.pointer("/expires/after_secs").and_then(Json::as_u64).filter(|it| *it > 0);
    let renewed = document.get("renew").is_some_and(|it| it.to_string().contains("{refresh_token"));
    let mut issue = json!({
        "alg": "HS256",
        "lifetime_secs": lifetime.unwrap_or(QUARTER_HOUR),
        "claims": { "sub": "{user.id}", "iat": "{issued_at}", "exp": "{expires_at}", "jti": "{token_id}" },
        "identifiers": ["username", "email", "phone"],
        "roles": [{ "name": "admin", "permissions": ["read", "write"] }, { "name": "user", "permissions": ["read"] }],
        "account": {},
        "user": { "id": "{user.id}", "username": "{user.username}", "email": "{user.email}", "role": "{user.role}" },
    });
    if let Some(members) = issue.as_object_mut().filter(|_| renewed) {
        members.insert("refresh_lifetime_secs".into(), MONTH.into());
    }
    issue
}
