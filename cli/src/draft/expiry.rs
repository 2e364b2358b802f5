//! When a token ends, by what an answer says and how it is described.

use super::api::FoundAnswer;
use super::shape::{Kind, Path, Shape};
use super::words;
use serde_json::Value;

/// A member that says when the token ends.
pub(super) struct Expiry {
    pub(super) path: Path,
    pub(super) unit: &'static str,
    pub(super) why: String,
}

/// The best of an answer's members for it.
pub(super) fn find(answer: &FoundAnswer) -> Option<Expiry> {
    let leaves = answer.body.as_ref()?.leaves();
    let named = leaves.into_iter().filter(|(_, it)| !matches!(it.kind, Kind::Object(_) | Kind::List(_) | Kind::Bool));
    let outside = named.filter(|(path, _)| !path.iter().rev().skip(1).any(|it| words::plain(it).contains("refresh")));
    let (_, path, shape) =
        outside.filter_map(|(path, it)| Some((words::expiry(path.last()?)?, path, it))).min_by_key(|it| it.0)?;
    let name = path.last().cloned().unwrap_or_default();
    let (unit, why) = unit(&name, shape);
    Some(Expiry { path, unit, why: format!("`{name}` {why}") })
}

/// Its unit: by what is said about it, by an example, by its name.
fn unit(name: &str, shape: &Shape) -> (&'static str, &'static str) {
    let about = shape.about.to_lowercase();
    if let Some(found) = described(&about) {
        return (found, "is described so");
    }
    match shape.sample.as_ref().or(shape.constant.as_ref()) {
        Some(Value::String(text)) if is_date(text) => return ("iso8601", "is a date in the example"),
        Some(value) => {
            let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
            if let Some(found) = number.and_then(|it| measured(name, it)) {
                return found;
            }
        }
        None => {}
    }
    match &shape.kind {
        _ if words::says_millis(name) => ("millis", "sounds like milliseconds"),
        Kind::Text if words::says_moment(name) => ("iso8601", "sounds like a moment and is a text"),
        _ if words::says_moment(name) => ("epoch", "sounds like a moment and is a number"),
        _ => ("seconds", "says nothing else, and seconds are the usual"),
    }
}

fn described(about: &str) -> Option<&'static str> {
    let says = |words: &[&str]| words.iter().any(|it| about.contains(it));
    let moment = says(&["epoch", "unix", "timestamp"]);
    let millis = says(&["millisecond", "milisegundo", "milissegundo", "millisekunde", " ms"]);
    match () {
        () if says(&["date-time", "iso 8601", "iso8601", "iso-8601", "rfc 3339", "rfc3339"]) => Some("iso8601"),
        () if moment && millis => Some("epoch-millis"),
        () if moment => Some("epoch"),
        () if millis => Some("millis"),
        () if says(&["second", "segundo", "seconde", "sekunde"]) => Some("seconds"),
        () if says(&["minut"]) => Some("minutes"),
        () if says(&["hour", "hora", "heure", "stunde"]) => Some("hours"),
        () if says(&[" days", "días", "dias", "jours", "tage"]) => Some("days"),
        () => None,
    }
}

/// What the size of an example tells.
fn measured(name: &str, number: f64) -> Option<(&'static str, &'static str)> {
    const YEAR_2001: f64 = 1e9;
    const TEN_DAYS: f64 = 864_000.0;
    // Whole hours that nobody would give in seconds: 3600000 is an hour, or 41 days and 16 hours.
    let odd_days = number >= 3_600_000.0 && number % 86_400.0 != 0.0 && number % 1000.0 == 0.0;
    match number {
        it if it >= 100.0 * YEAR_2001 => Some(("epoch-millis", "is a moment in milliseconds in the example")),
        it if it >= YEAR_2001 => Some(("epoch", "is a moment in seconds in the example")),
        _ if words::says_millis(name) => Some(("millis", "sounds like milliseconds")),
        it if it > TEN_DAYS && odd_days => {
            Some(("millis", "is a whole number of hours only if it counts milliseconds"))
        }
        _ if words::says_moment(name) => None,
        _ => Some(("seconds", "is a length of time by the example, and seconds are the usual")),
    }
}

/// Whether a text begins like a date: `2026-01-31`.
fn is_date(text: &str) -> bool {
    let mut bytes = text.bytes();
    let mut digits = |count: usize| bytes.by_ref().take(count).filter(u8::is_ascii_digit).count() == count;
    digits(4) && text.as_bytes().get(4) == Some(&b'-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(body: &Value) -> Option<(String, &'static str)> {
        let answer = FoundAnswer { status: 200, body: Some(Shape::of(body)), ..FoundAnswer::default() };
        find(&answer).map(|it| (it.path.join("."), it.unit))
    }

    #[test]
    fn units_are_told_by_size_and_name() {
        for (body, path, unit) in [
            (json!({ "expires_in": 3600 }), "expires_in", "seconds"),
            (json!({ "data": { "expiresIn": 3_600_000 } }), "data.expiresIn", "millis"),
            (json!({ "expires_in": 2_592_000 }), "expires_in", "seconds"),
            (json!({ "exp": 1_792_000_000 }), "exp", "epoch"),
            (json!({ "expiresAt": 1_792_000_000_000_u64 }), "expiresAt", "epoch-millis"),
            (json!({ "validTo": "2026-11-22T10:00:00Z" }), "validTo", "iso8601"),
            (json!({ "expires_in": "3600" }), "expires_in", "seconds"),
        ] {
            assert_eq!(of(&body), Some((path.into(), unit)), "{body}");
        }
    }

    #[test]
    fn the_expiry_of_the_refresh_token_is_not_the_tokens() {
        assert_eq!(of(&json!({ "refresh": { "expires_in": 1 }, "refresh_expires_in": 2 })), None);
    }
}
