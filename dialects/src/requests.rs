//! Requests in both directions, and the headers that carry the token.

use crate::dialect::{Dialect, Operation};
use crate::read::{fits, fits_header, locate};
use crate::template::{has_hole, holes};
use crate::write::{Scope, fill, fill_header};
use crate::{Meaning, Reason, Request, Value, Values};

/// Names with their values.
type Headers = Vec<(String, String)>;

pub(crate) fn operation(name: &str, section: &Value) -> Operation {
    let text = |it: &Value, member| it.get(member).and_then(Value::as_str).unwrap_or_default().to_string();
    Operation {
        name: name.into(),
        routes: templates(section).map(|it| (text(it, "method"), text(it, "path"))).collect(),
        attached: is_attached(section),
    }
}

pub(crate) fn is_attached(section: &Value) -> bool {
    section.get("attach").and_then(Value::as_bool).unwrap_or(false)
}

/// The request templates of an operation: what the client writes first, then the alternatives.
fn templates(section: &Value) -> impl Iterator<Item = &Value> {
    let alternatives = section.get("alternatives").and_then(Value::elements).unwrap_or_default();
    section.get("request").into_iter().chain(alternatives)
}

pub(crate) fn write<'a>(dialect: &'a Dialect, operation: &'a str, values: &Values) -> Result<Request, &'a str> {
    let template = dialect.section(operation).and_then(|it| it.get("request")).ok_or(operation)?;
    let text = |member: &'static str| template.get(member).and_then(Value::as_str).ok_or(member);
    let mut headers = Vec::new();
    for (name, value) in members(template.get("headers")) {
        push_header(&mut headers, name, value, values)?;
    }
    let (method, path) = (text("method")?, text("path")?);
    let json = match template.get("json") {
        Some(json) => fill(json, Scope::of(values))?,
        None => None,
    };
    Ok(Request { method: method.into(), path: path.into(), headers, json })
}

fn members(value: Option<&Value>) -> &[(String, Value)] {
    value.and_then(Value::members).unwrap_or_default()
}

fn push_header<'a>(headers: &mut Headers, name: &str, template: &'a Value, values: &Values) -> Result<(), &'a str> {
    if let Some(value) = fill_header(template, values)? {
        headers.push((name.into(), value));
    }
    Ok(())
}

pub(crate) fn attach<'a>(dialect: &'a Dialect, values: &Values) -> Result<Headers, &'a str> {
    let mut headers = Vec::new();
    for element in dialect.list("attach") {
        if let (Some(name), Some(value)) = (element.get("header").and_then(Value::as_str), element.get("value")) {
            push_header(&mut headers, name, value, values)?;
        }
    }
    Ok(headers)
}

pub(crate) fn read(dialect: &Dialect, operation: &str, request: &Request) -> Result<Values, Reason> {
    let Some(section) = dialect.section(operation) else { return Err(Reason::PathUnknown) };
    match templates(section).find_map(|template| fit(template, request)) {
        Some(values) => spoiled(&values).map_or(Ok(values), Err),
        None => Err(misfit(section.get("request").and_then(|it| it.get("json")), request.json.as_ref())),
    }
}

pub(crate) fn peek<'a>(dialect: &Dialect, operation: &str, request: &'a Request, name: &str) -> Option<&'a Value> {
    let template = dialect.section(operation)?.get("request")?.get("json")?;
    locate(template, request.json.as_ref(), name)?
}

pub(crate) fn read_attached(dialect: &Dialect, headers: &[(String, String)]) -> Result<Values, Meaning> {
    let mut values = Values::new();
    for element in dialect.list("attach") {
        let (Some(name), Some(template)) = (element.get("header").and_then(Value::as_str), element.get("value")) else {
            continue;
        };
        let fits = only(headers, name).is_some_and(|text| fits_header(template, text, &mut values));
        if !fits && has_hole(template, "access_token") {
            let there = headers.iter().any(|(it, _)| it.eq_ignore_ascii_case(name));
            return Err(if there { Meaning::TokenMalformed } else { Meaning::TokenMissing });
        }
    }
    Ok(values)
}

/// The value of a header that is there once; twice is as good as malformed, since two readers might pick
/// different ones.
fn only<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut found = headers.iter().filter(|(it, _)| it.eq_ignore_ascii_case(name));
    let (_, value) = found.next()?;
    found.next().is_none().then_some(value)
}

/// The first of the well-known captures that is no text, or has a NUL in it, which no store and no log bears.
fn spoiled(values: &Values) -> Option<Reason> {
    let bad = |name: &str| values.get(name).is_some_and(|value| !is_plain_text(value));
    if bad("identifier") {
        return Some(Reason::IdentifierMalformed);
    }
    if bad("password") {
        return Some(Reason::PasswordMalformed);
    }
    (bad("code") || bad("resend_code")).then_some(Reason::FieldMalformed)
}

fn is_plain_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.contains('\0'))
}

fn fit(template: &Value, request: &Request) -> Option<Values> {
    let mut values = Values::new();
    let headers = members(template.get("headers")).iter().all(|(name, template)| {
        only(&request.headers, name).is_some_and(|text| fits_header(template, text, &mut values))
    });
    let fits = headers
        && template.get("method").and_then(Value::as_str) == Some(&request.method)
        && template.get("json").is_none_or(|json| fits(json, request.json.as_ref(), &mut values));
    fits.then_some(values)
}

/// Why a body does not fit a template.
fn misfit(template: Option<&Value>, json: Option<&Value>) -> Reason {
    let Some(template) = template else { return Reason::FieldMissing };
    if !matches!(json, Some(Value::Object(_) | Value::List(_))) {
        return Reason::BodyUnreadable;
    }
    let fault = |name: &str, missing, malformed| match locate(template, json, name)? {
        None | Some(Value::Null) => Some(missing),
        Some(value) if !is_plain_text(value) => Some(malformed),
        Some(_) => None,
    };
    let mut reason = fault("identifier", Reason::IdentifierMissing, Reason::IdentifierMalformed)
        .or_else(|| fault("password", Reason::PasswordMissing, Reason::PasswordMalformed));
    holes(template, &mut |hole| {
        if reason.is_none() && !hole.optional {
            reason = fault(hole.name, Reason::FieldMissing, Reason::FieldMalformed);
        }
    });
    reason.unwrap_or(Reason::FieldMalformed)
}
