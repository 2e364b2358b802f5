//! Live keys of one realm for one purpose. A ring is read at every request and replaced as a whole when the store has
//! changed. What its keys are for, it does not know.

use super::master::{opened, seal_plain_ones, unfit};
use super::{Key, MasterKey};
use crate::store::{SigningKey, Store, StoreError};
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use uuid::Uuid;
use zeroize::Zeroizing;

/// What a ring holds: a stored key, ready for use.
pub(super) trait Ready: Sized {
    /// Makes one ready whose secret is in the open; else why it is unfit.
    fn ready(stored: SigningKey) -> Result<Self, String>;

    /// Its id, from when on it signs, and when it ends.
    fn life(&self) -> (&str, i64, Option<i64>);
}

impl Ready for Key {
    fn ready(stored: SigningKey) -> Result<Key, String> {
        Key::of(&stored)
    }

    fn life(&self) -> (&str, i64, Option<i64>) {
        (&self.id, self.signs_from_ms, self.verifies_until_ms)
    }
}

impl Ready for SigningKey {
    fn ready(stored: SigningKey) -> Result<SigningKey, String> {
        Ok(stored)
    }

    fn life(&self) -> (&str, i64, Option<i64>) {
        (&self.id, self.signs_from_ms, self.verifies_until_ms)
    }
}

/// The keys, the newest first. Clones share them, so that a rotation reaches all.
pub(super) struct Ring<K> {
    alg: &'static str,
    master: Option<MasterKey>,
    keys: Arc<RwLock<Arc<[K]>>>,
}

impl<K: Ready> Ring<K> {
    /// Without a store behind it, or with none asked yet.
    pub(super) fn of(alg: &'static str, master: Option<MasterKey>, keys: Vec<K>) -> Ring<K> {
        Ring { alg, master, keys: Arc::new(RwLock::new(keys.into())) }
    }

    /// Takes over what the store has; if nothing there goes on, the key that `secret` makes is stored first.
    pub(super) async fn begin(
        &self,
        realm: &str,
        store: &dyn Store,
        now_ms: i64,
        secret: impl AsyncFnOnce() -> Result<Zeroizing<Vec<u8>>, String>,
    ) -> Result<(), StoreError> {
        let stored = store.signing_keys(realm, self.alg).await?;
        if !stored.iter().any(|it| it.verifies_until_ms.is_none()) {
            let secret = secret().await;
            store.ensure_signing_key(realm, self.made(realm, secret, 0)?, now_ms).await?;
        }
        seal_plain_ones(self.master.as_ref(), realm, store, &stored).await?;
        self.refresh(realm, store, now_ms).await
    }

    /// A new key of that secret, sealed where there is a master key.
    pub(super) fn made(
        &self,
        realm: &str,
        secret: Result<Zeroizing<Vec<u8>>, String>,
        signs_from_ms: i64,
    ) -> Result<SigningKey, StoreError> {
        let key = SigningKey::new(&Uuid::new_v4().to_string(), self.alg, Zeroizing::default(), signs_from_ms);
        let secret = secret.map_err(|reason| unfit(realm, &key, &reason))?;
        let key = SigningKey { secret, ..key };
        self.master.as_ref().map_or(Ok(key.clone()), |master| master.seal(realm, key))
    }

    /// Takes over what the store has now; keys that have ended are dropped. On failure it stays as it was.
    pub(super) async fn refresh(&self, realm: &str, store: &dyn Store, now_ms: i64) -> Result<(), StoreError> {
        let mut stored = store.signing_keys(realm, self.alg).await?;
        stored.retain(|it| it.verifies_at(now_ms));
        if self.has(&stored) { Ok(()) } else { self.replace(realm, stored) }
    }

    /// Whether it holds just these already, so that making keys ready is not repeated every second.
    fn has(&self, stored: &[SigningKey]) -> bool {
        let live = self.keys();
        live.len() == stored.len() && live.iter().zip(stored).all(|(key, it)| key.life() == it.life())
    }

    pub(super) fn replace(&self, realm: &str, stored: Vec<SigningKey>) -> Result<(), StoreError> {
        let ready = stored.into_iter().map(|key| {
            let key = opened(self.master.as_ref(), realm, key)?;
            K::ready(key.clone()).map_err(|reason| unfit(realm, &key, &reason))
        });
        let ready: Vec<K> = ready.collect::<Result<_, _>>()?;
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = ready.into();
        Ok(())
    }

    pub(super) fn keys(&self) -> Arc<[K]> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn ids(&self) -> Vec<String> {
        self.keys().iter().map(|it| it.life().0.to_owned()).collect()
    }
}

// Deliberately not derived: that would ask the same of what it holds.
impl<K> Clone for Ring<K> {
    fn clone(&self) -> Ring<K> {
        Ring { alg: self.alg, master: self.master.clone(), keys: Arc::clone(&self.keys) }
    }
}

impl<K: Ready> fmt::Debug for Ring<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ring").field("alg", &self.alg).field("ids", &self.ids()).finish_non_exhaustive()
    }
}
