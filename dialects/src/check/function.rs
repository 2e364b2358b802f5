//! Functions: what a codec makes of the values that it is given.

use crate::Value;
use crate::place::{Loaded, Place};

/// Those that can be turned round, and may therefore stand in answers.
const BOTH_WAYS: [&str; 3] = ["$base64", "$base64url", "$json"];

const DIGESTS: [&str; 4] = ["$md5", "$sha1", "$sha256", "$sha512"];

const MACS: [&str; 3] = ["$hmac-sha1", "$hmac-sha256", "$hmac-sha512"];

const TEXTS: [&str; 3] = ["$lower", "$upper", "$url"];

/// Checks every function of a template in a request.
pub(super) fn written(place: &Place<'_>) -> Loaded<()> {
    each(place, &|place, name, argument| {
        let known = [&BOTH_WAYS[..], &DIGESTS[..], &TEXTS[..]].concat();
        match name {
            "$concat" => argument.elements().map(drop),
            "$now" => argument.word(|it| ["epoch", "epoch-millis", "iso8601"].contains(&it).then_some(()), NOW),
            "$uuid" => argument.flag().map(drop),
            "$cookie" => argument.text().map(drop),
            "$plugin" => return argument.text().map(drop),
            mac if MACS.contains(&mac) => key_and_text(&argument),
            other if known.contains(&other) => Ok(()),
            other => place.fault_about(other, UNKNOWN),
        }?;
        place.only(&[name])
    })
}

const NOW: &str = "epoch, epoch-millis, iso8601";

const UNKNOWN: &str = "is no function of docs/dialects/format.md; for a member of that name, double the $";

fn key_and_text(argument: &Place<'_>) -> Loaded<()> {
    argument.only(&["key", "text"])?;
    argument.required("key")?;
    argument.required("text").map(drop)
}

/// Checks every function of a template in an answer.
pub(super) fn read(place: &Place<'_>) -> Loaded<()> {
    each(place, &|place, name, _| {
        match BOTH_WAYS.contains(&name) {
        true => place.only(&[name]),
        false => place.fault_about(name, "cannot be turned round: in answers only $base64, $base64url and $json; for a member of that name, double the $"),
    }
    })
}

/// Whether a value is a function.
pub(super) fn is_function(value: &Value) -> bool {
    let first = value.members().and_then(<[_]>::first);
    first.is_some_and(|(name, _)| name.starts_with('$') && !name.starts_with("$$"))
}

type Check<'c> = &'c dyn Fn(&Place<'_>, &str, Place<'_>) -> Loaded<()>;

fn each(place: &Place<'_>, check: Check<'_>) -> Loaded<()> {
    if is_function(place.value)
        && let Some((name, argument)) = place.members()?.into_iter().next()
    {
        check(place, name, argument)?;
    }
    match place.value {
        Value::List(_) => place.elements()?.iter().try_for_each(|it| each(it, check)),
        Value::Object(_) => place.members()?.iter().try_for_each(|(_, it)| each(it, check)),
        _ => Ok(()),
    }
}
