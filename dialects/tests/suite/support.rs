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

/// What the server knows by itself, at one fixed moment.
pub(crate) fn ambient() -> Values {
    Values::new()
        .with("now.iso8601_offset", "2026-03-05T12:00:00.000+00:00")
        .with("request.path", "/auth/login")
        .with("trace_id", "2835818043d277b0")
}
