//! A new key takes over, and the old ones go on verifying until the last token that they signed has ended.
//!
//! A new key is announced before it signs: by then every process has read it, and everybody who keeps the published
//! key set has come back for it. So no token ever meets a verifier that does not know its key.

use super::refresh;
use crate::audit::Actor;
use crate::realm::Realm;
use crate::services::Server;
use crate::store::{Store, StoreError};
use crate::tokens::REFRESH_ALG;
use std::time::Duration;

/// How long a new key is announced before it signs, in milliseconds. The published key set may be kept for as long.
pub const NOTICE_MS: i64 = 60_000;

/// How often a server looks for keys that another process made.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The least age at which a schedule replaces a secret of refresh tokens. Each has to live for as long as its sessions, and
/// of a thousand that live, a forged token would be held against every one.
const REFRESH_EVERY_MS: i64 = 24 * 3600 * 1000;

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPurpose {
    /// It signs access tokens.
    Signing,
    /// Refresh tokens are computed with it.
    Refresh,
}

/// Makes a key that takes over from `signs_from_ms` on, and ends the others when the last token that they can have made
/// by then has ended. The id of the new key; `None` if `unless_since_ms` is given and a key is younger than that,
/// because another process was quicker. On the record only if `store` [records](crate::store::Operations::recording):
/// [`Acting::rotate_keys`](crate::audit::Acting::rotate_keys) sees to that.
///
/// # Errors
/// [`StoreError::Key`] if it is the configuration that names the realm's key, if the realm has no refresh tokens, or if the
/// store's keys are sealed under another master key; else [`StoreError`] if the store fails.
pub async fn rotate(
    realm: &Realm,
    purpose: KeyPurpose,
    store: &dyn Store,
    now_ms: i64,
    signs_from_ms: i64,
    unless_since_ms: Option<i64>,
) -> Result<Option<String>, StoreError> {
    let refused = |id: String, reason: &str| StoreError::Key { realm: realm.name.clone(), id, reason: reason.into() };
    let key = match purpose {
        KeyPurpose::Signing if realm.keys.is_configured() => {
            return Err(refused(realm.keys.ids().join(", "), "the configuration names it: change it there"));
        }
        KeyPurpose::Refresh if !realm.refresh_keys.is_used() => {
            return Err(refused("for refresh tokens".into(), "the realm has no refresh tokens"));
        }
        KeyPurpose::Signing => realm.keys.ring.made(&realm.name, realm.keys.secret().await, signs_from_ms)?,
        KeyPurpose::Refresh => realm.refresh_keys.ring.made(&realm.name, Ok(refresh::secret()), signs_from_ms)?,
    };
    let id = key.id.clone();
    let until_ms = signs_from_ms.saturating_add(lasting_ms(realm, purpose));
    let done = store.rotate_signing_key(&realm.name, key, now_ms, until_ms, unless_since_ms).await?;
    Ok(done.then_some(id))
}

/// For how long what a key has made can be asked of it after it made the last.
///
/// A refresh token is good until its session expires unless it is renewed. It may come at the very end of that, its answer
/// get lost, and the same attempt come again as late in the time that the session has got by it. No session is older than a
/// session may be.
fn lasting_ms(realm: &Realm, purpose: KeyPurpose) -> i64 {
    let secs = match purpose {
        KeyPurpose::Signing => realm.lifetime_secs,
        KeyPurpose::Refresh => {
            let idle_secs = realm.refresh_lifetime_secs.unwrap_or_default().max(realm.lifetime_secs);
            idle_secs.saturating_mul(2).min(realm.session_lifetime_secs)
        }
    };
    i64::try_from(secs.saturating_add(realm.leeway_secs).saturating_add(1)).unwrap_or(i64::MAX).saturating_mul(1000)
}

impl Server {
    /// [`look_after_keys`](Server::look_after_keys) every second. Never returns. A failure is logged once for as long as it
    /// is the same, and tried again.
    pub(crate) async fn tend_keys(&self) {
        let mut seconds = tokio::time::interval(LOOK_EVERY);
        seconds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut told = None;
        loop {
            seconds.tick().await;
            let failed = self.look_after_keys().await.err();
            let text = failed.as_ref().map(ToString::to_string);
            if let Some(error) = failed.filter(|_| text != told) {
                tracing::warn!(error = &error as &dyn std::error::Error, "keys could not be looked after");
            }
            told = text;
        }
    }

    /// Follows the keys of every realm that other processes change, and rotates those whose schedule says so: afterwards
    /// this server signs and verifies with what the store has.
    ///
    /// # Errors
    /// [`StoreError`] of the first realm that fails, once every realm has been looked at; its keys stay as they were.
    pub async fn look_after_keys(&self) -> Result<(), StoreError> {
        let now_ms = self.clock.now_ms();
        let mut outcome = Ok(());
        for realm in self.realms() {
            let looked = self.look_after_keys_of(realm, now_ms).await;
            outcome = outcome.and(looked);
        }
        outcome
    }

    /// A rotation that is refused does not keep others' from being followed.
    async fn look_after_keys_of(&self, realm: &Realm, now_ms: i64) -> Result<(), StoreError> {
        let rotated = self.rotate_what_is_due(realm, now_ms).await;
        realm.keys.refresh(&realm.name, self.store.as_ref(), now_ms).await?;
        realm.refresh_keys.refresh(&realm.name, self.store.as_ref(), now_ms).await?;
        rotated
    }

    async fn rotate_what_is_due(&self, realm: &Realm, now_ms: i64) -> Result<(), StoreError> {
        let Some(every_secs) = realm.rotate_every_secs else { return Ok(()) };
        let every_ms = i64::try_from(every_secs).unwrap_or(i64::MAX).saturating_mul(1000);
        if !realm.keys.is_configured() {
            self.rotate_if_due(realm, KeyPurpose::Signing, every_ms, now_ms).await?;
        }
        if realm.refresh_keys.is_used() {
            self.rotate_if_due(realm, KeyPurpose::Refresh, every_ms.max(REFRESH_EVERY_MS), now_ms).await?;
        }
        Ok(())
    }

    async fn rotate_if_due(
        &self,
        realm: &Realm,
        purpose: KeyPurpose,
        every_ms: i64,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let since_ms = now_ms.saturating_sub(every_ms);
        let alg = match purpose {
            KeyPurpose::Signing => realm.keys.algorithm().name,
            KeyPurpose::Refresh => REFRESH_ALG,
        };
        let keys = self.store.signing_keys(&realm.name, alg).await?;
        if keys.iter().any(|it| it.created_at_ms > since_ms) {
            return Ok(());
        }
        let acting = self.acting(Actor::server());
        if let Some(id) = acting.rotate_keys(realm, purpose, NOTICE_MS, Some(since_ms)).await? {
            tracing::info!(realm = realm.name, key = id, ?purpose, "a new key takes over in a minute");
        }
        Ok(())
    }
}
