//! How long a token is good, from all that is stated about it: what its answer said, else what it says itself.

use super::engine::wall_ms;
use super::options::parse_json;
use crate::claims;
use relatch_dialects::codec::{absolute_lifetime_ms, epoch_ms, lifetime_ms};
use relatch_dialects::{Dialect, Expires, MAX_EXACT, Renewal, Value, Values};

pub(super) fn lifetime(dialect: &Dialect, captured: &Values, date_ms: Option<u64>) -> Option<u64> {
    let expires = dialect.expires();
    let stated = stated(&expires, captured, date_ms.unwrap_or_else(wall_ms));
    let lifetime = stated.or_else(|| Some(expires.after_secs? * 1000));
    // Only what renews can keep a session from being forgotten; elsewhere the server's refusal says that it was.
    let idle = expires.idle_secs.filter(|_| dialect.renewal() == Renewal::Endpoint).map(|it| it * 1000);
    lifetime.into_iter().chain(idle).min()
}

fn stated(expires: &Expires<'_>, captured: &Values, now_ms: u64) -> Option<u64> {
    let told = captured.get("expires").and_then(|it| lifetime_ms(expires.unit, it, now_ms));
    told.or_else(|| of_token(captured.text("access_token").filter(|_| expires.jwt)?, now_ms))
}

/// `exp − iat` where there are both, since they were set by one clock, which need not be ours; else what is left until `exp`. Some
/// APIs have them in milliseconds.
fn of_token(token: &str, now_ms: u64) -> Option<u64> {
    let claims = parse_json(&claims::decode_bytes(token).ok()?.1)?;
    let moment = |name| claims.get(name).filter(|it| matches!(it, Value::Number(_))).and_then(epoch_ms);
    let end = moment("exp")?;
    match moment("iat") {
        Some(begin) => Some(end - begin).filter(|ms| *ms > 0.0 && *ms <= MAX_EXACT).map(|ms| ms as u64),
        None => absolute_lifetime_ms(end, now_ms),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    const NOW_MS: u64 = 1_772_705_730_000;

    fn lifetime(claims: &str, expires: Option<Value>) -> Option<u64> {
        let token = ["{}", claims, "signature"].map(|part| URL_SAFE_NO_PAD.encode(part)).join(".");
        let mut captured = Values::new().with("access_token", token);
        if let Some(expires) = expires {
            captured.set("expires", expires);
        }
        stated(&Expires { unit: "minutes", jwt: true, ..Expires::default() }, &captured, NOW_MS)
    }

    #[test]
    fn what_the_answer_said_goes_before_what_the_token_says() {
        assert_eq!(lifetime(r#"{"iat":1000,"exp":1020}"#, Some(Value::Number(5.0))), Some(300_000));
        assert_eq!(lifetime(r#"{"iat":1000,"exp":1020}"#, Some("never".into())), Some(20_000));
    }

    #[test]
    fn a_token_without_a_beginning_counts_from_now_unless_it_has_ended_already() {
        assert_eq!(lifetime(r#"{"exp":1772709330}"#, None), Some(3_600_000));
        assert_eq!(lifetime(r#"{"exp":1772709330000}"#, None), Some(3_600_000));
        assert_eq!(lifetime(r#"{"exp":1772705731}"#, None), None);
        assert_eq!(lifetime(r#"{"exp":"1772709330"}"#, None), None);
    }

    #[test]
    fn times_in_milliseconds_are_known_by_their_size() {
        assert_eq!(lifetime(r#"{"iat":1772705730000,"exp":1772705790000}"#, None), Some(60_000));
        assert_eq!(lifetime(r#"{"iat":1020,"exp":1020}"#, None), None);
    }
}
