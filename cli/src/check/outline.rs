//! What a document describes, in a few words.

use crate::document::Document;
use relatch_dialects::Renewal;
use serde_json::Value;

/// For instance `gatego: login, renew, profile, logout; renewed at an endpoint`.
pub(super) fn of(document: &Document) -> String {
    let operations: Vec<String> = document.dialect.operations().map(|it| it.name).collect();
    let renewal = match document.dialect.renewal() {
        Renewal::Endpoint => "renewed at an endpoint",
        Renewal::Login => "renewed by another login",
        Renewal::None => "not renewed",
    };
    let mut parts = vec![format!("{}: {}", document.dialect.name(), operations.join(", ")), renewal.into()];
    let mut plugins = Vec::new();
    collect_plugins(&document.json, &mut plugins);
    if !plugins.is_empty() {
        parts.push(format!("the app has to give it plug-ins: {}", plugins.join(", ")));
    }
    parts.join("; ")
}

fn collect_plugins(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(name)) = members.get("$plugin")
                && !found.contains(name)
            {
                found.push(name.clone());
            }
            members.values().for_each(|it| collect_plugins(it, found));
        }
        Value::Array(elements) => elements.iter().for_each(|it| collect_plugins(it, found)),
        _ => {}
    }
}
