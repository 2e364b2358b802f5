//! Signing keys of realms whose configuration names no secret.

use super::Pending;
use std::fmt;
use zeroize::Zeroizing;

/// A symmetric signing key. `Debug` tells its id and algorithm only; the secret is wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Its name, for logs and later for rotation.
    pub id: String,
    /// The JWS algorithm (RFC 7518) it is for; a key is never used with another.
    pub alg: String,
    /// The secret bytes.
    pub secret: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("id", &self.id).field("alg", &self.alg).finish_non_exhaustive()
    }
}

/// Keys that the server made itself.
pub trait Keys {
    /// The realm's keys for an algorithm, the newest first.
    fn signing_keys<'a>(&'a self, realm: &'a str, alg: &'a str) -> Pending<'a, Vec<SigningKey>>;

    /// Stores `key` unless the realm has one for its algorithm already; returns the one that it has then.
    /// So of two processes that start at once, both sign with the same.
    fn ensure_signing_key<'a>(&'a self, realm: &'a str, key: SigningKey, now_ms: i64) -> Pending<'a, SigningKey>;
}
