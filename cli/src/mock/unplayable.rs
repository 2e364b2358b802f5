//! Which parts of a document the server cannot play.

use crate::document::Document;
use serde_json::Value;

/// A part and why it is not played.
pub(super) struct Part {
    pub(super) pointer: String,
    pub(super) why: &'static str,
}

/// Everything in the document that is described and will not be answered.
pub(super) fn of(document: &Document) -> Vec<Part> {
    let mut parts = Vec::new();
    look(&document.json, "", &mut parts);
    parts
}

fn look(value: &Value, pointer: &str, parts: &mut Vec<Part>) {
    match value {
        Value::Object(members) => {
            for (name, it) in members {
                let below = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
                match told(name, pointer, it) {
                    Some(why) => parts.push(Part { pointer: below, why }),
                    None => look(it, &below, parts),
                }
            }
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(index, it)| look(it, &format!("{pointer}/{index}"), parts));
        }
        _ => {}
    }
}

fn told(name: &str, pointer: &str, value: &Value) -> Option<&'static str> {
    let (top, request) = (pointer.is_empty(), pointer.ends_with("/request"));
    match name {
        "challenges" if top => Some("the server makes no challenges: every login comes to a session at once"),
        "observe" if top => Some("the server sends new tokens with no other answers"),
        "cookies" if pointer.starts_with("/attach") && value == true => Some("the server sets no cookies"),
        "before" => Some("the server answers no steps; the operation itself does not ask for them"),
        "multipart" if request => Some("the server reads no multipart forms"),
        "xml" if request || pointer.contains("/answers") || pointer.contains("/refusals") => {
            Some("the server speaks no XML")
        }
        "$plugin" => Some("the server has none of the app's plug-ins"),
        _ if name.starts_with("$md5") || name.starts_with("$sha") || name.starts_with("$hmac") => {
            Some("the server cannot turn a digest round")
        }
        _ => None,
    }
}
