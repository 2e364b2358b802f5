//! HTTP as the driver sees it: what it hands to a host, and what it wants back.

use relatch_dialects::Value;

/// Header names with their values.
pub type Headers = Vec<(String, String)>;

/// A request that is ready to be sent. It carries secrets: no host logs more of it than method and path.
#[derive(Clone, PartialEq)]
pub struct HttpRequest {
    /// The HTTP method, in upper case.
    pub method: String,
    /// The absolute URL. Redirects are not followed: a token goes to this URL or nowhere.
    pub url: String,
    /// Header names with their values, `Content-Type` included.
    pub headers: Headers,
    /// The JSON body, if there is one.
    pub json: Option<Value>,
}

/// What came back.
#[derive(Clone, PartialEq)]
pub struct HttpAnswer {
    /// The status code.
    pub status: u16,
    /// The body, if it was JSON.
    pub json: Option<Value>,
    /// What the `Retry-After` header says: [`retry_after_ms`].
    pub retry_after_ms: Option<u64>,
    /// Whether the answer had the header named [`ATTEMPT_HEADER`].
    pub attempt: bool,
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
