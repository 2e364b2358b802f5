//! `Idempotency-Key`: by it a client says that a renewal is the same one that it has asked for before.
//!
//! The name is that of draft-ietf-httpapi-idempotency-key-header. Its rules are followed as far as the key goes; the
//! answers for keys that are missing or used twice are not, since here every renewal may come without one.

use super::Told;
use crate::realm::Realm;
use crate::store::AttemptHash;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use relatch_dialects::{Meaning, Renewal};
use sha2::{Digest, Sha256};

/// The header that carries the key, and on an answer the promise that keys are honoured.
pub(super) const ATTEMPT: HeaderName = HeaderName::from_static("idempotency-key");

/// What a key must be able to hold.
const LEAST_BITS: usize = 128;

/// More than any client needs.
const MOST_CHARS: usize = 255;

/// The key that a request brings, hashed. `None` if it brings none, several, or one that could be guessed.
pub(super) fn of(headers: &HeaderMap) -> Option<AttemptHash> {
    let mut values = headers.get_all(ATTEMPT).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let text = value.to_str().ok()?;
    // A structured header has its string in quotes (RFC 8941 section 3.3.3).
    let key = text.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(text);
    let fits = key.len() <= MOST_CHARS && key.bytes().all(|it| it.is_ascii_graphic()) && bits(key) >= LEAST_BITS;
    fits.then(|| AttemptHash(Sha256::digest(key.as_bytes()).into()))
}

/// At most so many random bits: four in a hex digit, six in any other character. The hyphens of a UUID hold none.
fn bits(key: &str) -> usize {
    let digits = key.bytes().filter(|it| *it != b'-').count();
    if key.bytes().all(|it| it.is_ascii_hexdigit() || it == b'-') { digits * 4 } else { digits * 6 }
}

/// Says on an answer with tokens that a renewal may bring a key. By what the answer means: a dialect may give tokens with
/// 201, or refuse a login with 200.
pub(super) fn announce(realm: &Realm, response: &mut Response) {
    let gives_tokens = response.extensions().get::<Told>().is_some_and(|it| it.meaning == Meaning::Session);
    if gives_tokens && realm.dialect.renewal() == Renewal::Endpoint {
        response.headers_mut().insert(ATTEMPT, HeaderValue::from_static("supported"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(values: &[&str]) -> Option<AttemptHash> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(ATTEMPT, HeaderValue::from_str(value).unwrap());
        }
        of(&headers)
    }

    #[test]
    fn a_key_of_128_bits_is_taken_in_any_usual_spelling() {
        for key in
            ["0123456789abcdef0123456789ABCDEF", "550e8400-e29b-41d4-a716-446655440000", "AbCdEfGhIjKlMnOpQrStUv"]
        {
            assert!(hash(&[key]).is_some(), "{key}");
            assert!(hash(&[&format!("\"{key}\"")]) == hash(&[key]), "{key} in quotes");
        }
        assert!(hash(&["0123456789abcdef0123456789abcdef"]) != hash(&["0123456789abcdef0123456789abcdee"]));
    }

    #[test]
    fn what_could_be_guessed_is_no_key() {
        let long = "a".repeat(256);
        for keys in [
            &[][..],
            &[""],
            &["\"\""],
            &["1"],
            &["0123456789abcdef0123456789abcde"],
            &["--------------------------------"],
            &["AbCdEfGhIjKlMnOpQrStU"],
            &["with a blank 0123456789abcdef0123456789abcdef"],
            &[&long],
            &["0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef"],
        ] {
            assert!(hash(keys).is_none(), "{keys:?}");
        }
    }
}
