//! What goes along with requests, and how long tokens live.

use super::names::is_attached_name;
use super::request::{HEADER_NAME, is_header_name, text};
use crate::Value;
use crate::place::{Loaded, Place};
use crate::template::has_hole;

pub(super) fn attach(place: &Place<'_>) -> Loaded<()> {
    let mut carries_token = false;
    for it in place.elements()? {
        if let Some(cookies) = it.member("cookies") {
            it.only(&["cookies"])?;
            if !cookies.flag()? {
                return cookies.fault("expected true; without cookies the element is left out");
            }
            carries_token = true;
            continue;
        }
        element(&it, true)?;
        carries_token |= has_hole(it.required("value")?.value, "access_token");
    }
    if !carries_token {
        return place.fault("no header carries {access_token}, nor does anything else, and there are no cookies");
    }
    Ok(())
}

pub(super) fn always(place: &Place<'_>) -> Loaded<()> {
    place.elements()?.iter().try_for_each(|it| element(it, false))
}

/// A header, a parameter of the query, or a member of the body.
fn element(place: &Place<'_>, token: bool) -> Loaded<()> {
    let kind = ["query", "body"].into_iter().find(|it| place.member(it).is_some()).unwrap_or("header");
    place.only(&[kind, "value"])?;
    let name = place.required(kind)?;
    if kind == "header" && !is_header_name(name.text()?) {
        return name.fault(HEADER_NAME);
    }
    if name.text()?.is_empty() {
        return name.fault("expected a name");
    }
    text(&place.required("value")?, &|name| is_attached_name(name, token))
}

/// Whether a document's sessions may live by cookies.
pub(super) fn cookies(document: &Value) -> bool {
    let attached = document.get("attach").and_then(Value::elements).unwrap_or_default();
    attached.iter().any(|it| it.get("cookies").is_some())
}

pub(super) fn expires(place: &Place<'_>) -> Loaded<()> {
    place.only(&["jwt", "after_secs", "idle_secs", "unit"])?;
    place.optional("jwt", |place| place.flag().map(drop))?;
    place.optional("after_secs", |place| place.whole().map(drop))?;
    place.optional("idle_secs", |place| place.whole().map(drop))?;
    place.optional("unit", |place| place.word(|it| UNITS.contains(&it).then_some(()), &UNITS.join(", ")))
}

/// What a captured `expires` can count.
const UNITS: [&str; 8] = ["seconds", "millis", "minutes", "hours", "days", "epoch", "epoch-millis", "iso8601"];
