//! Request templates.

use super::function::{self, is_function};
use super::names::Around;
use crate::Value;
use crate::place::{Loaded, Place};
use crate::template::{BODIES, whole};

pub(super) fn request(place: &Place<'_>, around: &Around<'_>) -> Loaded<()> {
    place.only(&["method", "path", "query", "headers", "json", "form", "multipart", "text", "xml"])?;
    let method = place.required("method")?;
    if !["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method.text()?) {
        return method.fault("expected GET, POST, PUT, PATCH or DELETE");
    }
    let path_place = place.required("path")?;
    path(&path_place)?;
    path_place.template(&|name| around.is_request_name(name))?;
    if BODIES.iter().filter(|name| place.member(name).is_some()).count() > 1 {
        return place.fault("expected one of json, form, multipart, text and xml: a request has one body");
    }
    place.optional("headers", |it| headers(it, &|name| around.is_request_name(name)))?;
    for name in ["query", "form", "multipart"] {
        place.optional(name, |place| place.members()?.iter().try_for_each(|(_, it)| field(it, around)))?;
    }
    for name in ["json", "text", "xml"] {
        place.optional(name, |place| body(place, around))?;
    }
    place.optional("text", |place| is_text(place).map_or_else(|| place.fault(TEXT), Ok))?;
    place.optional("xml", root)
}

fn body(place: &Place<'_>, around: &Around<'_>) -> Loaded<()> {
    function::written(place)?;
    place.template(&|name| around.is_request_name(name))
}

/// A parameter or a field: once, or a list of several.
fn field(place: &Place<'_>, around: &Around<'_>) -> Loaded<()> {
    if let Value::List(_) = place.value {
        return place.elements()?.iter().try_for_each(|it| field(it, around));
    }
    let plain = matches!(place.value, Value::Number(_) | Value::Bool(_));
    if !plain && is_text(place).is_none() {
        return place.fault("expected text, a number, true or false, a function, or a list of those");
    }
    body(place, around)
}

const TEXT: &str = "expected text or a function";

/// Whether text can come of it.
fn is_text(place: &Place<'_>) -> Option<()> {
    (place.value.as_str().is_some() || is_function(place.value)).then_some(())
}

/// Headers by their names, of a request or of an answer.
pub(super) fn headers(place: &Place<'_>, allowed: &dyn Fn(&str) -> bool) -> Loaded<()> {
    for (name, place) in place.members()? {
        if !is_header_name(name) {
            return place.fault(HEADER_NAME);
        }
        text(&place, allowed)?;
    }
    Ok(())
}

/// Text or a function.
pub(super) fn text(place: &Place<'_>, allowed: &dyn Fn(&str) -> bool) -> Loaded<()> {
    is_text(place).map_or_else(|| place.fault(TEXT), Ok)?;
    function::written(place)?;
    place.template(allowed)
}

/// An XML document has one element at its top.
pub(super) fn root(place: &Place<'_>) -> Loaded<()> {
    match place.members()?.len() {
        1 => Ok(()),
        _ => place.fault("expected an object with one member, the root element"),
    }
}

pub(super) const HEADER_NAME: &str = "expected a header name (RFC 9110 section 5.1)";

pub(super) fn is_header_name(name: &str) -> bool {
    const SYMBOLS: &[u8] = b"!#$%&'*+-.^_`|~";
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || SYMBOLS.contains(&byte))
}

/// A path that stays below any base to which it is appended (RFC 3986 section 3.3): no query, no empty or dotted segment but an empty
/// last one, no escapes. Or one hole, for what the API gives.
fn path(place: &Place<'_>) -> Loaded<()> {
    let path = place.text()?;
    if whole(path).is_some() {
        return Ok(());
    }
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=:@{}?".contains(&byte);
    let segments = path.strip_prefix('/').map(|rest| rest.strip_suffix('/').unwrap_or(rest));
    let below = path == "/" || segments.is_some_and(|it| !it.split('/').any(|it| matches!(it, "" | "." | "..")));
    if !below || !path.bytes().all(good) || fixed(path).contains('?') {
        return place
            .fault("expected a path such as /auth/login: '/' and plain segments, none of them empty or dotted");
    }
    Ok(())
}

/// What stands outside of the holes.
fn fixed(path: &str) -> String {
    use crate::template::{Piece, Pieces};
    let fixed = Pieces(path).filter_map(|piece| if let Piece::Fixed(text) = piece { Some(text) } else { None });
    fixed.collect()
}
