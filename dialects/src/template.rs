//! A template: the shape of a message, read in both directions. This file says what a template is and parses
//! it; `read.rs` fits one to a value, `write.rs` fills one, `shadow.rs` compares two.

use crate::Value;

/// One node of a template.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Template {
    /// Anything that stands for itself.
    Constant(Value),
    /// `"{name}"` as a whole value: any JSON.
    Hole(Hole),
    /// Text with holes between fixed parts.
    Text(Vec<Part>),
    /// An array, element by element.
    List(Vec<Template>),
    /// An object; members that it does not name are ignored when reading.
    Object(Vec<(String, Template)>),
}

/// A piece of a text template. Two holes never touch, so a text is read in one way only.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    Fixed(String),
    Hole(Hole),
}

/// A named place: a capture when reading, an insertion when writing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Hole {
    pub(crate) name: String,
    /// Written `{name?}`: may be missing.
    pub(crate) optional: bool,
}

impl Hole {
    /// True for what the server knows by itself (time, path, trace); the reader ignores it.
    pub(crate) fn is_ambient(&self) -> bool {
        is_ambient(&self.name)
    }
}

/// The names of ambient values: written by the server, ignored by the reader.
pub(crate) fn is_ambient(name: &str) -> bool {
    const AMBIENT: [&str; 9] = [
        "now.iso8601_offset",
        "now.epoch_secs",
        "now.epoch_millis",
        "request.path",
        "trace_id",
        "status",
        "status_text",
        "error_code",
        "message",
    ];
    AMBIENT.contains(&name)
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

impl Template {
    /// Parses a string of the document. `{{` and `}}` stand for the braces themselves.
    pub(crate) fn text(source: &str) -> Result<Template, TextFault> {
        let mut parts = parts(source)?;
        Ok(match (parts.pop(), parts.is_empty()) {
            (None, _) => Template::Constant(Value::String(String::new())),
            (Some(Part::Fixed(text)), true) => Template::Constant(Value::String(text)),
            (Some(Part::Hole(hole)), true) => Template::Hole(hole),
            (Some(last), false) => {
                parts.push(last);
                Template::Text(parts)
            }
        })
    }

    /// Calls `visit` for every hole, in document order.
    pub(crate) fn holes(&self, visit: &mut dyn FnMut(&Hole)) {
        match self {
            Template::Constant(_) => {}
            Template::Hole(hole) => visit(hole),
            Template::Text(parts) => parts.iter().for_each(|part| {
                if let Part::Hole(hole) = part {
                    visit(hole);
                }
            }),
            Template::List(elements) => elements.iter().for_each(|it| it.holes(visit)),
            Template::Object(members) => members.iter().for_each(|(_, it)| it.holes(visit)),
        }
    }
}

fn parts(source: &str) -> Result<Vec<Part>, TextFault> {
    let mut parts = Vec::new();
    let mut fixed = String::new();
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        let doubled = (c == '{' || c == '}') && chars.as_str().starts_with(c);
        if doubled {
            chars.next();
        }
        match c {
            '{' if !doubled => {
                let (name, rest) = chars.as_str().split_once('}').ok_or(TextFault::Unbalanced)?;
                chars = rest.chars();
                push_hole(&mut parts, &mut fixed, name)?;
            }
            '}' if !doubled => return Err(TextFault::Unbalanced),
            _ => fixed.push(c),
        }
    }
    if !fixed.is_empty() {
        parts.push(Part::Fixed(fixed));
    }
    Ok(parts)
}

fn push_hole(parts: &mut Vec<Part>, fixed: &mut String, source: &str) -> Result<(), TextFault> {
    let name = source.strip_suffix('?').unwrap_or(source);
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if name.is_empty() || !name.chars().all(good) {
        return Err(TextFault::Name);
    }
    if !fixed.is_empty() {
        parts.push(Part::Fixed(core::mem::take(fixed)));
    } else if matches!(parts.last(), Some(Part::Hole(_))) {
        return Err(TextFault::Touching);
    }
    parts.push(Part::Hole(Hole { name: name.into(), optional: name.len() < source.len() }));
    Ok(())
}
