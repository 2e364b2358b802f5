//! Where a value comes from and where it goes.

use super::exchange::Exchange;
use crate::draft::api::Spot;
use crate::draft::shape::Path;
use serde_json::{Value, json};

/// Shorter values come again by chance.
const LEAST: usize = 8;

/// A value in an answer.
pub(super) struct Origin {
    pub(super) spot: Spot,
    pub(super) value: String,
}

/// Where a later request has a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Use {
    /// In a header, after this text.
    Header(String, String),
    Query(String),
    Body(Path),
    Cookie(String),
}

/// Every text of an answer that is long enough to be told from others.
pub(super) fn origins(exchange: &Exchange) -> Vec<Origin> {
    let mut found = Vec::new();
    if let Some(answer) = &exchange.answer {
        texts(answer, &mut Path::new(), &mut |path, text| {
            found.push(Origin { spot: Spot::Body(path.clone()), value: text.into() });
        });
    }
    let quiet = ["set-cookie", "content-type", "date", "etag", "server", "vary", "cache-control", "location"];
    for (name, value) in
        exchange.answer_headers.iter().filter(|(name, _)| !quiet.contains(&name.to_lowercase().as_str()))
    {
        let value = value.split_once(' ').map_or(value.as_str(), |(_, rest)| rest);
        found.push(Origin { spot: Spot::Header(name.clone()), value: value.into() });
    }
    for (name, value) in &exchange.set_cookies {
        found.push(Origin { spot: Spot::Cookie(name.clone()), value: value.clone() });
    }
    found.retain(|it| it.value.len() >= LEAST);
    found
}

/// Where a request has that value.
pub(super) fn uses(exchange: &Exchange, value: &str) -> Vec<Use> {
    let mut found = Vec::new();
    for (name, text) in exchange.headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("cookie")) {
        if let Some((before, "")) = text.split_once(value)
            && is_scheme(before)
        {
            found.push(Use::Header(name.clone(), before.into()));
        }
    }
    found.extend(exchange.query.iter().filter(|(_, it)| it == value).map(|(name, _)| Use::Query(name.clone())));
    found.extend(exchange.cookies.iter().filter(|(_, it)| it == value).map(|(name, _)| Use::Cookie(name.clone())));
    if let Some(body) = &exchange.body {
        texts(body, &mut Path::new(), &mut |path, text| {
            if text == value {
                found.push(Use::Body(path.clone()));
            }
        });
    }
    found
}

/// Nothing, or one word such as `Bearer `: more could be another secret.
fn is_scheme(before: &str) -> bool {
    let word = before.strip_suffix(' ').unwrap_or(before);
    word.len() <= 20
        && word.bytes().all(|it| it.is_ascii_alphabetic() || it == b'-')
        && (before.is_empty() || before != word)
}

/// The element of `attach` for a use.
pub(super) fn element(used: &Use) -> Option<Value> {
    match used {
        Use::Header(name, before) => {
            Some(json!({ "header": spelled(name), "value": format!("{before}{{access_token}}") }))
        }
        Use::Query(name) => Some(json!({ "query": name, "value": "{access_token}" })),
        Use::Body(path) => {
            path.first().filter(|_| path.len() == 1).map(|it| json!({ "body": it, "value": "{access_token}" }))
        }
        Use::Cookie(_) => Some(json!({ "cookies": true })),
    }
}

/// HTTP/2 has names in lower case; people read them with capitals.
pub(super) fn spelled(header: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|it| it.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    header.split('-').map(capital).collect::<Vec<_>>().join("-")
}

pub(super) fn texts(value: &Value, path: &mut Path, visit: &mut dyn FnMut(&Path, &str)) {
    match value {
        Value::String(text) => visit(path, text),
        Value::Array(list) => {
            // A template reads elements from the front.
            if let Some(first) = list.first() {
                path.push("0".into());
                texts(first, path, visit);
                path.pop();
            }
        }
        Value::Object(members) => {
            for (name, it) in members {
                path.push(name.clone());
                texts(it, path, visit);
                path.pop();
            }
        }
        _ => {}
    }
}
