//! Comparing: would one template take every message that another one writes? If so, an answer behind it could
//! never be read.

use crate::read::{fits, fits_text};
use crate::template::{Hole, Piece, Pieces, whole};
use crate::{Value, Values};

/// True if `first` fits everything that `second` writes. Two texts with holes are compared part by part, so an
/// overlap of two different patterns goes unnoticed: it shadows some values, never all.
pub(crate) fn shadows(first: Option<&Value>, second: Option<&Value>) -> bool {
    match (first, second) {
        (None, _) => true,
        (Some(first), None) => fits(first, None, &mut Values::new()),
        (Some(first), Some(second)) => takes(first, second),
    }
}

fn takes(first: &Value, second: &Value) -> bool {
    match (first, second) {
        (Value::String(first), second) => text_takes(first, second),
        (Value::List(first), Value::List(second)) => {
            first.len() <= second.len() && first.iter().zip(second).all(|(first, second)| takes(first, second))
        }
        (Value::Object(first), Value::Object(_)) => {
            first.iter().all(|(name, first)| shadows(Some(first), second.get(name)))
        }
        (constant, second) => constant == second,
    }
}

fn text_takes(first: &str, second: &Value) -> bool {
    match (whole(first), second.as_str()) {
        (Some(hole), second_text) => hole_takes(&hole, second, second_text),
        (None, Some(second)) => match constant(second) {
            Some(text) => fits_text(first, &text, false, &mut Values::new()),
            None => same_pieces(first, second),
        },
        (None, None) => false,
    }
}

fn hole_takes(first: &Hole<'_>, second: &Value, text: Option<&str>) -> bool {
    let takes = |value: &Value| first.is_ambient() || first.capture(Some(value), &mut Values::new());
    match text {
        None => takes(second),
        Some(text) => match whole(text) {
            Some(second) => first.is_ambient() || first.optional || !second.optional,
            None => constant(text).is_none_or(|text| takes(&text.into())),
        },
    }
}

/// The text that a template stands for, if there is no hole in it.
fn constant(source: &str) -> Option<String> {
    Pieces(source).map(|piece| if let Piece::Fixed(text) = piece { Some(text) } else { None }).collect()
}

/// Whether two texts have the same fixed parts, with holes at the same places.
fn same_pieces(first: &str, second: &str) -> bool {
    let same = |(first, second): (Piece<'_>, Piece<'_>)| match (first, second) {
        (Piece::Fixed(first), Piece::Fixed(second)) => first == second,
        (first, second) => matches!((first, second), (Piece::Hole(_), Piece::Hole(_))),
    };
    Pieces(first).count() == Pieces(second).count() && Pieces(first).zip(Pieces(second)).all(same)
}
