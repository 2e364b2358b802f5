//! Reading: does a value have a template's shape, and what stands in its holes?

use crate::template::{Hole, Piece, Pieces, has_hole, is_token, whole};
use crate::write::push_text;
use crate::{Value, Values};

/// True if the value fits; what the template's holes hold has been added to `captures` then. After a misfit
/// `captures` holds whatever was captured before it, and is to be thrown away.
pub(crate) fn fits(template: &Value, value: Option<&Value>, captures: &mut Values) -> bool {
    match (template, value) {
        (Value::String(source), value) => match (whole(source), value) {
            (Some(hole), value) => hole.capture(value, captures),
            (None, Some(Value::String(text))) => fits_text(source, text, false, captures),
            _ => false,
        },
        (Value::List(elements), Some(Value::List(values))) => {
            elements.len() <= values.len()
                && elements.iter().zip(values).all(|(it, value)| fits(it, Some(value), captures))
        }
        (Value::Object(members), Some(value @ Value::Object(_))) => {
            members.iter().all(|(name, it)| fits(it, value.get(name), captures))
        }
        (Value::List(_) | Value::Object(_), _) => false,
        (constant, value) => value.is_some_and(|value| agree(constant, value)),
    }
}

/// The same for headers, an object of names without regard to case. Fixed text in a value is compared in the same way, since what
/// stands there is an authentication scheme (RFC 9110 section 11.1: "a case-insensitive token").
pub(crate) fn fits_headers(template: &Value, headers: Option<&Value>, captures: &mut Values) -> bool {
    let headers = headers.and_then(Value::members).unwrap_or_default();
    template.members().unwrap_or_default().iter().all(|(name, it)| {
        let header = headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
        fits_header(it, header.map(|it| &it.1), captures)
    })
}

pub(crate) fn fits_header(template: &Value, value: Option<&Value>, captures: &mut Values) -> bool {
    match (template.as_str(), value.and_then(Value::as_str)) {
        (Some(source), Some(text)) if whole(source).is_none() => fits_text(source, text, true, captures),
        _ => fits(template, value, captures),
    }
}

/// What stands where the hole of that name is: `None` if the template has no such hole, `Some(None)` if nothing
/// stands there. A hole inside a text counts as the whole text.
pub(crate) fn locate<'a>(template: &Value, value: Option<&'a Value>, name: &str) -> Option<Option<&'a Value>> {
    match template {
        Value::List(elements) => {
            let at = |index| value.and_then(Value::elements).and_then(|values| values.get(index));
            elements.iter().enumerate().find_map(|(index, it)| locate(it, at(index), name))
        }
        Value::Object(members) => {
            members.iter().find_map(|(member, it)| locate(it, value.and_then(|value| value.get(member)), name))
        }
        leaf => has_hole(leaf, name).then_some(value),
    }
}

impl Hole<'_> {
    pub(crate) fn capture(&self, value: Option<&Value>, captures: &mut Values) -> bool {
        if self.is_ambient() {
            return true;
        }
        let Some(value) = value.filter(|value| !matches!(value, Value::Null)) else {
            return self.optional;
        };
        if self.is_blank() {
            return true;
        }
        let mut text = String::new();
        let is_token = is_token(self.name);
        if !(if is_token { push_token(value, &mut text) } else { value.is_exact() }) {
            return false;
        }
        let value = if is_token { Value::String(text) } else { value.clone() };
        match captures.get(self.name) {
            Some(earlier) => agree(earlier, &value),
            None => {
                captures.set(self.name, value);
                true
            }
        }
    }
}

/// Whether two values that should be the same are not seen to differ. Of lists and objects that is taken on trust: an answer
/// that tells the user twice is no place to look for lies.
fn agree(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Null, Value::Null) | (Value::List(_), Value::List(_)) | (Value::Object(_), Value::Object(_)) => true,
        (Value::Bool(one), Value::Bool(other)) => one == other,
        (Value::Number(one), Value::Number(other)) => one == other,
        (Value::String(one), Value::String(other)) => one == other,
        _ => false,
    }
}

/// Whether it is a bearer secret, as text: visible ASCII, or a number, which some APIs take for a session's name.
fn push_token(value: &Value, text: &mut String) -> bool {
    push_text(value, text) && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

pub(crate) fn fits_text(source: &str, text: &str, fold_case: bool, captures: &mut Values) -> bool {
    let (mut pieces, mut rest) = (Pieces(source), text);
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Fixed(fixed) => match strip(rest, fixed, fold_case) {
                Some(left) => rest = left,
                None => return false,
            },
            Piece::Hole(hole) => {
                let Some((inner, left)) = split_hole(rest, pieces) else { return false };
                if (inner.is_empty() && !hole.optional) || !hole.capture(Some(&inner.into()), captures) {
                    return false;
                }
                rest = left;
            }
        }
    }
    rest.is_empty()
}

/// How much of a text stands in a hole before these pieces, and what is left: as little as the fixed text allows that comes next, and
/// everything but that if it is the last.
///
/// Not by `str::find`, which would link a two-way searcher: 2 KB for texts of a few dozen bytes.
fn split_hole<'a>(text: &'a str, after: Pieces<'_>) -> Option<(&'a str, &'a str)> {
    for end in 0..text.len() + 1 {
        if let Some((inner, left)) = text.split_at_checked(end)
            && goes_on(left, after)
        {
            return Some((inner, left));
        }
    }
    None
}

/// Whether a text begins with the fixed text up to the next hole, or is that text if no other hole comes.
fn goes_on(mut text: &str, pieces: Pieces<'_>) -> bool {
    for piece in pieces {
        let Piece::Fixed(fixed) = piece else { return true };
        let Some(left) = text.strip_prefix(fixed) else { return false };
        text = left;
    }
    text.is_empty()
}

fn strip<'a>(text: &'a str, fixed: &str, fold_case: bool) -> Option<&'a str> {
    if !fold_case {
        return text.strip_prefix(fixed);
    }
    let head = text.get(..fixed.len())?;
    if head.eq_ignore_ascii_case(fixed) { text.get(fixed.len()..) } else { None }
}
