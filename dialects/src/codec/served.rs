//! The server's direction: what came over HTTP as a request that templates read, and answers into HTTP.

use super::answer::turned;
use super::filled::Filled;
use super::function::Maker;
use super::instant::iso8601;
use super::outside::{Outside, Seen};
use super::{form, xml};
use crate::{Answer, Dialect, Request, Value, Values};
use std::borrow::Cow;

/// The head of a request.
#[derive(Clone, Copy)]
pub struct Head<'a> {
    /// The HTTP method, in upper case.
    pub method: &'a str,
    /// The path below the mount.
    pub path: &'a str,
    /// The query, without its question mark.
    pub query: Option<&'a str>,
    /// Header names with their values.
    pub headers: &'a [(String, String)],
}

/// The body of a request, as far as its media type says what it is.
pub enum Given<'a> {
    /// There is none.
    Nothing,
    /// JSON, read by whoever is as strict about it as the server is.
    Json(Value),
    /// A form.
    Form(&'a str),
    /// Text.
    Text(&'a str),
}

/// Whether an operation reads that part of a request: `json`, `form`, `query`, …
pub fn reads(dialect: &Dialect, operation: &str, part: &str) -> bool {
    requests(dialect, operation).any(|it| it.get(part).is_some())
}

fn requests<'a>(dialect: &'a Dialect, operation: &str) -> impl Iterator<Item = &'a Value> {
    let section = dialect.section(operation);
    let alternatives = section.and_then(|it| it.get("alternatives")).and_then(Value::elements).unwrap_or_default();
    section.and_then(|it| it.get("request")).into_iter().chain(alternatives)
}

/// The names of the headers that requests by this document have, and that its answers have: what a browser has to be told.
pub fn header_names(dialect: &Dialect) -> (Vec<String>, Vec<String>) {
    let along = ["always", "attach"].iter().flat_map(|list| dialect.list(list));
    let mut asked: Vec<String> = along.filter_map(|it| it.get("header")?.as_str().map(Into::into)).collect();
    let mut said = of_answers(dialect.list("refusals"));
    for operation in dialect.operations() {
        let section = dialect.section(&operation.name);
        asked.extend(requests(dialect, &operation.name).flat_map(headers_of));
        said.extend(of_answers(section.and_then(|it| it.get("answers")).and_then(Value::elements).unwrap_or_default()));
    }
    (asked, said)
}

fn of_answers(answers: &[Value]) -> Vec<String> {
    answers.iter().flat_map(headers_of).collect()
}

fn headers_of(template: &Value) -> Vec<String> {
    let headers = template.get("headers").and_then(Value::members).unwrap_or_default();
    headers.iter().map(|(name, _)| name.clone()).collect()
}

/// The request that came, with those of its parts that the operation reads.
pub fn read_request(dialect: &Dialect, operation: &str, head: Head<'_>, body: Given<'_>) -> Request {
    let asked = |part: &str| requests(dialect, operation).filter_map(|it| it.get(part)).collect::<Vec<_>>();
    let mut request = Request { method: head.method.into(), path: head.path.into(), parts: Values::new() };
    let headers = asked("headers");
    if !headers.is_empty() {
        request.parts.set("headers", turned(named(&headers, head.headers), &headers));
    }
    let query = asked("query");
    if !query.is_empty() {
        request.parts.set("query", fields(head.query.unwrap_or_default(), &query));
    }
    match body {
        Given::Nothing => {}
        Given::Json(json) => request.parts.set("json", turned(json, &asked("json"))),
        Given::Form(text) => request.parts.set("form", fields(text, &asked("form"))),
        Given::Text(text) => request.parts.set("text", turned(text.trim().into(), &asked("text"))),
    }
    request
}

