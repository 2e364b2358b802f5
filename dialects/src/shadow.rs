//! Comparing: would one template take every message that another one writes? If so, an answer behind it could
//! never be read.

use crate::Values;
use crate::template::{Hole, Part, Template};

/// True if `first` fits everything that `second` writes. Two texts with holes are compared part by part, so an
/// overlap of two different patterns goes unnoticed: it shadows some values, never all.
pub(crate) fn shadows(first: Option<&Template>, second: Option<&Template>) -> bool {
    match (first, second) {
        (None, _) => true,
        (Some(first), None) => first.fits(None, &mut Values::new()),
        (Some(first), Some(second)) => takes(first, second),
    }
}

fn takes(first: &Template, second: &Template) -> bool {
    match (first, second) {
        (Template::Hole(hole), second) => hole.is_ambient() || hole_takes(hole, second),
        (first, Template::Constant(value)) => first.fits(Some(value), &mut Values::new()),
        (Template::Text(first), Template::Text(second)) => {
            first.len() == second.len() && first.iter().zip(second).all(|(first, second)| part_takes(first, second))
        }
        (Template::List(first), Template::List(second)) => {
            first.len() <= second.len() && first.iter().zip(second).all(|(first, second)| takes(first, second))
        }
        (Template::Object(first), Template::Object(second)) => first.iter().all(|(name, first)| {
            let second = second.iter().find(|(it, _)| it == name).map(|(_, second)| second);
            shadows(Some(first), second)
        }),
        _ => false,
    }
}

fn hole_takes(first: &Hole, second: &Template) -> bool {
    match second {
        Template::Constant(value) => Template::Hole(first.clone()).fits(Some(value), &mut Values::new()),
        Template::Hole(second) => first.optional || !second.optional,
        _ => true,
    }
}

fn part_takes(first: &Part, second: &Part) -> bool {
    match (first, second) {
        (Part::Fixed(first), Part::Fixed(second)) => first == second,
        (Part::Hole(_), Part::Hole(_)) => true,
        _ => false,
    }
}
