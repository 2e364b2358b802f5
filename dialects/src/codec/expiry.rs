//! How long a token lives, from what an answer said about its end.
//!
//! `fixtures/expiry.json` holds the cases; the codec of pages is tested by the same.

use super::instant::parse_iso8601;
use crate::{MAX_EXACT, Value};

/// An end that is stated as a moment and would come sooner than this is the sign of a clock that is wrong.
const TRUSTED_MS: f64 = 60_000.0;

/// An epoch above this is in milliseconds: in seconds it would be the year 5138.
const EPOCH_MILLIS: f64 = 1e11;

/// The lifetime in milliseconds that a captured `expires` states, in the document's unit. `now_ms` is the time at which the
/// answer was made: its `Date`, else the wall clock. `None` if it states none that can be believed.
pub fn lifetime_ms(unit: &str, value: &Value, now_ms: u64) -> Option<u64> {
    let scaled = |factor: f64| Some(number(value)? * factor).filter(|it| *it >= 1.0).and_then(whole);
    match unit {
        "seconds" => scaled(1e3).or_else(|| duration(value)),
        "millis" => scaled(1.0),
        "minutes" => scaled(60e3),
        "hours" => scaled(3_600e3),
        "days" => scaled(86_400e3),
        "epoch" => absolute_lifetime_ms(epoch_ms(value)?, now_ms),
        "epoch-millis" => absolute_lifetime_ms(number(value)?, now_ms),
        "iso8601" => absolute_lifetime_ms(moment(value.as_str()?)?, now_ms),
        _ => None,
    }
}

/// A moment in seconds since the epoch, or in milliseconds where it could not be in seconds, as milliseconds.
pub fn epoch_ms(value: &Value) -> Option<f64> {
    let end = number(value)?;
    Some(if end > EPOCH_MILLIS { end } else { end * 1e3 })
}

/// ISO 8601, or a date as HTTP has it (RFC 9110 section 5.6.7).
fn moment(text: &str) -> Option<f64> {
    let iso = parse_iso8601(text).map(|it| it as f64);
    iso.or_else(|| {
        let date = httpdate::parse_http_date(text.trim()).ok()?;
        Some(date.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs() as f64 * 1e3)
    })
}

/// A number with the letter of a unit, as `jsonwebtoken` for Node writes lifetimes: `15m`.
fn duration(value: &Value) -> Option<u64> {
    let text = value.as_str()?.trim();
    let number = decimal(text.get(..text.len().checked_sub(1)?)?.trim_end())?;
    let factor = match text.bytes().last()? {
        b's' => 1e3,
        b'm' => 60e3,
        b'h' => 3_600e3,
        b'd' => 86_400e3,
        _ => return None,
    };
    Some(number * factor).filter(|it| *it >= 1.0).and_then(whole)
}

/// What is left from `now_ms` until a moment, both in milliseconds since the epoch; `None` for less than a minute.
pub fn absolute_lifetime_ms(end_ms: f64, now_ms: u64) -> Option<u64> {
    Some(end_ms - now_ms as f64).filter(|left| *left >= TRUSTED_MS).and_then(whole)
}

fn whole(ms: f64) -> Option<u64> {
    (ms <= MAX_EXACT).then_some(ms as u64)
}

/// A number, or a text that is one in plain decimal digits.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        Value::String(text) => decimal(text.trim()),
        _ => None,
    }
}

fn decimal(text: &str) -> Option<f64> {
    let plain = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    let bounded = text.bytes().all(plain) && text.bytes().next()?.is_ascii_digit() && !text.ends_with('.');
    if bounded { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_of_the_fixture_comes_to_what_it_says() {
        let cases: serde_json::Value = serde_json::from_str(include_str!("../../fixtures/expiry.json")).unwrap();
        for case in cases["cases"].as_array().unwrap() {
            let (unit, value) = (case["unit"].as_str().unwrap(), Value::from(&case["value"]));
            let lifetime = lifetime_ms(unit, &value, case["now_ms"].as_u64().unwrap());
            assert_eq!(lifetime, case["lifetime_ms"].as_u64(), "{case}");
        }
    }
}
