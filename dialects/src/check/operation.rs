//! Operations, the steps before them, and those that answer challenges.

use super::answer::answers;
use super::names::Around;
use super::request::request;
use crate::place::{Loaded, Place};
use crate::template::has_hole;
use crate::{Meaning, Value};

pub(super) fn renew(place: &Place<'_>, document: &Value) -> Loaded<()> {
    match place.value {
        Value::String(word) if word == "login" || word == "none" => Ok(()),
        Value::Object(_) => operation(place, &Around { renews: true, ..document.into() }, Meaning::Session),
        _ => place.fault("expected an operation, \"login\" or \"none\""),
    }
}

pub(super) fn challenges(place: &Place<'_>, document: &Value) -> Loaded<()> {
    let around = Around { challenge: true, ..document.into() };
    place.members()?.iter().try_for_each(|(_, it)| operation(it, &around, Meaning::Session))
}

pub(super) fn operations(place: &Place<'_>, document: &Value) -> Loaded<()> {
    for (name, place) in place.members()? {
        if name == "login" || name == "renew" {
            return place.fault("stands at the top of the document, not here");
        }
        // One that sends a code again is asked for while the challenge is open.
        operation(&place, &Around { challenge: true, ..document.into() }, Meaning::Done)?;
    }
    Ok(())
}

pub(super) fn operation(place: &Place<'_>, around: &Around<'_>, success: Meaning) -> Loaded<()> {
    place.only(&["request", "alternatives", "attach", "before", "answers"])?;
    let before = place.value.get("before");
    let given = before.is_some_and(|it| has_hole(it, "access_token"));
    let around = Around { steps: before.is_some(), given, ..*around };
    place.optional("before", |place| place.elements()?.iter().try_for_each(|it| step(it, &around)))?;
    request(&place.required("request")?, &around)?;
    place.optional("alternatives", |place| place.elements()?.iter().try_for_each(|it| request(it, &around)))?;
    exchange(place, &around, success)
}

/// A request that goes before an operation's own.
fn step(place: &Place<'_>, around: &Around<'_>) -> Loaded<()> {
    place.only(&["request", "attach", "answers"])?;
    request(&place.required("request")?, around)?;
    exchange(place, &Around { is_step: true, ..*around }, Meaning::Done)
}

fn exchange(place: &Place<'_>, around: &Around<'_>, success: Meaning) -> Loaded<()> {
    place.optional("attach", |place| place.flag().map(drop))?;
    let listed = place.required("answers")?;
    answers(&listed, around)?;
    // A step of a challenge may be to ask for what is to be answered.
    let goes_on = (around.challenge && success == Meaning::Session).then_some(Meaning::Challenge.name());
    let means = |it: &Place<'_>| {
        let means = it.value.get("means").and_then(Value::as_str);
        means == Some(success.name()) || (means.is_some() && means == goes_on)
    };
    if !listed.elements()?.iter().any(means) {
        return listed.fault_about(success.name(), "is not the meaning of any answer");
    }
    Ok(())
}
