//! What a session consists of, and when it ends.

use super::told;
use relatch::claims;
use relatch_dialects::{Dialect, Value, Values, codec};
use serde_json::{Value as Json, json};

/// When a token ends and by which rule.
pub(super) struct Ending {
    pub(super) ms: Option<u64>,
    pub(super) rule: String,
}

/// The rule that the session goes by: the captured expiry, then the token's own claims, then the fixed lifetime.
pub(super) fn ending(dialect: &Dialect, captured: &Values, at_ms: u64) -> Ending {
    let expires = dialect.expires();
    let mut tried = Vec::new();
    if let Some(value) = captured.get("expires") {
        let rule = format!("{{expires}} is {}, in {}", told::value("expires", value), expires.unit);
        match codec::lifetime_ms(expires.unit, value, at_ms) {
            Some(ms) => return Ending { ms: Some(ms), rule },
            None => tried.push(format!("{rule}, which makes no lifetime that could be believed")),
        }
    }
    if expires.jwt {
        match captured.text("access_token").and_then(|it| jwt_ms(it, at_ms)) {
            Some((ms, rule)) => return Ending { ms: Some(ms), rule: rule.into() },
            None => tried.push("the token's claims tell no lifetime".into()),
        }
    }
    if let Some(secs) = expires.after_secs {
        tried.push(format!("expires.after_secs is {secs}"));
        return Ending { ms: Some(secs.saturating_mul(1000)), rule: tried.join("; ") };
    }
    tried.push("nothing tells when it ends, so it is used until it is refused".into());
    Ending { ms: None, rule: tried.join("; ") }
}

fn jwt_ms(token: &str, at_ms: u64) -> Option<(u64, &'static str)> {
    let parse = |text: &[u8]| serde_json::from_slice::<Json>(text).ok().map(|it| Value::from(&it));
    if let Some(ms) = claims::lifetime_ms(token, parse) {
        return Some((ms, "the token's own claims, exp − iat"));
    }
    let end = claims::decode_unverified(token, parse).ok()?.claims.get("exp").and_then(codec::epoch_ms)?;
    Some((codec::absolute_lifetime_ms(end, at_ms)?, "the token's own exp, as a moment"))
}

/// That a token tells its own lifetime and the dialect does not ask it.
pub(super) fn unasked(dialect: &Dialect, captured: &Values, at_ms: u64) -> Option<String> {
    let (ms, _) = captured.text("access_token").and_then(|it| jwt_ms(it, at_ms)).filter(|_| !dialect.expires().jwt)?;
    Some(format!("the token itself says {}: \"expires\": {{ \"jwt\": true }} would go by that", told::duration(ms)))
}

/// What was captured, line by line.
pub(super) fn lines(captured: &Values) -> Vec<String> {
    captured.iter().map(|(name, value)| format!("{name}: {}", told::value(name, value))).collect()
}

/// The same for programs.
pub(super) fn json(captured: &Values) -> Json {
    captured.iter().map(|(name, value)| json!({ "name": name, "is": told::value(name, value) })).collect()
}
