//! How far the log of changes has been read.

use super::Known;
use crate::store::StoreError;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tokio::sync::Mutex;

/// A place in the log.
#[derive(Debug)]
pub(super) struct Place {
    /// Held while the log is read, so that it is read once for all who wait.
    at: Mutex<i64>,
    /// The revision of this process's own writes that has been read up to.
    revision: AtomicU64,
    /// The log could not be read: what is known may be wrong.
    is_lost: AtomicBool,
}

impl Default for Place {
    /// Nowhere, so that the log is read before anything is vouched for.
    fn default() -> Place {
        Place { at: Mutex::new(-1), revision: AtomicU64::new(u64::MAX), is_lost: AtomicBool::new(true) }
    }
}

impl Place {
    pub(super) fn is_lost(&self) -> bool {
        self.is_lost.load(Ordering::SeqCst)
    }

    /// From now on everything is asked of the store, until the log can be read again.
    pub(super) fn lose(&self) {
        self.is_lost.store(true, Ordering::SeqCst);
    }
}

impl Known {
    /// Reads what this process has written since the last time. In most cases nothing, and then no query.
    pub(super) async fn catch_up(&self) -> Result<(), StoreError> {
        let is_current = || self.place.revision.load(Ordering::SeqCst) == self.store.revision();
        if is_current() {
            return Ok(());
        }
        let mut at = self.place.at.lock().await;
        if is_current() { Ok(()) } else { self.read_on(&mut at).await }
    }

    /// Reads what any process has written since the last time.
    pub(super) async fn read_log(&self) -> Result<(), StoreError> {
        let mut at = self.place.at.lock().await;
        self.read_on(&mut at).await
    }

    async fn read_on(&self, at: &mut i64) -> Result<(), StoreError> {
        // Before the log is read: what is committed meanwhile is read the next time, perhaps once too often.
        let revision = self.store.revision();
        let news = self.store.changes_after(*at).await.inspect_err(|_| self.place.lose())?;
        let has_changed = news.changed.as_ref().is_none_or(|it| !it.is_empty());
        if has_changed {
            self.drop_changed(news.changed.as_deref());
        }
        *at = news.place;
        self.place.revision.store(revision, Ordering::SeqCst);
        self.place.is_lost.store(false, Ordering::SeqCst);
        Ok(())
    }
}
