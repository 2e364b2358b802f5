//! Reading a JSON Web Token without verifying it.
//!
//! For showing what a token says and for telling how long it lives. Not a verifier: a client has no key, and whoever
//! holds a token can write into it what they like. Nothing here may decide what a user is allowed to do.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use relatch_dialects::Value;

/// How a host reads JSON text in UTF-8: `None` for bytes that are none. A parameter, so that the wasm links neither a parser nor a
/// check of UTF-8 of its own.
pub type ParseJson = fn(&[u8]) -> Option<Value>;

/// What a token says, unverified.
#[derive(Clone, PartialEq)]
pub struct Unverified {
    /// The JOSE header, an object (RFC 7515 section 4).
    pub header: Value,
    /// The claims, an object (RFC 7519 section 4).
    pub claims: Value,
}

/// Why a text is not a token in compact form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFault {
    /// Not three segments between two dots (RFC 7515 section 7.1). An opaque token, most likely.
    Segments,
    /// A segment is not base64url without padding in its canonical form (RFC 7515 section 2, RFC 4648 section 3.5).
    Base64,
    /// Header or claims are not UTF-8.
    Utf8,
    /// Header or claims are not a JSON object.
    Json,
}

impl TokenFault {
    /// The fault in a few words.
    pub const fn reason(self) -> &'static str {
        match self {
            TokenFault::Segments => "expected three segments",
            TokenFault::Base64 => "expected canonical base64url",
            TokenFault::Utf8 => "expected UTF-8",
            TokenFault::Json => "expected JSON objects",
        }
    }
}

impl std::fmt::Display for TokenFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.reason())
    }
}

impl std::error::Error for TokenFault {}

/// Takes a token apart: its header and its claims.
///
/// # Errors
/// The first fault of its form. Strict, since a lenient reader and a strict server would see two different tokens.
pub fn decode_unverified(token: &str, parse: ParseJson) -> Result<Unverified, TokenFault> {
    let (header, claims) = decode_bytes(token)?;
    let object = |text: &[u8]| {
        std::str::from_utf8(text).map_err(|_| TokenFault::Utf8)?;
        parse(text).filter(|value| value.members().is_some()).ok_or(TokenFault::Json)
    };
    Ok(Unverified { header: object(&header)?, claims: object(&claims)? })
}

/// The same, with header and claims still as bytes, for a host that reads them outside.
///
/// # Errors
/// [`TokenFault::Segments`] and [`TokenFault::Base64`]: about UTF-8 and JSON nothing is said yet.
pub fn decode_bytes(token: &str) -> Result<(Vec<u8>, Vec<u8>), TokenFault> {
    let mut segments = token.as_bytes().split(|byte| *byte == b'.');
    let mut next = || segments.next();
    let (Some(header), Some(claims), Some(signature), None) = (next(), next(), next(), next()) else {
        return Err(TokenFault::Segments);
    };
    bytes(signature)?;
    Ok((bytes(header)?, bytes(claims)?))
}

/// The lifetime that a token states about itself, `exp − iat`, in milliseconds.
///
/// Their difference and not `exp` alone: both were set by one clock, which need not be ours. `None` for a token that
/// is no JWT, or lacks one of the two, or ends before it begins.
pub fn lifetime_ms(token: &str, parse: ParseJson) -> Option<u64> {
    let claims = parse(&decode_bytes(token).ok()?.1)?;
    let at = |name| claims.get(name).and_then(Value::as_number);
    let millis = (at("exp")? - at("iat")?) * 1000.0;
    (millis > 0.0 && millis <= relatch_dialects::MAX_EXACT).then_some(millis as u64)
}

fn bytes(segment: &[u8]) -> Result<Vec<u8>, TokenFault> {
    URL_SAFE_NO_PAD.decode(segment).map_err(|_| TokenFault::Base64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &[u8]) -> Option<Value> {
        serde_json::from_slice::<serde_json::Value>(text).ok().map(|json| Value::from(&json))
    }

    fn token(header: &[u8], claims: &[u8]) -> String {
        [header, claims, b"signature"].map(|part| URL_SAFE_NO_PAD.encode(part)).join(".")
    }

    fn fault(token: &str) -> Option<TokenFault> {
        decode_unverified(token, parse).err()
    }

    #[test]
    fn header_and_claims_come_out_as_they_were_put_in() {
        let decoded = decode_unverified(&token(br#"{"alg":"HS256"}"#, "{\"n\":\"Żółć\"}".as_bytes()), parse);
        let decoded = decoded.unwrap_or_else(|fault| panic!("{fault}"));
        assert_eq!(decoded.header.get("alg").and_then(Value::as_str), Some("HS256"));
        assert_eq!(decoded.claims.get("n").and_then(Value::as_str), Some("Żółć"));
    }

    #[test]
    fn anything_but_three_segments_is_refused() {
        for text in ["", "a", "e30.e30", "e30.e30.AA.AA", "e30.e30.AA."] {
            assert_eq!(fault(text), Some(TokenFault::Segments), "{text}");
        }
    }

    #[test]
    fn base64_is_url_safe_unpadded_and_canonical() {
        for text in [
            "e30=.e30.AA",
            "e30.e3+.AA",
            "e30.e3/.AA",
            "e31.e30.AA",
            "e30.e30.AB",
            "e30.e30.A",
            "e30.e30.AA\n",
            " e30.e30.AA",
        ] {
            assert_eq!(fault(text), Some(TokenFault::Base64), "{text}");
        }
    }

    #[test]
    fn invalid_utf8_is_refused() {
        assert_eq!(fault(&token(b"{}", b"{\"a\":\"\xff\"}")), Some(TokenFault::Utf8));
    }

    #[test]
    fn header_and_claims_have_to_be_objects() {
        for (header, claims) in [("[]", "{}"), ("{}", "1"), ("{}", "null"), ("{}", "{"), ("", "{}")] {
            assert_eq!(fault(&token(header.as_bytes(), claims.as_bytes())), Some(TokenFault::Json));
        }
    }

    #[test]
    fn the_lifetime_is_the_difference_of_both_claims() {
        let lifetime = |claims: &str| lifetime_ms(&token(b"{}", claims.as_bytes()), parse);
        assert_eq!(lifetime(r#"{"iat":1000,"exp":1020}"#), Some(20_000));
        assert_eq!(lifetime(r#"{"exp":1020}"#), None);
        assert_eq!(lifetime(r#"{"iat":"1000","exp":1020}"#), None);
        assert_eq!(lifetime(r#"{"iat":1020,"exp":1020}"#), None);
        assert_eq!(lifetime_ms("opaque", parse), None);
    }
}
