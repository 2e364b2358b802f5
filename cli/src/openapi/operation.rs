//! Operations: what they take and what they answer.

use super::resolve::{Document, elements, members, text};
use super::{schema, security};
use crate::draft::api::{Carrier, Found, FoundAnswer};
use crate::draft::shape::{Kind, Shape};
use serde_json::Value;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Every operation of the document.
pub(super) fn all(document: &Document<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (path, item) in members(document.root().get("paths")) {
        let item = document.resolve(item);
        for (method, operation) in members(Some(item)) {
            if METHODS.contains(&method.as_str()) {
                found.push(read(*document, path, method, item, operation));
            }
        }
    }
    found
}

fn read(document: Document<'_>, path: &str, method: &str, item: &Value, operation: &Value) -> Found {
    let mut found = Found { method: method.to_uppercase(), path: path.into(), ..Found::default() };
    let described = ["operationId", "summary", "description"].iter().map(|it| text(operation, it).to_string());
    found.words = described.filter(|it| !it.is_empty()).collect();
    let parameters = elements(item.get("parameters")).iter().chain(elements(operation.get("parameters")));
    for parameter in parameters {
        add_parameter(document, &mut found, document.resolve(parameter));
    }
    if let Some(body) = operation.get("requestBody") {
        add_body(document, &mut found, document.resolve(body));
    }
    let needed = security::of(document, operation);
    found.basic = needed.basic;
    found.attached = needed.token;
    found.answers = members(operation.get("responses"))
        .into_iter()
        .filter_map(|(status, it)| answer(document, status, it))
        .collect();
    found
}

fn add_parameter(document: Document<'_>, found: &mut Found, parameter: &Value) {
    let name = text(parameter, "name").to_string();
    let schema = parameter.get("schema").unwrap_or(parameter);
    let mut shape = schema::shape(document, schema, parameter.get("example"));
    shape.required = parameter.get("required").and_then(Value::as_bool).unwrap_or(false);
    match text(parameter, "in") {
        "query" => found.query.push((name, shape)),
        "header" if !["authorization", "accept", "content-type"].contains(&name.to_lowercase().as_str()) => {
            found.headers.push((name, shape))
        }
        "body" => found.body = shape,
        "formData" => {
            found.carrier = Carrier::Form;
            match &mut found.body.kind {
                Kind::Object(members) => members.push((name, shape)),
                other => *other = Kind::Object(vec![(name, shape)]),
            }
        }
        _ => {}
    }
}

fn add_body(document: Document<'_>, found: &mut Found, body: &Value) {
    let content = members(body.get("content"));
    let of = |part: &str| content.iter().find(|(name, _)| name.to_lowercase().contains(part));
    let kinds = [("json", Carrier::Json), ("x-www-form-urlencoded", Carrier::Form), ("multipart", Carrier::Multipart)];
    let taken = kinds.into_iter().find_map(|(part, carrier)| Some((of(part)?, carrier)));
    let Some(((_, media), carrier)) = taken.or_else(|| Some((content.first()?, Carrier::Json))) else { return };
    found.carrier = carrier;
    found.body = media_shape(document, media);
}

fn media_shape(document: Document<'_>, media: &Value) -> Shape {
    let examples = members(media.get("examples"));
    let named = examples.first().and_then(|(_, it)| document.resolve(it).get("value"));
    schema::shape(document, media.get("schema").unwrap_or(&Value::Null), media.get("example").or(named))
}

/// An answer with a status of its own; `default` says nothing that could be told apart, and `2XX` is taken for 200.
fn answer(document: Document<'_>, status: &str, answer: &Value) -> Option<FoundAnswer> {
    let answer = document.resolve(answer);
    let status = match status {
        "2XX" | "2xx" => 200,
        other => other.parse().ok().filter(|it| (200..600).contains(it))?,
    };
    let mut found = FoundAnswer { status, about: text(answer, "description").into(), ..FoundAnswer::default() };
    for (name, header) in members(answer.get("headers")) {
        add_header(document, &mut found, name, document.resolve(header));
    }
    let content = members(answer.get("content"));
    let json = content.iter().find(|(name, _)| name.to_lowercase().contains("json") || name.contains('*'));
    let text = content.iter().find(|(name, _)| name.to_lowercase().starts_with("text/plain"));
    if let Some((_, media)) = json.or(text) {
        found.is_text = json.is_none();
        found.body = Some(media_shape(document, media));
    } else if let Some(schema) = answer.get("schema") {
        let example = members(answer.get("examples")).into_iter().next().map(|(_, it)| it);
        found.body = Some(schema::shape(document, schema, example));
    }
    // A body of which nothing is said is as good as none.
    found.body = found.body.filter(|it| match &it.kind {
        Kind::Any => false,
        Kind::Object(members) => !members.is_empty(),
        _ => true,
    });
    Some(found)
}

fn add_header(document: Document<'_>, found: &mut FoundAnswer, name: &str, header: &Value) {
    if name.eq_ignore_ascii_case("set-cookie") {
        let shown = schema::shape(document, header.get("schema").unwrap_or(header), header.get("example")).sample;
        let cookie = shown.and_then(|it| Some(it.as_str()?.split('=').next()?.trim().to_string()));
        found.cookies.extend(cookie.or_else(|| Some("session".into())));
    } else {
        let shape = schema::shape(document, header.get("schema").unwrap_or(header), header.get("example"));
        found.headers.push((name.into(), shape));
    }
}
