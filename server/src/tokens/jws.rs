//! Signed texts in compact form (RFC 7515 section 3.1), read strictly: one spelling of each token, and nothing in it
//! that this server does not write. It knows no claims.

use crate::json;
use crate::keys::{Key, KeyRing, SigningAlgorithm};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use relatch_dialects::Value;
use std::sync::Arc;

/// Longer than any token that is issued here; what is longer is not worth a hash.
const MAX_TOKEN_BYTES: usize = 8 * 1024;

/// What a right signature was found over, and by which key.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) header: Value,
    /// The payload as it was signed; not yet known to be JSON.
    pub(super) payload: Vec<u8>,
    /// When the key ends that verified it, if it is being replaced.
    pub(super) key_ends_ms: Option<i64>,
}

/// Opens a token that one of these keys of a ring has signed; `None` for everything else.
///
/// The algorithm is the ring's: the token's `alg` is only compared with it (RFC 8725 section 3.1). `kid` chooses among
/// the ring's keys and can point at nothing else; without it, each of them is tried.
pub(super) fn open(algorithm: SigningAlgorithm, keys: &[Key], token: &str) -> Option<Opened> {
    if token.len() > MAX_TOKEN_BYTES {
        return None;
    }
    let (message, signature) = token.rsplit_once('.')?;
    let (header, payload) = message.split_once('.')?;
    // Strict in both: neither padding nor bits that belong to no byte, so that each token has one spelling.
    let (header, payload) = (URL_SAFE_NO_PAD.decode(header).ok()?, URL_SAFE_NO_PAD.decode(payload).ok()?);
    let header = json::parse(&header)?;
    let named = named_key(algorithm, &header)?;
    let fits = |key: &&Key| named.is_none_or(|kid| kid == key.id);
    let key_ends_ms = keys.iter().filter(fits).find(|key| key.verifies(message, signature))?.verifies_until_ms;
    Some(Opened { header, payload, key_ends_ms })
}

/// The `kid`, if there is one; `None` for a header that is not as this server writes it. A member that is not known is
/// refused rather than ignored: `crit` because it must be (RFC 7515 section 4.1.11), `b64` because it changes what is
/// signed (RFC 7797), `jwk`, `jku`, `x5u` and `x5c` because no good token needs to say where its key is.
fn named_key(algorithm: SigningAlgorithm, header: &Value) -> Option<Option<&str>> {
    let Value::Object(members) = header else { return None };
    let known =
        members.iter().all(|(name, value)| matches!(name.as_str(), "alg" | "typ" | "kid") && value.as_str().is_some());
    let fits = known && header.get("alg").and_then(Value::as_str) == Some(algorithm.name);
    fits.then(|| header.get("kid").and_then(Value::as_str))
}

/// Signs a payload with the ring's newest key that signs at that time. `names_key` puts its id into the header.
pub(super) fn seal(ring: &KeyRing, header: &Value, names_key: bool, payload: &Value, now_ms: i64) -> Option<String> {
    let keys: Arc<[Key]> = ring.keys();
    let key = keys.iter().find(|it| it.signs_at(now_ms))?;
    let mut header = header.clone();
    if let (true, Value::Object(members)) = (names_key, &mut header) {
        members.push(("kid".into(), key.id.as_str().into()));
    }
    let message = format!("{}.{}", encoded(&header), encoded(payload));
    Some(format!("{message}.{}", key.sign(&message)?))
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::Value::from(value).to_string())
}

#[cfg(test)]
#[path = "vectors.rs"]
mod vectors;
