//! Follows what other processes change.

use super::Known;
use crate::store::StoreError;
use std::sync::{Arc, Weak};
use std::time::Duration;

/// How often it is asked whether there was anything: four times within the second in which a change has to count.
const EVERY: Duration = Duration::from_millis(250);

/// Until nobody holds `known` any more.
pub(super) fn spawn(known: &Arc<Known>) {
    tokio::spawn(follow(Arc::downgrade(known)));
}

async fn follow(known: Weak<Known>) {
    let mut version = None;
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(known) = known.upgrade() else { return };
        version = look(&known, version).await;
    }
}

/// The version up to which everything has been heard; `None` if it could not be asked for.
async fn look(known: &Known, heard: Option<i64>) -> Option<i64> {
    // Before the log is read: what is committed in between is then heard twice rather than never.
    let version = known.store.version().await;
    let outcome = match version {
        Ok(version) if heard == Some(version) => return heard,
        Ok(version) => known.read_log().await.map(|()| version),
        Err(error) => Err(error),
    };
    outcome.inspect_err(|error| lost(known, error)).ok()
}

fn lost(known: &Known, error: &StoreError) {
    if !known.place.is_lost() && !error.is_closed() {
        tracing::warn!(%error, "the log of changes cannot be read: every request asks the database until it can");
    }
    known.place.lose();
}
