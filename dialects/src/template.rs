//! A template: the shape of a message, read in both directions. It is a JSON value whose texts may have holes, and is
//! interpreted as it stands in the document: a compiled form was tried, and weighed 2 KB in the wasm to save
//! microseconds. This file takes texts apart; `read.rs` fits a template to a value, `write.rs` fills one, `shadow.rs`
//! compares two.

use crate::Value;

/// A text of a document, taken apart.
pub(crate) enum Text<'a> {
    /// `"{name}"` as a whole: any JSON.
    Hole(Hole<'a>),
    /// Fixed parts and holes between them. One fixed part, or none, is a text that stands for itself.
    Parts(Vec<Part<'a>>),
}

/// A piece of a text template. Two holes never touch, so a text is read in one way only.
#[derive(PartialEq)]
pub(crate) enum Part<'a> {
    Fixed(String),
    Hole(Hole<'a>),
}

/// A named place: a capture when reading, an insertion when writing.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Hole<'a> {
    pub(crate) name: &'a str,
    /// Written `{name?}`: may be missing.
    pub(crate) optional: bool,
}

impl Hole<'_> {
    /// True for what the server knows by itself (time, path, trace); the reader ignores it.
    pub(crate) fn is_ambient(&self) -> bool {
        is_ambient(self.name)
    }
}

/// The names of ambient values: written by the server, ignored by the reader.
pub(crate) fn is_ambient(name: &str) -> bool {
    name.starts_with("now.")
        || matches!(name, "request.path" | "trace_id" | "status" | "status_text" | "error_code" | "message")
}

/// Whether there is an ambient value of that name. The reader need not ask so exactly of a document that has been checked.
#[cfg(feature = "check")]
pub(crate) fn is_known_ambient(name: &str) -> bool {
    const NOW: [&str; 3] = ["now.iso8601_offset", "now.epoch_secs", "now.epoch_millis"];
    is_ambient(name) && (!name.starts_with("now.") || NOW.contains(&name))
}

/// True for names whose values are bearer secrets: they have to be non-empty text of visible ASCII
/// (RFC 6750 section 2.1 is narrower still), so that no captured token can break out of a header.
pub(crate) fn is_token(name: &str) -> bool {
    matches!(name, "access_token" | "refresh_token")
}

/// What is wrong with a text template; the loader adds where.
pub(crate) enum TextFault {
    /// A `{` without its `}`, or the other way round.
    Unbalanced,
    /// Two holes without fixed text between them.
    Touching,
    /// A hole without a name, or a name with characters other than letters, digits, `_`, `-` and `.`.
    Name,
}

impl<'a> Text<'a> {
    /// Takes a text apart. `{{` and `}}` stand for the braces themselves.
    pub(crate) fn parse(source: &'a str) -> Result<Text<'a>, TextFault> {
        let parts = parts(source)?;
        Ok(if let [Part::Hole(hole)] = *parts { Text::Hole(hole) } else { Text::Parts(parts) })
    }

    /// For documents that have been checked: what cannot be taken apart stands for itself.
    pub(crate) fn of(source: &'a str) -> Text<'a> {
        Text::parse(source).unwrap_or_else(|_| Text::Parts(vec![Part::Fixed(source.into())]))
    }
}

/// Calls `visit` for every hole of a template, in document order.
pub(crate) fn holes(template: &Value, visit: &mut dyn FnMut(&Hole<'_>)) {
    match template {
        Value::String(text) => match Text::of(text) {
            Text::Hole(hole) => visit(&hole),
            Text::Parts(parts) => parts.iter().for_each(|part| {
                if let Part::Hole(hole) = part {
                    visit(hole);
                }
            }),
        },
        Value::List(elements) => elements.iter().for_each(|it| holes(it, visit)),
        Value::Object(members) => members.iter().for_each(|(_, it)| holes(it, visit)),
        _ => {}
    }
}

/// Whether a template has a hole of that name.
pub(crate) fn has_hole(template: &Value, name: &str) -> bool {
    let mut found = false;
    holes(template, &mut |hole| found |= hole.name == name);
    found
}

/// By bytes, since braces are ASCII: what searches for characters would weigh twice as much in the wasm, and `split_at`, whose
/// panic shows characters, ten times.
fn parts(source: &str) -> Result<Vec<Part<'_>>, TextFault> {
    let mut parts = Vec::new();
    let mut fixed = String::new();
    let mut rest = source;
    loop {
        let at = rest.bytes().position(|byte| byte == b'{' || byte == b'}').unwrap_or(rest.len());
        let brace = cut(rest, at, rest.len());
        let doubled = brace.starts_with("{{") || brace.starts_with("}}");
        // The first of two stands for both.
        fixed.push_str(cut(rest, 0, at + usize::from(doubled)));
        if doubled {
            rest = cut(brace, 2, brace.len());
            continue;
        }
        if brace.is_empty() {
            push_fixed(&mut parts, &mut fixed);
            return Ok(parts);
        }
        let end = brace.bytes().position(|byte| byte == b'}').filter(|end| *end > 0).ok_or(TextFault::Unbalanced)?;
        push_hole(&mut parts, &mut fixed, cut(brace, 1, end))?;
        rest = cut(brace, end + 1, brace.len());
    }
}

/// A part of a text between two positions at which it has braces, or ends.
fn cut(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or_default()
}

fn push_fixed(parts: &mut Vec<Part<'_>>, fixed: &mut String) {
    if !fixed.is_empty() {
        parts.push(Part::Fixed(core::mem::take(fixed)));
    }
}

fn push_hole<'a>(parts: &mut Vec<Part<'a>>, fixed: &mut String, source: &'a str) -> Result<(), TextFault> {
    let name = source.strip_suffix("?").unwrap_or(source);
    let good = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    if name.is_empty() || !name.bytes().all(good) {
        return Err(TextFault::Name);
    }
    if fixed.is_empty() && matches!(parts.last(), Some(Part::Hole(_))) {
        return Err(TextFault::Touching);
    }
    push_fixed(parts, fixed);
    parts.push(Part::Hole(Hole { name, optional: name.len() < source.len() }));
    Ok(())
}
