//! Answers out of bytes, along the templates that may fit them.

use super::function::function;
use super::{charset, encoding, xml};
use crate::{Value, Values};

/// What these templates ask of an answer beside its status. A text that one of them reads by a function is decoded, and stands as
/// that function has it, `{ "$base64": … }`; one that cannot be decoded stays as it is.
pub(super) fn parts(templates: &[&Value], headers: &[(String, String)], body: &[u8]) -> Values {
    let asked = |part: &str| templates.iter().filter_map(|it| it.get(part)).collect::<Vec<_>>();
    let mut parts = Values::new().with("headers", named(&asked("headers"), headers));
    let media_type = joined(headers, "content-type");
    let Some(text) = charset::text(media_type.as_deref(), body) else { return parts };
    if let Ok(json) = serde_json::from_str::<serde_json::Value>(text) {
        parts.set("json", turned(Value::from(&json), &asked("json")));
    }
    let (texts, xmls) = (asked("text"), asked("xml"));
    if !texts.is_empty() {
        parts.set("text", turned(text.into(), &texts));
    }
    if let Some(xml) = if xmls.is_empty() { None } else { xml::read(text, &xmls) } {
        parts.set("xml", turned(xml, &xmls));
    }
    parts
}

/// The headers that the templates name, in lower case.
fn named(templates: &[&Value], headers: &[(String, String)]) -> Value {
    let mut members: Vec<(String, Value)> = Vec::new();
    for (name, template) in templates.iter().filter_map(|it| it.members()).flatten() {
        let name = name.to_ascii_lowercase();
        if let (None, Some(text)) = (members.iter().find(|(it, _)| *it == name), joined(headers, &name)) {
            members.push((name, turned(text.into(), &[template])));
        }
    }
    Value::Object(members)
}

/// What a header says, as often as it is there (RFC 9110 section 5.3). Cookies are for the jar: a page sees none either.
fn joined(headers: &[(String, String)], name: &str) -> Option<String> {
    let found: Vec<&str> =
        headers.iter().filter(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str()).collect();
    (!found.is_empty() && name != "set-cookie").then(|| found.join(", "))
}

/// The value with the texts decoded that the templates read by functions.
fn turned(value: Value, templates: &[&Value]) -> Value {
    if !templates.iter().any(|it| has_function(it)) {
        return value;
    }
    match value {
        Value::String(text) => {
            let functions = templates.iter().filter_map(|it| function(it));
            let decoded = functions.filter_map(|(name, inner)| decoded(name, &text, inner)).next();
            decoded.unwrap_or(Value::String(text))
        }
        Value::List(elements) => {
            let below = |at: usize| templates.iter().filter_map(|it| it.elements()?.get(at)).collect::<Vec<_>>();
            Value::List(elements.into_iter().enumerate().map(|(at, it)| turned(it, &below(at))).collect())
        }
        Value::Object(members) => {
            let below = |name: &str| templates.iter().filter_map(|it| it.get(name)).collect::<Vec<_>>();
            let turn = |(name, it): (String, Value)| {
                let it = turned(it, &below(&name));
                (name, it)
            };
            Value::Object(members.into_iter().map(turn).collect())
        }
        constant => constant,
    }
}

/// Documents are bounded, so that this is.
fn has_function(template: &Value) -> bool {
    match template {
        Value::List(elements) => elements.iter().any(has_function),
        Value::Object(members) => function(template).is_some() || members.iter().any(|(_, it)| has_function(it)),
        _ => false,
    }
}

/// What a function is the inverse of, with what it gives decoded in turn.
fn decoded(name: &str, text: &str, inner: &Value) -> Option<Value> {
    let value = match name {
        "$json" => Value::from(&serde_json::from_str::<serde_json::Value>(text).ok()?),
        "$base64" | "$base64url" => encoding::from_base64(name, text)?.into(),
        _ => return None,
    };
    Some(Value::Object(vec![(name.into(), turned(value, &[inner]))]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(templates: serde_json::Value, headers: &[(&str, &str)], body: &[u8]) -> serde_json::Value {
        let templates = Value::from(&templates);
        let templates: Vec<&Value> = templates.elements().unwrap().iter().collect();
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        serde_json::Value::from(&Value::from(parts(&templates, &headers, body)))
    }

    #[test]
    fn only_what_a_template_asks_for_is_there() {
        let templates = json!([{ "text": "{_}", "headers": { "X-Token": "{access_token}" } }]);
        let headers = [("x-token", "a"), ("X-Token", "b"), ("date", "now"), ("content-type", "text/plain")];
        assert_eq!(read(templates, &headers, b"hello"), json!({ "headers": { "x-token": "a, b" }, "text": "hello" }));
        assert_eq!(read(json!([{}]), &[], b"{\"a\":1}"), json!({ "headers": {}, "json": { "a": 1 } }));
    }

    #[test]
    fn a_cookie_that_is_set_is_not_shown() {
        let templates = json!([{ "headers": { "Set-Cookie": "{x}" } }]);
        assert_eq!(read(templates, &[("set-cookie", "a=b")], b""), json!({ "headers": {} }));
    }

    #[test]
    fn texts_inside_of_texts_are_decoded_along_the_template() {
        let templates = json!([
            { "json": { "a": "{x}" } },
            { "json": { "token": { "$base64": { "$json": { "ate": "{expires}" } } }, "other": [{ "$base64url": "{y}" }] } }
        ]);
        let body = br#"{"token":"eyJhdGUiOjd9","other":["w7E","w7E"],"a":"eyJhdGUiOjd9"}"#;
        let json = json!({ "token": { "$base64": { "$json": { "ate": 7 } } }, "other": [{ "$base64url": "ñ" }, "w7E"], "a": "eyJhdGUiOjd9" });
        assert_eq!(read(templates, &[], body), json!({ "headers": {}, "json": json }));
    }

    #[test]
    fn what_cannot_be_decoded_stays_as_it_is() {
        let templates = json!([{ "json": { "a": { "$base64": "{x}" }, "b": { "$json": {} } } }]);
        let body = br#"{"a":"!!","b":"{"}"#;
        assert_eq!(read(templates, &[], body), json!({ "headers": {}, "json": { "a": "!!", "b": "{" } }));
    }

    #[test]
    fn a_foreign_charset_gives_neither_text_nor_json() {
        let headers = [("content-type", "application/json; charset=iso-8859-1")];
        assert_eq!(read(json!([{ "text": "{_}" }]), &headers, "\"ñ\"".as_bytes()), json!({ "headers": {} }));
        assert_eq!(read(json!([{ "text": "{_}" }]), &[], b"\"\xf1\""), json!({ "headers": {} }));
    }

    #[test]
    fn hostile_json_is_no_json() {
        let deep = "[".repeat(100_000);
        for body in [deep.as_str(), "1e999", "{\"a\":", ""] {
            assert_eq!(read(json!([{}]), &[], body.as_bytes()), json!({ "headers": {} }));
        }
    }

    #[test]
    fn members_of_prototypes_are_ordinary_names() {
        let templates = json!([{ "json": { "__proto__": { "$json": { "constructor": "{x}" } } } }]);
        let json = json!({ "__proto__": { "$json": { "constructor": 1 } } });
        assert_eq!(
            read(templates, &[], br#"{"__proto__":"{\"constructor\":1}"}"#),
            json!({ "headers": {}, "json": json })
        );
    }
}
