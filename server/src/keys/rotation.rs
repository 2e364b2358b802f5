//! A new key takes over, and the old ones go on verifying until the last token that they signed has ended.
//!
//! A new key is announced before it signs: by then every process has read it, and everybody who keeps the published
//! key set has come back for it. So no token ever meets a verifier that does not know its key.

use super::KeyRing;
use crate::audit::Actor;
use crate::realm::Realm;
use crate::services::Server;
use crate::store::{Store, StoreError};
use std::time::Duration;

/// How long a new key is announced before it signs, in milliseconds. The published key set may be kept for as long.
pub const NOTICE_MS: i64 = 60_000;

/// How often a server looks for keys that another process made.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Makes a key that signs from `signs_from_ms` on, and ends the others when the last token that they can have signed
/// by then has ended. The id of the new key; `None` if `unless_since_ms` is given and a key is as young as that,
/// because another process was quicker. On the record only if `store` [records](crate::store::Operations::recording):
/// [`Acting::rotate_keys`](crate::audit::Acting::rotate_keys) sees to that.
///
/// # Errors
/// [`StoreError::Key`] if it is the configuration that names the realm's key; else [`StoreError`] if the store fails.
pub async fn rotate(
    realm: &Realm,
    store: &dyn Store,
    now_ms: i64,
    signs_from_ms: i64,
    unless_since_ms: Option<i64>,
) -> Result<Option<String>, StoreError> {
    let ring: &KeyRing = &realm.keys;
    if ring.is_configured() {
        return Err(StoreError::Key {
            realm: realm.name.clone(),
            id: ring.ids().join(", "),
            reason: "the configuration names it: change it there".into(),
        });
    }
    let key = ring.fresh(&realm.name, signs_from_ms).await?;
    let id = key.id.clone();
    let lasting_secs = realm.lifetime_secs.saturating_add(realm.leeway_secs).saturating_add(1);
    let lasting_ms = i64::try_from(lasting_secs).unwrap_or(i64::MAX).saturating_mul(1000);
    let until_ms = signs_from_ms.saturating_add(lasting_ms);
    let done = store.rotate_signing_key(&realm.name, key, now_ms, until_ms, unless_since_ms).await?;
    Ok(done.then_some(id))
}

impl Server {
    /// [`look_after_keys`](Server::look_after_keys) every second. Never returns. A failure is logged, and tried again.
    pub(crate) async fn tend_keys(&self) {
        let mut seconds = tokio::time::interval(LOOK_EVERY);
        seconds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            seconds.tick().await;
            if let Err(error) = self.look_after_keys().await {
                tracing::warn!(error = &error as &dyn std::error::Error, "signing keys could not be looked after");
            }
        }
    }

    /// Follows the keys of every realm that other processes change, and rotates those whose schedule says so: afterwards
    /// this server signs and verifies with what the store has.
    ///
    /// # Errors
    /// [`StoreError`] for the first realm that fails; its keys stay as they were.
    pub async fn look_after_keys(&self) -> Result<(), StoreError> {
        let now_ms = self.clock.now_ms();
        for realm in self.realms() {
            self.rotate_if_due(realm, now_ms).await?;
            realm.keys.refresh(&realm.name, self.store.as_ref(), now_ms).await?;
        }
        Ok(())
    }

    async fn rotate_if_due(&self, realm: &Realm, now_ms: i64) -> Result<(), StoreError> {
        let Some(every_secs) = realm.rotate_every_secs.filter(|_| !realm.keys.is_configured()) else { return Ok(()) };
        let every_ms = i64::try_from(every_secs).unwrap_or(i64::MAX).saturating_mul(1000);
        let since_ms = now_ms.saturating_sub(every_ms);
        let keys = self.store.signing_keys(&realm.name, realm.keys.algorithm().name).await?;
        if keys.iter().any(|it| it.created_at_ms > since_ms) {
            return Ok(());
        }
        if let Some(id) = self.acting(Actor::server()).rotate_keys(realm, NOTICE_MS, Some(since_ms)).await? {
            tracing::info!(realm = realm.name, key = id, "a new signing key takes over in a minute");
        }
        Ok(())
    }
}
