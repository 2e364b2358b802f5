//! A template: the shape of a message, read in both directions. It is a JSON value whose texts may have holes, and is
//! interpreted as it stands in the document: a compiled form was tried, and weighed 2 KB in the wasm to save
//! microseconds. This file takes texts apart; `read.rs` fits a template to a value, `write.rs` fills one, `shadow.rs`
//! compares two.

use crate::Value;

/// The pieces of a text template, in their order. Two holes never touch, so a text is read in one way only.
#[derive(Clone, Copy)]
pub(crate) struct Pieces<'a>(pub(crate) &'a str);

/// A piece of a text template.
pub(crate) enum Piece<'a> {
    /// Text that stands for itself. A brace that does is the last of its piece.
    Fixed(&'a str),
    Hole(Hole<'a>),
}

/// A named place: a capture when reading, an insertion when writing.
#[derive(Clone, Copy)]
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

    /// True for `{_}`, in which something has to stand.
    #[cfg(feature = "issue")]
    pub(crate) fn needs_anything(&self) -> bool {
        self.is_blank() && !self.optional
    }

    /// True for the hole that keeps nothing of what stands in it.
    pub(crate) fn is_blank(&self) -> bool {
        self.name == "_"
    }
}

/// The parts of a request or an answer that its template may name, the bodies among them.
#[cfg(feature = "check")]
pub(crate) const BODIES: [&str; 5] = ["json", "form", "multipart", "text", "xml"];

/// The names of ambient values: written by the server, ignored by the reader.
pub(crate) fn is_ambient(name: &str) -> bool {
    const OTHERS: [&str; 6] = ["request.path", "trace_id", "status", "status_text", "error_code", "message"];
    name.starts_with("now.") || OTHERS.contains(&name)
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

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    /// What cannot be taken apart stands for itself: a document that has been checked has no such text.
    fn next(&mut self) -> Option<Piece<'a>> {
        if self.0.is_empty() {
            return None;
        }
        let (piece, rest) = split(self.0).unwrap_or((Piece::Fixed(self.0), ""));
        self.0 = rest;
        Some(piece)
    }
}

/// The hole that a text is as a whole, `"{name}"`: any JSON.
pub(crate) fn whole(source: &str) -> Option<Hole<'_>> {
    match split(source)? {
        (Piece::Hole(hole), "") => Some(hole),
        _ => None,
    }
}

/// Calls `visit` for every hole of a template, in document order.
pub(crate) fn holes(template: &Value, visit: &mut dyn FnMut(&Hole<'_>)) {
    match template {
        Value::String(text) => Pieces(text).for_each(|piece| {
            if let Piece::Hole(hole) = piece {
                visit(&hole);
            }
        }),
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

/// The first piece of a text, and what comes after it. `{{` and `}}` stand for the braces themselves. `None` for a brace without its
/// partner.
///
/// By bytes, since braces are ASCII: what searches for characters would weigh twice as much in the wasm, and `split_at`, whose
/// panic shows characters, ten times.
fn split(source: &str) -> Option<(Piece<'_>, &str)> {
    let at = source.bytes().position(|byte| byte == b'{' || byte == b'}').unwrap_or(source.len());
    let brace = cut(source, at, source.len());
    let doubled = brace.starts_with("{{") || brace.starts_with("}}");
    if at > 0 || doubled {
        // The first of two stands for both.
        let skipped = usize::from(doubled);
        return Some((Piece::Fixed(cut(source, 0, at + skipped)), cut(brace, 2 * skipped, brace.len())));
    }
    let end = brace.bytes().position(|byte| byte == b'}').filter(|end| *end > 0)?;
    let inner = cut(brace, 1, end);
    let name = inner.strip_suffix("?").unwrap_or(inner);
    Some((Piece::Hole(Hole { name, optional: name.len() < inner.len() }), cut(brace, end + 1, brace.len())))
}

/// A part of a text between two positions at which it has braces, or ends.
fn cut(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or_default()
}

/// What is wrong with a text template, if anything is; the loader adds where.
#[cfg(feature = "check")]
pub(crate) fn fault(mut source: &str) -> Option<&'static str> {
    let mut touching = false;
    while !source.is_empty() {
        let Some((piece, rest)) = split(source) else {
            return Some("a brace has no partner; write {{ or }} for a brace that stands for itself");
        };
        match piece {
            Piece::Hole(hole) if !is_name(hole.name) => {
                return Some("a hole's name consists of letters, digits, '_', '-' and '.'");
            }
            Piece::Hole(_) if touching => return Some("two holes touch; put fixed text between them"),
            piece => touching = matches!(piece, Piece::Hole(_)),
        }
        source = rest;
    }
    None
}

#[cfg(feature = "check")]
fn is_name(name: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    !name.is_empty() && name.bytes().all(good)
}
