//! HTTP as the driver sees it: what it hands to a host, and what it wants back.

use relatch_dialects::{Answer, Value, Values};

/// What goes along with a request that carries the token: [`Dialect::attach`](relatch_dialects::Dialect::attach).
pub type Attached = Vec<Value>;

/// A request that is ready to be sent. It carries secrets: no host logs more of it than method and path.
#[derive(Clone, PartialEq)]
pub struct HttpRequest {
    /// The HTTP method, in upper case.
    pub method: String,
    /// The absolute URL. Redirects are not followed: a token goes to this URL or nowhere.
    pub url: String,
    /// Its other parts, as [`Request`](relatch_dialects::Request) has them. A codec makes a query, headers and a body of them.
    pub parts: Values,
    /// What is laid over them: [`Dialect::attach`](relatch_dialects::Dialect::attach).
    pub attached: Attached,
    /// The attempt key, to be sent as [`ATTEMPT_HEADER`].
    pub attempt: Option<String>,
}

/// What came back.
#[derive(Clone, PartialEq)]
pub struct HttpAnswer {
    /// The status, and the parts that a codec made of the rest.
    pub answer: Answer,
    /// What the `Retry-After` header says: [`retry_after_ms`].
    pub retry_after_ms: Option<u64>,
    /// Whether the answer had the header named [`ATTEMPT_HEADER`].
    pub attempt: bool,
    /// When the server sent it by its own clock, in milliseconds since the epoch, if it says so (RFC 9110 section 6.6.1).
    pub date_ms: Option<u64>,
}

/// Carries the attempt key on a renewal; a server that honours such keys shows it by sending this header itself.
pub const ATTEMPT_HEADER: &str = "Idempotency-Key";

/// A thousand years: what a session waits at the most is a small part of it.
const MAX_SECS: u64 = 31_556_952_000;

/// `Retry-After` in milliseconds from now, in both of its forms (RFC 9110 section 10.2.3): a number of seconds, or a
/// date, which `parse_date` turns into milliseconds since the epoch.
pub fn retry_after_ms(header: &str, now_ms: u64, parse_date: fn(&str) -> Option<u64>) -> Option<u64> {
    let mut secs: u64 = 0;
    for byte in header.bytes() {
        if !byte.is_ascii_digit() {
            return Some(parse_date(header)?.saturating_sub(now_ms));
        }
        // A number of any length means "very long" and none means an error.
        secs = (secs * 10 + u64::from(byte & 15)).min(MAX_SECS);
    }
    (!header.is_empty()).then(|| secs * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(header: &str) -> Option<u64> {
        retry_after_ms(header, 5_000, |text| (text == "a date").then_some(65_000))
    }

    #[test]
    fn both_forms_of_retry_after_are_read() {
        assert_eq!(parse("120"), Some(120_000));
        assert_eq!(parse("0"), Some(0));
        assert_eq!(parse("a date"), Some(60_000));
    }

    #[test]
    fn a_date_in_the_past_means_now() {
        assert_eq!(retry_after_ms("x", 5_000, |_| Some(1_000)), Some(0));
    }

    #[test]
    fn nonsense_is_no_delay_and_a_huge_one_does_not_overflow() {
        assert_eq!(parse(""), None);
        assert_eq!(parse("-5"), None);
        assert_eq!(parse("1.5"), None);
        assert_eq!(parse(&"9".repeat(60)), Some(MAX_SECS * 1000));
    }
}
