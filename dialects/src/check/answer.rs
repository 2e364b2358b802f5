//! Answer templates.

use super::names::Around;
use super::request::{HEADER_NAME, is_header_name, root};
use super::{attach::cookies, function};
use crate::answers::PARTS;
use crate::place::{Loaded, Place};
use crate::template::holes;
use crate::{Meaning, Reason, Value};

pub(super) fn answers(place: &Place<'_>, around: &Around<'_>) -> Loaded<()> {
    place.elements()?.iter().try_for_each(|it| answer(it, around))
}

fn answer(place: &Place<'_>, around: &Around<'_>) -> Loaded<()> {
    place.only(&["status", "headers", "json", "text", "xml", "means", "reason", "also", "challenge"])?;
    let means = meaning(&place.required("means")?)?;
    place.optional("also", |place| place.elements()?.iter().try_for_each(|it| meaning(it).map(drop)))?;
    place.optional("reason", |place| place.word(Reason::parse, "the reasons of docs/dialects/format.md").map(drop))?;
    if place.member("reason").is_some() && means != Meaning::InvalidRequest {
        return place.fault("only invalid-request has reasons");
    }
    parts(place, &|name| around.is_answer_name(name, means == Meaning::Challenge))?;
    challenge(place, around, means)?;
    if means == Meaning::Session && !carries(place, around) {
        return place.fault(match around.renews {
            true => "an answer that means session has to capture {access_token}, or what is renewed in its place",
            false => "an answer that means session has to capture {access_token}",
        });
    }
    Ok(())
}

/// What is laid beside every answer.
pub(super) fn observed(place: &Place<'_>) -> Loaded<()> {
    for place in place.elements()? {
        place.only(&["status", "headers", "json", "text", "xml"])?;
        let known = |name: &str| matches!(name, "_" | "access_token" | "refresh_token" | "expires");
        parts(&place, &|name| known(name) || name.starts_with("session."))?;
    }
    Ok(())
}

fn parts(place: &Place<'_>, allowed: &dyn Fn(&str) -> bool) -> Loaded<()> {
    place.optional("status", status)?;
    if ["json", "text", "xml"].iter().filter(|name| place.member(name).is_some()).count() > 1 {
        return place.fault("expected one of json, text and xml: an answer has one body");
    }
    place.optional("headers", |place| {
        let bad = place.members()?.into_iter().find(|(name, _)| !is_header_name(name));
        bad.map_or(Ok(()), |(_, it)| it.fault(HEADER_NAME))
    })?;
    place.optional("text", |place| match place.value {
        Value::String(_) | Value::Object(_) => Ok(()),
        _ => place.fault("expected text or a function"),
    })?;
    place.optional("xml", root)?;
    for name in PARTS {
        place.optional(name, |place| {
            function::read(place)?;
            place.template(allowed)
        })?;
    }
    Ok(())
}

fn status(place: &Place<'_>) -> Loaded<()> {
    if let Value::List(several) = place.value {
        return match several.is_empty() {
            true => place.fault("expected at least one status; without any, leave it out"),
            false => place.elements()?.iter().try_for_each(status),
        };
    }
    match place.whole()? {
        200..=599 => Ok(()),
        _ => place.fault("expected an HTTP status from 200 to 599"),
    }
}

fn challenge(place: &Place<'_>, around: &Around<'_>, means: Meaning) -> Loaded<()> {
    match (means, place.member("challenge")) {
        (Meaning::Challenge, Some(named)) => {
            let kinds = around.document.get("challenges");
            let known = |kind: &str| kinds.and_then(|it| it.get(kind)).map(drop);
            named.word(known, "the names of the document's challenges")
        }
        (Meaning::Challenge, None) => {
            place.fault("a challenge is missing: the name of one of the document's challenges")
        }
        (_, Some(named)) => named.fault("only answers that mean challenge have one"),
        (_, None) => Ok(()),
    }
}

/// Whether a session can live by what this captures.
fn carries(place: &Place<'_>, around: &Around<'_>) -> bool {
    let mut found = around.given || cookies(around.document);
    for name in PARTS {
        let Some(part) = place.value.get(name) else { continue };
        holes(part, &mut |hole| {
            let renewed = matches!(hole.name, "refresh_token" | "expires") || hole.name.starts_with("session.");
            found |= !hole.optional && (hole.name == "access_token" || around.renews && renewed);
        });
    }
    found
}

fn meaning(place: &Place<'_>) -> Loaded<Meaning> {
    place.word(Meaning::parse, "the meanings of docs/dialects/format.md")
}
