//! What has to be done again and again beside answering: keys are followed and rotated, and what nobody can use any
//! more is forgotten, a little at a time, so that nobody who writes waits for long.

use super::Server;
use crate::store::StoreError;
use std::time::Duration;
use tokio::task::JoinHandle;

/// How often there is a look at what has expired.
const EVERY: Duration = Duration::from_secs(60);

/// Rows forgotten in one transaction: a few milliseconds.
const BATCH: u32 = 500;

/// How long others have the database to themselves between two batches.
const PAUSE: Duration = Duration::from_millis(50);

/// How long an expired session is kept: for whoever looks into the database, and for clocks that were set back.
const KEPT_MS: i64 = 24 * 3600 * 1000;

/// Changes kept in the log. Who has fallen behind further than that forgets everything and asks again.
const KEPT_CHANGES: u32 = 10_000;

/// A server's upkeep on a task of its own, until it is stopped or dropped.
#[derive(Debug)]
#[must_use = "upkeep ends when this is dropped"]
pub struct Upkeep(JoinHandle<()>);

impl Upkeep {
    /// Ends it, and waits until it has let go of the store.
    pub async fn stop(mut self) {
        self.0.abort();
        // Aborted or panicked: either way it is over.
        let _ = (&mut self.0).await;
    }
}

impl Drop for Upkeep {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Server {
    /// [`upkeep`](Server::upkeep) on a task of its own, which holds this server until what is returned is stopped or dropped.
    ///
    /// # Panics
    /// Outside of a tokio runtime, as [`tokio::spawn`] does.
    pub fn start_upkeep(&self) -> Upkeep {
        let server = self.clone();
        Upkeep(tokio::spawn(async move { server.upkeep().await }))
    }

    /// Looks after keys ([`look_after_keys`](Server::look_after_keys)) and forgets what has expired
    /// ([`forget_expired`](Server::forget_expired)), again and again, for as long as it is awaited. Failures are
    /// logged, and tried again at the next look. [`start_upkeep`](Server::start_upkeep) has it on a task of its own.
    pub async fn upkeep(&self) {
        tokio::join!(self.tend_keys(), self.keep_forgetting());
    }

    async fn keep_forgetting(&self) {
        let mut looks = tokio::time::interval(EVERY);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            match self.forget_expired().await {
                Ok(0) => {}
                Ok(count) => tracing::debug!(count, "expired sessions and old changes forgotten"),
                Err(error) => tracing::warn!(%error, "expired sessions could not be forgotten"),
            }
        }
    }

    /// One look: forgets all that can be forgotten now; returns how many rows went.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails; what went before that is gone.
    pub async fn forget_expired(&self) -> Result<u64, StoreError> {
        let before_ms = self.clock.now_ms().saturating_sub(KEPT_MS);
        let mut count = 0;
        loop {
            let sessions = self.store.purge_sessions(before_ms, BATCH).await?;
            let changes = self.store.forget_changes(KEPT_CHANGES, BATCH).await?;
            count += sessions + changes;
            if sessions.max(changes) < u64::from(BATCH) {
                return Ok(count);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}
