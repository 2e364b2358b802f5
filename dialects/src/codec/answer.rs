//! Answers out of bytes, along the templates that may fit them.

use super::function::named as function;
use super::{charset, encoding, xml};
use crate::{Answer, Dialect, Value, Values};

/// The answer that came, with everything that the document may ask of it. `operation` is its name, and the step before it from 0, or as
/// many as there are; `None` for the answer to a call.
pub fn read_answer(
    dialect: &Dialect,
    operation: Option<(&str, usize)>,
    status: u16,
    headers: &[(String, String)],
    body: &[u8],
) -> Answer {
    let own = operation.and_then(|(name, step)| dialect.step(name, step)?.get("answers")?.elements());
    let lists = [own.unwrap_or_default(), dialect.list("refusals"), dialect.list("observe")];
    let templates: Vec<&Value> = lists.into_iter().flatten().collect();
    Answer { status, parts: parts(&templates, headers, body) }
}

/// How much of the answer to a call a document has something to say about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interest {
    /// Nothing: it is the caller's alone.
    Nothing,
    /// Its headers.
    Head,
    /// Its body too.
    Body,
}

/// How much of an answer to a call with that status has to be read, to be given to [`read_answer`].
pub fn interest(dialect: &Dialect, status: u16) -> Interest {
    let observed = dialect.list("observe");
    let has_body = |it: &Value| ["json", "text", "xml"].iter().any(|part| it.get(part).is_some());
    match (dialect.may_refuse(status), observed) {
        (false, []) => Interest::Nothing,
        (false, several) if !several.iter().any(has_body) => Interest::Head,
        _ => Interest::Body,
    }
}

/// What these templates ask of an answer beside its status. A text that one of them reads by a function is decoded, and stands as
/// that function has it, `{ "$base64": … }`; one that cannot be decoded stays as it is.
pub(super) fn parts(templates: &[&Value], headers: &[(String, String)], body: &[u8]) -> Values {
    let asked = |part: &str| templates.iter().filter_map(|it| it.get(part)).collect::<Vec<_>>();
    let mut parts = Values::new().with("headers", named(&asked("headers"), headers));
    // JSON is UTF-8, whatever the type says that servers give it (RFC 8259 section 8.1).
    let json = charset::text(None, body).and_then(|it| serde_json::from_str::<serde_json::Value>(it).ok());
    if let Some(json) = json {
        parts.set("json", turned(Value::from(&json), &asked("json")));
    }
    let media_type = joined(headers, "content-type");
    let Some(text) = charset::text(media_type.as_deref(), body) else { return parts };
    let (texts, xmls) = (asked("text"), asked("xml"));
    if !texts.is_empty() {
        // A token that is the whole body has a line break behind it as often as not.
        parts.set("text", turned(text.trim().into(), &texts));
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
pub(super) fn turned(value: Value, templates: &[&Value]) -> Value {
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
            let members = escaped(members, templates);
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

/// Whether a template has a function in it, or a name that looks like one. Documents are bounded, so that this is.
pub(super) fn has_function(template: &Value) -> bool {
    match template {
        Value::List(elements) => elements.iter().any(has_function),
        Value::Object(members) => members.iter().any(|(name, it)| name.starts_with('$') || has_function(it)),
        _ => false,
    }
}

/// A member that is really called `$name` stands in documents as `$$name`.
fn escaped(members: Vec<(String, Value)>, templates: &[&Value]) -> Vec<(String, Value)> {
    let written = |name: String| {
        let escaped = ["$", &name].concat();
        let is_written = name.starts_with('$') && templates.iter().any(|it| it.get(&escaped).is_some());
        if is_written { escaped } else { name }
    };
    members.into_iter().map(|(name, value)| (written(name), value)).collect()
}

/// What a function is the inverse of, with what it gives decoded in turn.
fn decoded(name: &str, text: &str, inner: &Value) -> Option<Value> {
    let value = match name {
        "$json" => Value::from(&serde_json::from_str::<serde_json::Value>(text).ok()?),
        "$base64" | "$base64url" => encoding::from_base64(name, text)?.into(),
        "$concat" => return Some(Value::Object(vec![(name.into(), parted(text, inner.elements()?)?)])),
        _ => return None,
    };
    Some(Value::Object(vec![(name.into(), turned(value, &[inner]))]))
}

/// A joined text in its parts, if all but one of them are fixed. What is fixed stands as the document has it, whatever its case: it is
/// an authentication scheme (RFC 9110 section 11.1).
fn parted(text: &str, parts: &[Value]) -> Option<Value> {
    let at = parts.iter().position(|it| fixed(it).is_none())?;
    let (before, open, after) = (parts.get(..at)?, parts.get(at)?, parts.get(at + 1..)?);
    let joined = |parts: &[Value]| parts.iter().map(fixed).collect::<Option<String>>();
    let (head, tail) = (joined(before)?, joined(after)?);
    let end = text.len().checked_sub(tail.len()).filter(|end| *end >= head.len())?;
    let (begun, inner, ended) = (text.get(..head.len())?, text.get(head.len()..end)?, text.get(end..)?);
    if !begun.eq_ignore_ascii_case(&head) || !ended.eq_ignore_ascii_case(&tail) {
        return None;
    }
    let mut all = parts.to_vec();
    *all.get_mut(at)? = turned(inner.into(), &[open]);
    Some(Value::List(all))
}

/// The text of a part without holes.
fn fixed(part: &Value) -> Option<&str> {
    part.as_str().filter(|text| !text.contains(['{', '}']))
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
    fn a_name_with_a_dollar_is_known_by_two() {
        let templates = json!([{ "json": { "_id": { "$$oid": "{session.id}", "n": 1 } } }]);
        let json = json!({ "_id": { "$$oid": "7", "n": 1 } });
        assert_eq!(read(templates, &[], br#"{"_id":{"$oid":"7","n":1}}"#), json!({ "headers": {}, "json": json }));
    }

    #[test]
    fn a_token_that_is_the_whole_body_has_no_line_break() {
        let text = json!({ "headers": {}, "text": "abc" });
        assert_eq!(read(json!([{ "text": "{access_token}" }]), &[], b" abc\r\n"), text);
    }

    #[test]
    fn a_foreign_charset_gives_no_text_and_bytes_that_are_no_utf8_nothing() {
        let headers = [("content-type", "text/html; charset=iso-8859-1")];
        let body = "\"ñ\"".as_bytes();
        assert_eq!(read(json!([{ "text": "{_}" }]), &headers, body), json!({ "headers": {}, "json": "ñ" }));
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
