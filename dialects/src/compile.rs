//! Compiling: a document becomes a [`Dialect`].
//!
//! This file does not say what is wrong with a document; `check.rs` does. They are two, because the wasm carries
//! this one alone: with pointers and reasons in between it weighed three times as much.

use crate::dialect::{AnswerTemplate, Dialect, Entry, Expires, HeaderTemplate, Operation, Renewal, RequestTemplate};
use crate::template::{Hole, Template};
use crate::{Meaning, Reason, Value};

/// The dialect that a document describes; `None` if something in it cannot be understood.
pub(crate) fn compile(document: &Value) -> Option<Dialect> {
    let name = text(document, "name")?;
    let renew = document.get("renew");
    let mut operations = vec![operation("login", document.get("login")?)?];
    let renewal = match renew {
        Some(Value::String(word)) if word == "login" => Renewal::Login,
        Some(endpoint @ Value::Object(_)) => {
            operations.push(operation("renew", endpoint)?);
            Renewal::Endpoint
        }
        _ => Renewal::None,
    };
    for (name, value) in members(document.get("operations")) {
        operations.push(operation(name, value)?);
    }
    let expires = document.get("expires");
    Some(Dialect {
        title: text(document, "title").unwrap_or_else(|| name.clone()),
        name,
        attach: each(document.get("attach"), |it| header(it.get("header")?.as_str()?, it.get("value")?))?,
        expires: Expires {
            jwt: expires.is_some_and(|it| flag(it, "jwt")),
            after_secs: expires.and_then(|it| it.get("after_secs")?.as_u64()),
        },
        renewal,
        operations,
        refusals: each(document.get("refusals"), answer)?,
        errors: match document.get("errors") {
            Some(errors) => Template::compile(errors.get("json")?)?,
            None => plain_error(),
        },
        #[cfg(feature = "issue")]
        issue: None,
    })
}

/// The shape of default answers where a document names none: `{"error": "<code>"}`.
fn plain_error() -> Template {
    let code = Hole { name: "error_code".into(), optional: false };
    Template::Object(vec![("error".into(), Template::Hole(code))])
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().map(String::from)
}

fn flag(value: &Value, name: &str) -> bool {
    value.get(name).and_then(Value::as_bool).unwrap_or(false)
}

fn members(value: Option<&Value>) -> &[(String, Value)] {
    value.and_then(Value::members).unwrap_or_default()
}

/// Every element, compiled; none where the list is absent.
fn each<T>(list: Option<&Value>, compile: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    let mut all = Vec::new();
    for element in list.and_then(Value::elements).unwrap_or_default() {
        all.push(compile(element)?);
    }
    Some(all)
}

fn operation(name: &str, value: &Value) -> Option<Entry> {
    let mut requests = each(value.get("alternatives"), request)?;
    requests.insert(0, request(value.get("request")?)?);
    let mut routes = Vec::new();
    for request in &requests {
        routes.push((request.method.clone(), request.path.clone()));
    }
    let operation = Operation { name: name.into(), routes, attached: flag(value, "attach") };
    Some(Entry { operation, requests, answers: each(value.get("answers"), answer)? })
}

fn request(value: &Value) -> Option<RequestTemplate> {
    let mut headers = Vec::new();
    for (name, value) in members(value.get("headers")) {
        headers.push(header(name, value)?);
    }
    Some(RequestTemplate {
        method: text(value, "method")?,
        path: text(value, "path")?,
        headers,
        json: optional(value.get("json"))?,
    })
}

fn header(name: &str, value: &Value) -> Option<HeaderTemplate> {
    Some(HeaderTemplate { name: name.into(), value: Template::compile(value)? })
}

fn answer(value: &Value) -> Option<AnswerTemplate> {
    Some(AnswerTemplate {
        status: value.get("status")?.as_u64()? as u16,
        json: optional(value.get("json"))?,
        means: Meaning::parse(value.get("means")?.as_str()?)?,
        reason: value.get("reason").and_then(Value::as_str).and_then(Reason::parse),
        also: each(value.get("also"), |it| Meaning::parse(it.as_str()?))?,
    })
}

fn optional(value: Option<&Value>) -> Option<Option<Template>> {
    value.map_or(Some(None), |value| Template::compile(value).map(Some))
}

impl Template {
    /// The template that a value of the document spells; `None` for a text that is none.
    pub(crate) fn compile(value: &Value) -> Option<Template> {
        Some(match value {
            Value::String(text) => Template::text(text).ok()?,
            list @ Value::List(_) => Template::List(each(Some(list), Template::compile)?),
            Value::Object(members) => {
                let mut compiled = Vec::new();
                for (name, value) in members {
                    compiled.push((name.clone(), Template::compile(value)?));
                }
                Template::Object(compiled)
            }
            constant => Template::Constant(constant.clone()),
        })
    }
}
