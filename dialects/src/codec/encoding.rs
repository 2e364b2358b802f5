//! Base64 and percent-encoding. Written in one form, read leniently: what an API wrote need not be canonical.

use base64::Engine as _;
use base64::alphabet::{Alphabet, STANDARD, URL_SAFE};
use base64::engine::general_purpose::{STANDARD as PADDED, URL_SAFE_NO_PAD};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

pub(super) fn base64(bytes: &[u8]) -> String {
    PADDED.encode(bytes)
}

/// Without padding, as tokens have it (RFC 7515 section 2).
pub(super) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The text that is encoded in it, in the alphabet of that function.
pub(super) fn from_base64(name: &str, text: &str) -> Option<String> {
    let alphabet = if name == "$base64url" { &URL_SAFE } else { &STANDARD };
    String::from_utf8(lenient(alphabet).decode(text).ok()?).ok()
}

fn lenient(alphabet: &Alphabet) -> GeneralPurpose {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    GeneralPurpose::new(alphabet, config)
}

/// What JavaScript's `encodeURIComponent` leaves alone.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

pub(super) fn percent(text: &str) -> String {
    utf8_percent_encode(text, COMPONENT).to_string()
}

/// A cookie's value as the application meant it; as it stands if it is not encoded.
pub(super) fn from_percent(text: &str) -> String {
    percent_decode_str(text).decode_utf8().map_or_else(|_| text.into(), Into::into)
}
