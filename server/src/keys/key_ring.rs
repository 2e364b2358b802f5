//! A realm's signing keys: those that its configuration or the store has.

use super::ring::Ring;
use super::{Key, SigningAlgorithm, generate};
use crate::config::RealmConfig;
use crate::store::{SigningKey, Store, StoreError};
use std::sync::Arc;
use zeroize::Zeroizing;

/// A realm's live keys of its one algorithm. Clones share them, so that a rotation reaches all.
#[derive(Clone, Debug)]
pub struct KeyRing {
    algorithm: SigningAlgorithm,
    /// Whether it is the configuration that names the key: such a ring never changes.
    configured: bool,
    pub(super) ring: Ring<Key>,
}

impl KeyRing {
    /// The keys that a realm has: the configured one, else the stored ones, else a new one.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails; [`StoreError::Key`] if a key cannot be used, such as one that is sealed where
    /// no master key is configured.
    pub(crate) async fn open(config: &RealmConfig, store: &dyn Store, now_ms: i64) -> Result<KeyRing, StoreError> {
        let algorithm = SigningAlgorithm::named(&config.issue.alg).ok_or_else(|| StoreError::Key {
            realm: config.name.clone(),
            id: config.issue.alg.clone(),
            reason: "its algorithm is not known".into(),
        })?;
        let ring = Ring::of(algorithm.name, config.master_key.clone(), Vec::new());
        let ring = KeyRing { algorithm, configured: config.secret.is_some(), ring };
        match &config.secret {
            Some(secret) => {
                let id = if algorithm.is_asymmetric() { "" } else { "configured" };
                ring.ring.replace(&config.name, vec![SigningKey::new(id, algorithm.name, secret.clone(), 0)])?;
            }
            None => ring.ring.begin(&config.name, store, now_ms, async || ring.secret().await).await?,
        }
        Ok(ring)
    }

    /// What a new key is made of. Off the runtime's threads: RSA takes a while.
    pub(super) async fn secret(&self) -> Result<Zeroizing<Vec<u8>>, String> {
        let algorithm = self.algorithm;
        tokio::task::spawn_blocking(move || generate(algorithm)).await.map_err(|error| error.to_string())?
    }

    /// Takes over what the store has now; keys that have ended are dropped.
    ///
    /// # Errors
    /// Like [`KeyRing::open`]; the ring stays as it was then.
    pub(crate) async fn refresh(&self, realm: &str, store: &dyn Store, now_ms: i64) -> Result<(), StoreError> {
        if self.configured { Ok(()) } else { self.ring.refresh(realm, store, now_ms).await }
    }

    /// The live keys, the newest first.
    pub(crate) fn keys(&self) -> Arc<[Key]> {
        self.ring.keys()
    }

    /// The algorithm, which no token has a say in.
    pub const fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    /// Whether it is the configuration that names the key.
    pub const fn is_configured(&self) -> bool {
        self.configured
    }

    /// The ids of the live keys, the newest first.
    pub fn ids(&self) -> Vec<String> {
        self.ring.ids()
    }

    /// These keys for ever, without a store.
    pub(crate) fn of_keys(algorithm: SigningAlgorithm, keys: Vec<Key>) -> KeyRing {
        KeyRing { algorithm, configured: true, ring: Ring::of(algorithm.name, None, keys) }
    }
}
