//! Keys that the server makes and keeps: signing keys of realms whose configuration names none, and the secrets of refresh
//! tokens.

use super::{Pending, StoreError};
use crate::keys::MasterKeyName;
use std::fmt;
use zeroize::Zeroizing;

/// A signing key as it is stored. `Debug` tells its id and algorithm only; the secret is wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Its name (`kid`), for tokens, logs and rotation.
    pub id: String,
    /// The JWS algorithm (RFC 7518) it is for; a key is never used with another.
    pub alg: String,
    /// The secret bytes, or a private key in PKCS#8; sealed if `sealed` says so.
    pub secret: Zeroizing<Vec<u8>>,
    /// Whether `secret` is sealed under the deployment's master key.
    pub sealed: bool,
    /// Under which one; not known of keys that an earlier version has sealed.
    pub master: Option<MasterKeyName>,
    /// When the store took it in, in milliseconds since the Unix epoch.
    pub created_at_ms: i64,
    /// From when on it signs.
    pub signs_from_ms: i64,
    /// When it ends, if something has taken its place.
    pub verifies_until_ms: Option<i64>,
}

impl SigningKey {
    /// A plain key that nothing has taken the place of.
    pub fn new(id: &str, alg: &str, secret: Zeroizing<Vec<u8>>, signs_from_ms: i64) -> SigningKey {
        let (created_at_ms, verifies_until_ms) = (signs_from_ms, None);
        SigningKey {
            id: id.into(),
            alg: alg.into(),
            secret,
            sealed: false,
            master: None,
            created_at_ms,
            signs_from_ms,
            verifies_until_ms,
        }
    }

    /// Whether what it has made counts at that time.
    pub fn verifies_at(&self, now_ms: i64) -> bool {
        self.verifies_until_ms.is_none_or(|until_ms| now_ms < until_ms)
    }

    /// Whether it may make tokens at that time.
    pub fn signs_at(&self, now_ms: i64) -> bool {
        self.signs_from_ms <= now_ms && self.verifies_at(now_ms)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("id", &self.id).field("alg", &self.alg).finish_non_exhaustive()
    }
}

/// How the wish to end a key was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retirement {
    /// It has ended, and with it so many sessions.
    Done(u64),
    /// Nothing was done: so many sessions would have ended with it.
    Needed(u64),
    /// Nothing was done: there is no such key that is live, or no other one that could take its place at once.
    Refused,
}

/// What is stored instead of a realm's key.
pub type Resealing<'a> = &'a (dyn Fn(&str, SigningKey) -> Result<SigningKey, StoreError> + Send + Sync);

/// Keys that the server made itself.
///
/// All that are sealed are so under one master key: a key that is to be stored under another one, or in the open beside
/// sealed ones, is refused with [`StoreError::Key`].
pub trait Keys {
    /// The realm's keys for an algorithm, the newest first, those included that have ended.
    fn signing_keys<'a>(&'a self, realm: &'a str, alg: &'a str) -> Pending<'a, Vec<SigningKey>>;

    /// Stores `key` unless the realm has one for its algorithm already that nothing has taken the place of; returns
    /// the one that it has then.
    /// So of two processes that start at once, both sign with the same.
    fn ensure_signing_key<'a>(&'a self, realm: &'a str, key: SigningKey, now_ms: i64) -> Pending<'a, SigningKey>;

    /// Stores `key` and lets the realm's others of its algorithm end at `others_until_ms`, unless they end before.
    /// False, and nothing done, if the realm has one for its algorithm that was made after `unless_since_ms`. Keys that
    /// ended before `now_ms` are forgotten.
    fn rotate_signing_key<'a>(
        &'a self,
        realm: &'a str,
        key: SigningKey,
        now_ms: i64,
        others_until_ms: i64,
        unless_since_ms: Option<i64>,
    ) -> Pending<'a, bool>;

    /// Ends a key at `now_ms`, if the realm has another one for its algorithm that signs by then. Sessions that go on and
    /// whose refresh tokens are computed with it end too, if `ends_sessions`; else it stays as long as there are any.
    fn retire_signing_key<'a>(
        &'a self,
        realm: &'a str,
        id: &'a str,
        now_ms: i64,
        ends_sessions: bool,
    ) -> Pending<'a, Retirement>;

    /// Replaces the plain secret of a key by a sealed one. False if there is no such key, or it is sealed already.
    fn seal_signing_key<'a>(&'a self, realm: &'a str, key: SigningKey) -> Pending<'a, bool>;

    /// Replaces every key of every realm by what `sealed` makes of it, all in one transaction: if it fails for one, nothing
    /// has changed. Returns how many are other than before.
    fn reseal_signing_keys<'a>(&'a self, sealed: Resealing<'a>) -> Pending<'a, u64>;
}
