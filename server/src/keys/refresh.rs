//! The secrets that refresh tokens are computed with. They are kept, sealed and rotated like signing keys, and are none:
//! they are in a ring of their own, so that nothing signs with them or publishes them.

use super::ring::Ring;
use crate::config::RealmConfig;
use crate::store::{SigningKey, Store, StoreError};
use crate::tokens::REFRESH_ALG;
use rand::RngExt;
use relatch_dialects::Renewal;
use std::sync::Arc;
use zeroize::Zeroizing;

/// As long as a block of SHA-256: more would be hashed down (RFC 2104 section 3).
const SECRET_BYTES: usize = 64;

/// A realm's live secrets of refresh tokens, the newest first; none where no token is renewed by endpoint. Clones share
/// them.
#[derive(Clone, Debug)]
pub struct RefreshKeys {
    is_used: bool,
    pub(super) ring: Ring<SigningKey>,
}

impl RefreshKeys {
    /// A realm's secrets: the stored ones, else a new one.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails; [`StoreError::Key`] if one does not open under the master key.
    pub(crate) async fn open(config: &RealmConfig, store: &dyn Store, now_ms: i64) -> Result<RefreshKeys, StoreError> {
        let is_used = config.dialect.renewal() == Renewal::Endpoint;
        let keys = RefreshKeys { is_used, ring: Ring::of(REFRESH_ALG, config.master_key.clone(), Vec::new()) };
        if is_used {
            keys.ring.begin(&config.name, store, now_ms, async || Ok(secret())).await?;
        }
        Ok(keys)
    }

    /// Takes over what the store has now; those that have ended are dropped.
    ///
    /// # Errors
    /// Like [`RefreshKeys::open`]; they stay as they were then.
    pub(crate) async fn refresh(&self, realm: &str, store: &dyn Store, now_ms: i64) -> Result<(), StoreError> {
        if self.is_used { self.ring.refresh(realm, store, now_ms).await } else { Ok(()) }
    }

    /// The live ones, the newest first.
    pub(crate) fn keys(&self) -> Arc<[SigningKey]> {
        self.ring.keys()
    }

    /// Whether the realm has any: whether it renews by endpoint.
    pub const fn is_used(&self) -> bool {
        self.is_used
    }

    /// The ids of the live ones, the newest first.
    pub fn ids(&self) -> Vec<String> {
        self.ring.ids()
    }
}

/// What a new one is made of.
pub(super) fn secret() -> Zeroizing<Vec<u8>> {
    let mut secret = Zeroizing::new(vec![0; SECRET_BYTES]);
    rand::rng().fill(secret.as_mut_slice());
    secret
}
