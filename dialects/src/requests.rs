//! Requests in both directions, and the headers that carry the token.

use crate::dialect::{Dialect, HeaderTemplate, RequestTemplate};
use crate::write::Scope;
use crate::{Meaning, Reason, Request, Value, Values};

pub(crate) fn write(dialect: &Dialect, operation: &str, values: &Values) -> Result<Request, String> {
    let template = dialect.entry(operation).and_then(|entry| entry.requests.first()).ok_or(operation)?;
    let json = template.json.as_ref().map(|json| json.fill(Scope::of(values))).transpose()?.flatten();
    Ok(Request {
        method: template.method.clone(),
        path: template.path.clone(),
        headers: write_headers(&template.headers, values)?,
        json,
    })
}

pub(crate) fn write_headers(templates: &[HeaderTemplate], values: &Values) -> Result<Vec<(String, String)>, String> {
    let mut headers = Vec::new();
    for template in templates {
        if let Some(value) = template.value.fill_header(Scope::of(values))? {
            headers.push((template.name.clone(), value));
        }
    }
    Ok(headers)
}

pub(crate) fn read(dialect: &Dialect, operation: &str, request: &Request) -> Result<Values, Reason> {
    let requests = dialect.entry(operation).map(|entry| entry.requests.as_slice()).unwrap_or_default();
    let fitting = requests.iter().find_map(|template| template.fit(request));
    match (fitting, requests.first()) {
        (Some(values), _) => match spoiled(&values) {
            Some(reason) => Err(reason),
            None => Ok(values),
        },
        (None, Some(template)) => Err(template.misfit(request.json.as_ref())),
        (None, None) => Err(Reason::PathUnknown),
    }
}

pub(crate) fn read_attached(dialect: &Dialect, headers: &[(String, String)]) -> Result<Values, Meaning> {
    let mut values = Values::new();
    for template in &dialect.attach {
        let mut carries_token = false;
        template.value.holes(&mut |hole| carries_token |= hole.name == "access_token");
        let found = only(headers, &template.name);
        let fits = found.is_some_and(|text| template.value.fits_header(text, &mut values));
        if carries_token && !fits {
            let there = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(&template.name));
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

impl RequestTemplate {
    fn fit(&self, request: &Request) -> Option<Values> {
        let mut values = Values::new();
        let headers = self.headers.iter().all(|template| {
            only(&request.headers, &template.name).is_some_and(|text| template.value.fits_header(text, &mut values))
        });
        let fits = headers
            && self.method == request.method
            && self.json.as_ref().is_none_or(|json| json.fits(request.json.as_ref(), &mut values));
        fits.then_some(values)
    }

    /// Why a body does not fit this template.
    fn misfit(&self, json: Option<&Value>) -> Reason {
        let Some(template) = &self.json else {
            return Reason::FieldMissing;
        };
        if !matches!(json, Some(Value::Object(_) | Value::List(_))) {
            return Reason::BodyUnreadable;
        }
        let fault = |name: &str, missing, malformed| match template.locate(json, name)? {
            None | Some(Value::Null) => Some(missing),
            Some(value) if !is_plain_text(value) => Some(malformed),
            Some(_) => None,
        };
        let mut reason = fault("identifier", Reason::IdentifierMissing, Reason::IdentifierMalformed)
            .or_else(|| fault("password", Reason::PasswordMissing, Reason::PasswordMalformed));
        template.holes(&mut |hole| {
            if reason.is_none() && !hole.optional {
                reason = fault(&hole.name, Reason::FieldMissing, Reason::FieldMalformed);
            }
        });
        reason.unwrap_or(Reason::FieldMalformed)
    }
}