/// The headers that the templates name, as they name them. One that is there twice is a list, since two readers might pick different
/// ones.
fn named(templates: &[&Value], headers: &[(String, String)]) -> Value {
    let mut members: Vec<(String, Value)> = Vec::new();
    for (name, _) in templates.iter().filter_map(|it| it.members()).flatten() {
        let same = headers.iter().filter(|(it, _)| it.eq_ignore_ascii_case(name));
        let found: Vec<Value> = same.map(|(_, value)| value.as_str().into()).collect();
        if members.iter().any(|(it, _)| it == name) || found.is_empty() {
            continue;
        }
        let value = if let [one] = found.as_slice() { one.clone() } else { Value::List(found) };
        members.push((name.clone(), value));
    }
    Value::Object(members)
}

/// The fields of a query or form, along the templates.
fn fields(text: &str, templates: &[&Value]) -> Value {
    let Value::Object(members) = turned(form::object(form::decoded(text)), templates) else { return Value::Null };
    let meant = |(name, value): (String, Value)| {
        let below: Vec<&Value> = templates.iter().filter_map(|it| it.get(&name)).collect();
        let value = if let Value::String(text) = &value { xml::typed(text, &below) } else { value };
        (name, value)
    };
    Value::Object(members.into_iter().map(meant).collect())
}

/// A body with its media type, and the headers beside it.
#[derive(Default)]
pub struct Written {
    /// Header names with their values.
    pub headers: Vec<(String, String)>,
    /// The media type of the body.
    pub media_type: &'static str,
    /// The body, if there is one.
    pub body: Option<String>,
}

/// An answer as HTTP has it; `None` for one that cannot be told in XML, or has a value that no header bears.
pub fn write_answer(answer: &Answer) -> Option<Written> {
    let mut written = Written { media_type: "application/json", ..Written::default() };
    for (name, part) in answer.parts.iter() {
        let part = &*encoded(part)?;
        match name {
            "headers" => written.headers = headers(part)?,
            "text" => (written.media_type, written.body) = ("text/plain; charset=utf-8", Some(text(part)?)),
            "xml" => (written.media_type, written.body) = ("application/xml", Some(xml::write(part)?)),
            _ => written.body = Some(serde_json::Value::from(part).to_string()),
        }
    }
    Some(written)
}

fn headers(members: &Value) -> Option<Vec<(String, String)>> {
    members.members()?.iter().map(|(name, value)| Some((name.clone(), text(value)?))).collect()
}

fn text(value: &Value) -> Option<String> {
    super::function::plain(value)
}

/// The value with its functions made: those that stand in answers ask nothing of what is outside.
fn encoded(value: &Value) -> Option<Cow<'_, Value>> {
    if !super::answer::has_function(value) {
        return Some(Cow::Borrowed(value));
    }
    let maker = Maker { outside: &Nowhere, request: None };
    maker.value(&Filled::new(value, vec![value])).ok().map(Cow::Owned)
}

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

