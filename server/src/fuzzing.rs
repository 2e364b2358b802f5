//! What the fuzz targets call: the readers of what strangers send, each as one function of bytes. It is here because
//! those readers are private, and is not for anybody else.

use crate::http::fuzzed_body;
use crate::json;
use crate::keys::{Key, KeyRing, SigningAlgorithm};
use crate::store::SigningKey;
use crate::tokens;
use relatch_dialects::{Answer, Dialect, Value};
use zeroize::Zeroizing;

/// Opens the bytes as a token, and as the claims of a token that is rightly signed.
///
/// # Panics
/// If the bytes are opened although no key of the ring has signed them.
pub fn token(input: &[u8]) {
    let stored = SigningKey::new("k", "HS256", Zeroizing::new(vec![7; 64]), 0);
    let key = Key::of(&stored).ok().zip(SigningAlgorithm::named("HS256"));
    let Some((key, algorithm)) = key else { return };
    let opened = tokens::fuzzed(&KeyRing::of_keys(algorithm, vec![key]), input);
    assert!(!opened, "a token was opened that nobody has signed");
}

/// Loads the bytes as a dialect, or as `{"dialect", "status", "answer"}`, and reads an answer by it.
pub fn dialect(input: &[u8]) {
    let Some(given) = json::parse(input) else { return };
    let Ok(dialect) = Dialect::load(given.get("dialect").unwrap_or(&given)) else { return };
    let status = given.get("status").and_then(Value::as_u64).and_then(|it| u16::try_from(it).ok()).unwrap_or(200);
    let answer = Answer::json(status, Some(given.get("answer").unwrap_or(&given).clone()));
    for operation in dialect.operations() {
        let _ = dialect.read_answer(&operation.name, 0, &answer);
    }
    let _ = dialect.read_refusal(&answer);
}

/// Reads the first line as a media type and the rest as a body of that type.
pub fn body(input: &[u8]) {
    let end = input.iter().position(|it| *it == b'\n').unwrap_or(0);
    let (media_type, body) = input.split_at_checked(end).unwrap_or_default();
    fuzzed_body(media_type, body.strip_prefix(b"\n").unwrap_or(body));
}
