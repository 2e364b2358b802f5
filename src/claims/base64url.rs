//! Base64url without padding, in its canonical form alone (RFC 7515 section 2, RFC 4648 sections 3.5 and 5).
//!
//! The crate `base64` reads it, except in wasm: it is made for throughput, and its unrolled loops would be a twelfth of all that
//! a page loads, to decode a few hundred bytes. What stands in for it there is held against it by the tests.

#[cfg(target_arch = "wasm32")]
pub(super) use small::decode;

/// The bytes of a segment; `None` if it is not canonical base64url.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn decode(segment: &[u8]) -> Option<Vec<u8>> {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(segment).ok()
}

#[cfg(any(test, target_arch = "wasm32"))]
mod small {
    pub(in crate::claims) fn decode(segment: &[u8]) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let (mut rest, mut length) = (0, 0);
        for &digit in segment {
            rest = rest << 6 | value(digit)?;
            length += 6;
            if length >= 8 {
                length -= 8;
                bytes.push((rest >> length) as u8);
                rest &= (1 << length) - 1;
            }
        }
        // A digit that begins no byte, or bits that no byte has room for: another text for the same bytes.
        (length < 6 && rest == 0).then_some(bytes)
    }

    fn value(digit: u8) -> Option<u32> {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        Some(value.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Everything of one digit up to three, which is every end that a segment can have.
    fn ends() -> impl Iterator<Item = String> {
        let digits = || (0..=127_u8).map(char::from);
        let two =
            move || digits().flat_map(move |one| digits().map(move |other| [one, other].iter().collect::<String>()));
        let three = two().flat_map(|it| "AQgz_-=\n".chars().map(move |last| format!("{it}{last}")));
        digits().map(String::from).chain(two()).chain(three)
    }

    #[test]
    fn every_end_of_a_segment_is_read_or_refused_alike() {
        for segment in ends() {
            assert_eq!(small::decode(segment.as_bytes()), decode(segment.as_bytes()), "{segment:?}");
        }
    }

    proptest! {
        #[test]
        fn every_segment_is_read_alike(bytes: Vec<u8>, digits in "[A-Za-z0-9_=+/-]{0,40}") {
            use base64::Engine as _;
            let segment = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&bytes);
            prop_assert_eq!(small::decode(segment.as_bytes()), Some(bytes));
            prop_assert_eq!(small::decode(digits.as_bytes()), decode(digits.as_bytes()));
        }
    }
}
