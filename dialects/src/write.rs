//! Writing: a template filled with values.

use crate::template::{Hole, Piece, Pieces, whole};
use crate::{FULL, MAX_EXACT, Value, Values};

/// Where a template's values come from: the message's own first (a service may word
/// `message` itself), then the ambient ones.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) own: &'a Values,
    pub(crate) ambient: Option<&'a Values>,
    pub(crate) place: Written,
}

/// Where what is written will stand.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Written {
    /// In a body, where everything can.
    Body,
    /// In a header, which no text may break out of.
    Header,
    /// In a path, as a part of one segment.
    Path,
}

impl<'a> Scope<'a> {
    pub(crate) const fn of(own: &'a Values) -> Scope<'a> {
        Scope { own, ambient: None, place: Written::Body }
    }

    /// The value for a hole; the error is the name of one that is missing or cannot stand here.
    fn value<'t>(&self, hole: &Hole<'t>) -> Result<Option<&'a Value>, &'t str> {
        let value = self.own.get(hole.name).or_else(|| self.ambient?.get(hole.name));
        let good = match value {
            Some(_) if !FULL && self.place == Written::Path => false,
            Some(value) => self.place != Written::Header || value.as_str().is_none_or(is_header_text),
            None => hole.optional || hole.is_blank(),
        };
        if good { Ok(value) } else { Err(hole.name) }
    }
}

/// The value that a template makes; `None` for an optional hole without a value.
///
/// The error is the name of the value that is missing or cannot stand in a text.
pub(crate) fn fill<'t>(template: &'t Value, scope: Scope<'_>) -> Result<Option<Value>, &'t str> {
    Ok(Some(match template {
        Value::String(source) => match whole(source) {
            None => Value::String(fill_text(source, scope)?),
            Some(hole) => match scope.value(&hole)? {
                Some(value) => value.clone(),
                None => return Ok(None),
            },
        },
        Value::List(elements) => {
            let mut filled = Vec::new();
            for element in elements {
                if let Some(value) = fill(element, scope)? {
                    filled.push(value);
                }
            }
            Value::List(filled)
        }
        Value::Object(members) => {
            let mut filled = Vec::new();
            let scope = if is_function(members) { Scope { place: Written::Body, ..scope } } else { scope };
            for (name, member) in members {
                if let Some(value) = fill(member, scope)? {
                    filled.push((name.clone(), value));
                }
            }
            Value::Object(filled)
        }
        constant => constant.clone(),
    }))
}

/// Whether these are the members of a function, `{ "$base64": … }`: what it is given goes nowhere as it is, but through a codec.
fn is_function(members: &[(String, Value)]) -> bool {
    members.first().is_some_and(|(name, _)| name.starts_with('$'))
}

/// Visible characters, spaces and tabs (RFC 9110 section 5.5); never CR, LF or NUL.
fn is_header_text(text: &str) -> bool {
    text.bytes().all(|byte| byte == b'\t' || (byte >= b' ' && byte != 0x7f))
}

fn fill_text<'t>(source: &'t str, scope: Scope<'_>) -> Result<String, &'t str> {
    let mut text = String::new();
    for piece in Pieces(source) {
        match piece {
            Piece::Fixed(fixed) => text.push_str(fixed),
            Piece::Hole(hole) => {
                if let Some(value) = scope.value(&hole)?
                    && !(if FULL && scope.place == Written::Path { push_segment } else { push_text })(value, &mut text)
                {
                    return Err(hole.name);
                }
            }
        }
    }
    Ok(text)
}

/// Appends the text of a string or of an integer; false for anything else, which has none. Integers only: formatting an `f64`
/// costs the wasm 9 KB.
pub(crate) fn push_text(value: &Value, out: &mut String) -> bool {
    match value {
        Value::String(text) => out.push_str(text),
        Value::Number(number) if number.trunc() == *number && number.abs() <= MAX_EXACT => {
            out.push_str(if *number < 0.0 { "-" } else { "" });
            push_digits(number.abs() as u64, out);
        }
        _ => return false,
    }
    true
}

fn push_digits(number: u64, text: &mut String) {
    if number > 9 {
        push_digits(number / 10, text);
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}

/// Appends what has a text as a part of one segment of a path, percent-encoded (RFC 3986 section 2.1); false for what is none, or
/// would be read as more than one, or as the segment above.
fn push_segment(value: &Value, out: &mut String) -> bool {
    let mut text = String::new();
    if !push_text(value, &mut text) || matches!(text.as_str(), "" | "." | "..") {
        return false;
    }
    for byte in text.bytes() {
        match byte {
            // Some servers decode twice, so that an escape of an escape could be a way up.
            b'/' | b'\\' | b'%' | 0..b' ' | 0x7f => return false,
            b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            _ => {
                out.push('%');
                for digit in [byte >> 4, byte & 15] {
                    out.push(char::from(if digit > 9 { b'A' - 10 + digit } else { b'0' + digit }));
                }
            }
        }
    }
    true
}
