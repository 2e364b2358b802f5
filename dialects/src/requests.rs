//! Requests in both directions, and what goes along with every one of them.

use crate::dialect::{Dialect, Operation};
use crate::read::{fits, fits_header, fits_headers, locate};
use crate::template::{has_hole, holes, whole};
use crate::write::{Scope, Written, fill};
use crate::{FULL, Meaning, Reason, Request, Value, Values};

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

/// The parts of a request's template: everything but its method and its path.
fn parts(template: &Value) -> impl Iterator<Item = &(String, Value)> {
    members(Some(template)).iter().filter(|(name, _)| !matches!(name.as_str(), "method" | "path"))
}

pub(crate) fn write<'a>(
    dialect: &'a Dialect,
    operation: &'a str,
    step: usize,
    values: &Values,
) -> Result<Request, &'a str> {
    let template = dialect.step(operation, step).and_then(|it| it.get("request")).ok_or(operation)?;
    let mut parts = Values::new();
    for (name, it) in members(Some(template)) {
        let place = match name.as_str() {
            "headers" => Written::Header,
            "path" => Written::Path,
            _ => Written::Body,
        };
        if let Some(part) = fill(it, Scope { place, ..Scope::of(values) })? {
            parts.set(name, part);
        }
    }
    let (method, path) = (taken(&mut parts, "method"), taken(&mut parts, "path"));
    let request = Request { method, path, parts };
    // What the API gave in place of a path is taken as it is, so it must not be an escape from the base in disguise.
    let given = template.get("path").filter(|_| FULL).and_then(Value::as_str).and_then(whole);
    match given {
        Some(hole) if request.path.bytes().any(|it| it == b'%') => Err(hole.name),
        _ => Ok(request),
    }
}

fn taken(parts: &mut Values, name: &str) -> String {
    match parts.remove(name) {
        Some(Value::String(text)) => text,
        _ => String::new(),
    }
}

fn members(value: Option<&Value>) -> &[(String, Value)] {
    value.and_then(Value::members).unwrap_or_default()
}

pub(crate) fn attach<'a>(dialect: &'a Dialect, values: &Values, token: bool) -> Result<Vec<Value>, &'a str> {
    let scope = Scope { place: Written::Header, ..Scope::of(values) };
    let mut all = Vec::new();
    for (list, goes) in [("always", true), ("attach", token)] {
        for element in dialect.list(list) {
            // The platform's cookies, which have no value here, go along with every request.
            if (goes || element.get("value").is_none())
                && let Some(filled) = fill(element, scope)?
                && members(Some(&filled)).len() == members(Some(element)).len()
            {
                all.push(filled);
            }
        }
    }
    Ok(all)
}

pub(crate) fn read(dialect: &Dialect, operation: &str, request: &Request) -> Result<Values, Reason> {
    let Some(section) = dialect.section(operation) else { return Err(Reason::PathUnknown) };
    match templates(section).find_map(|template| fit(template, request)) {
        Some(values) => spoiled(&values).map_or(Ok(values), Err),
        None => Err(misfit(section.get("request").unwrap_or(&Value::Null), request)),
    }
}

pub(crate) fn peek<'a>(dialect: &Dialect, operation: &str, request: &'a Request, name: &str) -> Option<&'a Value> {
    found(dialect.section(operation)?.get("request")?, request, name)?
}

/// What stands where the hole of that name is, in whichever part.
fn found<'a>(template: &Value, request: &'a Request, name: &str) -> Option<Option<&'a Value>> {
    parts(template).find_map(|(part, it)| locate(it, request.parts.get(part), name))
}

pub(crate) fn read_attached(
    dialect: &Dialect,
    headers: &[(String, String)],
    query: &[(String, String)],
) -> Result<Values, Meaning> {
    let mut values = Values::new();
    for element in dialect.list("attach") {
        let given = |member, all, fold| Some((element.get(member)?.as_str()?, all, fold));
        let Some((name, all, fold)) = given("header", headers, true).or_else(|| given("query", query, false)) else {
            continue;
        };
        let Some(template) = element.get("value") else { continue };
        let named = |it: &&(String, String)| if fold { it.0.eq_ignore_ascii_case(name) } else { it.0 == name };
        let mut there = all.iter().filter(named);
        // Twice is as good as malformed, since two readers might pick different ones.
        let only = there.next().filter(|_| there.next().is_none()).map(|it| Value::from(it.1.as_str()));
        let fits = only.is_some_and(|text| fits_header(template, Some(&text), &mut values));
        if !fits && has_hole(template, "access_token") {
            let there = all.iter().any(|it| named(&it));
            return Err(if there { Meaning::TokenMalformed } else { Meaning::TokenMissing });
        }
    }
    Ok(values)
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
    let fits = template.get("method").and_then(Value::as_str) == Some(&request.method)
        && parts(template).all(|(name, it)| match name.as_str() {
            "headers" => fits_headers(it, request.parts.get(name), &mut values),
            _ => fits(it, request.parts.get(name), &mut values),
        });
    fits.then_some(values)
}

/// Why a request does not fit a template.
fn misfit(template: &Value, request: &Request) -> Reason {
    if template.get("json").is_some() && !matches!(request.parts.get("json"), Some(Value::Object(_) | Value::List(_))) {
        return Reason::BodyUnreadable;
    }
    let fault = |name: &str, missing, malformed| match found(template, request, name)? {
        None | Some(Value::Null) => Some(missing),
        Some(value) if !is_plain_text(value) => Some(malformed),
        Some(_) => None,
    };
    let mut reason = fault("identifier", Reason::IdentifierMissing, Reason::IdentifierMalformed)
        .or_else(|| fault("password", Reason::PasswordMissing, Reason::PasswordMalformed));
    for (_, part) in parts(template) {
        holes(part, &mut |hole| {
            if reason.is_none() && !hole.optional {
                reason = fault(hole.name, Reason::FieldMissing, Reason::FieldMalformed);
            }
        });
    }
    reason.unwrap_or(Reason::FieldMalformed)
}