/// What an answer says of a token's end as `expires`, in the document's unit: what [`lifetime_ms`](super::lifetime_ms) reads.
pub fn stated_end(unit: &str, now_secs: u64, end_secs: u64) -> Value {
    let left = end_secs.saturating_sub(now_secs) as f64;
    Value::Number(match unit {
        "millis" => left * 1e3,
        "minutes" => left / 60.0,
        "hours" => left / 3_600.0,
        "days" => left / 86_400.0,
        "epoch" => end_secs as f64,
        "epoch-millis" => end_secs as f64 * 1e3,
        "iso8601" => return iso8601(end_secs.saturating_mul(1000)).into(),
        _ => left,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::lifetime_ms;
    use serde_json::json;

    fn dialect(request: serde_json::Value) -> Dialect {
        let document = json!({ "name": "x", "attach": [], "login": { "request": request } });
        Dialect::unchecked(Value::from(&document)).unwrap()
    }

    /// What a login as `ada` with `p:w` is read as.
    fn read(
        request: serde_json::Value,
        query: Option<&str>,
        headers: &[(&str, &str)],
        body: Given<'_>,
    ) -> Option<Values> {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let dialect = dialect(request);
        let head = Head { method: "POST", path: "/login", query, headers: &headers };
        let request = read_request(&dialect, "login", head, body);
        dialect.read_request("login", &request).ok()
    }

    fn ada(read: Option<Values>) {
        let expected = Values::new().with("identifier", "ada").with("password", "p:w");
        assert!(read.is_some_and(|it| it == expected));
    }

    #[test]
    fn forms_queries_headers_and_texts_are_read() {
        let fields = json!({ "u": "{identifier}", "p": "{password}", "v": 2, "g": "password" });
        let text = "g=password&v=2&u=ada&p=p%3Aw&more=1";
        ada(read(json!({ "method": "POST", "path": "/login", "form": fields }), None, &[], Given::Form(text)));
        ada(read(json!({ "method": "POST", "path": "/login", "query": fields }), Some(text), &[], Given::Nothing));
        let headers = json!({ "X-User": "{identifier}", "x-pass": "{password}" });
        let given = [("x-user", "ada"), ("X-Pass", "p:w")];
        ada(read(json!({ "method": "POST", "path": "/login", "headers": headers }), None, &given, Given::Nothing));
        let text = json!({ "method": "POST", "path": "/login", "text": "{identifier}|{password}" });
        ada(read(text, None, &[], Given::Text("ada|p:w\n")));
    }

    #[test]
    fn functions_that_can_be_turned_round_are() {
        let basic = json!({ "$concat": ["Basic ", { "$base64": "{identifier}:{password}" }] });
        let request = json!({ "method": "POST", "path": "/login", "headers": { "Authorization": basic } });
        ada(read(request.clone(), None, &[("authorization", "basic YWRhOnA6dw==")], Given::Nothing));
        assert!(read(request.clone(), None, &[("authorization", "Bearer YWRhOnA6dw==")], Given::Nothing).is_none());
        let twice = [("authorization", "Basic YWRhOnA6dw=="), ("authorization", "Basic YWRhOnA6dw==")];
        assert!(read(request, None, &twice, Given::Nothing).is_none());

        let json = json!({ "data": { "$json": { "u": "{identifier}", "p": { "$base64url": "{password}" } } } });
        let body = Value::from(&json!({ "data": r#"{"u":"ada","p":"cDp3"}"# }));
        ada(read(json!({ "method": "POST", "path": "/login", "json": json }), None, &[], Given::Json(body)));
    }

    #[test]
    fn answers_are_written_as_text_xml_headers_and_with_functions() {
        let written = |parts: serde_json::Value| {
            let answer = Answer { status: 200, parts: Values::of(Value::from(&parts)).unwrap() };
            write_answer(&answer).map(|it| (it.headers, it.media_type, it.body.unwrap_or_default()))
        };
        let headers = json!({ "headers": { "X-Token": { "$base64": "t" }, "X-N": 7 }, "text": "hello" });
        let given = vec![("X-Token".to_string(), "dA==".to_string()), ("X-N".into(), "7".into())];
        assert_eq!(written(headers), Some((given, "text/plain; charset=utf-8", "hello".into())));
        let json = json!({ "json": { "a": { "$base64": { "$json": { "b": 1 } } }, "c": null } });
        assert_eq!(written(json), Some((vec![], "application/json", r#"{"a":"eyJiIjoxfQ==","c":null}"#.into())));
        let xml = written(json!({ "xml": { "a": "x<y" } }));
        assert!(xml.is_some_and(|it| it.2.ends_with("<a>x&lt;y</a>")));
        assert_eq!(written(json!({ "xml": { "a b": "" } })), None);
        assert_eq!(written(json!({})), Some((vec![], "application/json", String::new())));
    }

    #[test]
    fn what_is_said_of_a_tokens_end_is_read_as_its_lifetime() {
        for unit in ["seconds", "millis", "minutes", "hours", "days", "epoch", "epoch-millis", "iso8601"] {
            let said = stated_end(unit, 1_772_705_730, 1_772_709_330);
            assert_eq!(lifetime_ms(unit, &said, 1_772_705_730_000), Some(3_600_000), "{unit}");
        }
    }
}
