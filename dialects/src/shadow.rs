//! Comparing: would one template take every message that another one writes? If so, an answer behind it could
//! never be read.

use crate::read::{fits, fits_text};
use crate::template::{Hole, Part, Text};
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
        (Value::String(first), second) => text_takes(&Text::of(first), second),
        (Value::List(first), Value::List(second)) => {
            first.len() <= second.len() && first.iter().zip(second).all(|(first, second)| takes(first, second))
        }
        (Value::Object(first), Value::Object(_)) => {
            first.iter().all(|(name, first)| shadows(Some(first), second.get(name)))
        }
        (constant, second) => constant == second,
    }
}

fn text_takes(first: &Text<'_>, second: &Value) -> bool {
    match (first, second.as_str().map(Text::of)) {
        (Text::Hole(hole), _) if hole.is_ambient() => true,
        (Text::Hole(hole), Some(Text::Hole(second))) => hole.optional || !second.optional,
        (Text::Hole(hole), Some(Text::Parts(second))) => constant(&second).is_none_or(|text| hole.takes(&text.into())),
        (Text::Hole(hole), None) => hole.takes(second),
        (Text::Parts(first), Some(Text::Parts(second))) => match constant(&second) {
            Some(text) => fits_text(first, text, false, &mut Values::new()),
            None => {
                let same = |(first, second): (&Part<'_>, &Part<'_>)| part_takes(first, second);
                first.len() == second.len() && first.iter().zip(&second).all(same)
            }
        },
        _ => false,
    }
}

/// The text that the parts stand for, if there is no hole among them.
const fn constant<'a>(parts: &'a [Part<'_>]) -> Option<&'a str> {
    match parts {
        [] => Some(""),
        [Part::Fixed(text)] => Some(text.as_str()),
        _ => None,
    }
}

impl Hole<'_> {
    fn takes(&self, value: &Value) -> bool {
        self.capture(Some(value), &mut Values::new())
    }
}

fn part_takes(first: &Part<'_>, second: &Part<'_>) -> bool {
    match (first, second) {
        (Part::Fixed(first), Part::Fixed(second)) => first == second,
        (Part::Hole(_), Part::Hole(_)) => true,
        _ => false,
    }
}
