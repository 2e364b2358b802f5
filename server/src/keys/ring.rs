//! A realm's live keys. A ring is read at every request and replaced as a whole when the store has changed.

use super::master::{opened, seal_plain_ones, unfit};
use super::{Key, MasterKey, SigningAlgorithm, generate};
use crate::config::RealmConfig;
use crate::store::{SigningKey, Store, StoreError};
use std::sync::{Arc, PoisonError, RwLock};
use uuid::Uuid;
use zeroize::Zeroizing;

/// A realm's live keys of its one algorithm. Clones share them, so that a rotation reaches all.
#[derive(Clone, Debug)]
pub struct KeyRing {
    algorithm: SigningAlgorithm,
    /// Whether it is the configuration that names the key: such a ring never changes.
    configured: bool,
    master: Option<MasterKey>,
    keys: Arc<RwLock<Arc<[Key]>>>,
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
        let configured = config.secret.as_ref().map(|secret| {
            let id = if algorithm.is_asymmetric() { "" } else { "configured" };
            SigningKey::new(id, algorithm.name, secret.clone(), 0)
        });
        let keys = Arc::new(RwLock::new(Arc::from([])));
        let ring = KeyRing { algorithm, configured: configured.is_some(), master: config.master_key.clone(), keys };
        match configured {
            Some(key) => ring.replace(&config.name, vec![key])?,
            None => ring.begin(&config.name, store, now_ms).await?,
        }
        Ok(ring)
    }

    async fn begin(&self, realm: &str, store: &dyn Store, now_ms: i64) -> Result<(), StoreError> {
        let stored = store.signing_keys(realm, self.algorithm.name).await?;
        if !stored.iter().any(|it| it.verifies_until_ms.is_none()) {
            let key = self.fresh(realm, 0).await?;
            store.ensure_signing_key(realm, key, now_ms).await?;
        }
        seal_plain_ones(self.master.as_ref(), realm, store, &stored).await?;
        self.refresh(realm, store, now_ms).await
    }

    /// A new key, sealed where there is a master key. Off the runtime's threads: RSA takes a while.
    pub(super) async fn fresh(&self, realm: &str, signs_from_ms: i64) -> Result<SigningKey, StoreError> {
        let (id, algorithm) = (Uuid::new_v4().to_string(), self.algorithm);
        let failed = |reason: String| StoreError::Key { realm: realm.into(), id: id.clone(), reason };
        let made = tokio::task::spawn_blocking(move || generate(algorithm)).await;
        let secret: Zeroizing<Vec<u8>> = made.map_err(|error| failed(error.to_string()))?.map_err(failed)?;
        let key = SigningKey::new(&id, algorithm.name, secret, signs_from_ms);
        self.master.as_ref().map_or(Ok(key.clone()), |master| master.seal(realm, key))
    }

    /// Takes over what the store has now; keys that have ended are dropped.
    ///
    /// # Errors
    /// Like [`KeyRing::open`]; the ring stays as it was then.
    pub(crate) async fn refresh(&self, realm: &str, store: &dyn Store, now_ms: i64) -> Result<(), StoreError> {
        if self.configured {
            return Ok(());
        }
        let mut stored = store.signing_keys(realm, self.algorithm.name).await?;
        stored.retain(|it| it.verifies_until_ms.is_none_or(|until_ms| now_ms < until_ms));
        if self.has(&stored) { Ok(()) } else { self.replace(realm, stored) }
    }

    /// Whether the ring holds just these already, so that making keys ready is not repeated every second.
    fn has(&self, stored: &[SigningKey]) -> bool {
        let live = self.keys();
        let same = |(key, it): (&Key, &SigningKey)| {
            key.id == it.id && key.signs_from_ms == it.signs_from_ms && key.verifies_until_ms == it.verifies_until_ms
        };
        live.len() == stored.len() && live.iter().zip(stored).all(same)
    }

    fn replace(&self, realm: &str, stored: Vec<SigningKey>) -> Result<(), StoreError> {
        let ready = stored.into_iter().map(|key| {
            let key = opened(self.master.as_ref(), realm, key)?;
            Key::of(&key).map_err(|reason| unfit(realm, &key, &reason))
        });
        let ready: Vec<Key> = ready.collect::<Result<_, _>>()?;
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = ready.into();
        Ok(())
    }

    /// The live keys, the newest first.
    pub(crate) fn keys(&self) -> Arc<[Key]> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
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
        self.keys().iter().map(|it| it.id.clone()).collect()
    }

    /// These keys for ever, without a store.
    pub(crate) fn of_keys(algorithm: SigningAlgorithm, keys: Vec<Key>) -> KeyRing {
        KeyRing { algorithm, configured: true, master: None, keys: Arc::new(RwLock::new(keys.into())) }
    }
}
