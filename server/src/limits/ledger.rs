//! The counts in memory, and which of them have to be written down.

use super::table::{Entry, Key, Table};
use crate::store::LimitRow;
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// All counts under one lock, which is held for a few look-ups at a time.
#[derive(Debug, Default)]
pub(super) struct Ledger(Mutex<Book>);

#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) failures: Table,
    /// Apart from failures, so that neither crowds out the other.
    pub(super) familiar: Table,
    pub(super) dirty: HashSet<Key>,
    gathering: bool,
    forgot_ms: i64,
}

impl Ledger {
    pub(super) fn with<T>(&self, act: impl FnOnce(&mut Book) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// True for the one who is to write, if there is something to be written.
    pub(super) fn begin_gathering(&self) -> bool {
        self.with(|book| !book.dirty.is_empty() && !std::mem::replace(&mut book.gathering, true))
    }

    /// True once a minute.
    pub(super) fn is_time_to_forget(&self, now_ms: i64) -> bool {
        self.with(|book| {
            let due = now_ms.saturating_sub(book.forgot_ms) >= 60_000;
            book.forgot_ms = if due { now_ms } else { book.forgot_ms };
            due
        })
    }

    /// What has changed, which counts as written from now on.
    pub(super) fn changed(&self) -> Vec<LimitRow> {
        self.with(|book| {
            book.gathering = false;
            let dirty = std::mem::take(&mut book.dirty);
            dirty.into_iter().map(|key| book.row(key)).collect()
        })
    }

    pub(super) fn load(&self, rows: Vec<LimitRow>) {
        self.with(|book| {
            for row in rows {
                let key = Key { subject: row.subject, address: row.address };
                let until_ms = if key.is_pair() { 0 } else { row.until_ms };
                book.failures.put(key, Entry { level_ms: row.level_ms, until_ms });
                if key.is_pair() {
                    book.familiar.put(key, Entry { level_ms: 0, until_ms: row.until_ms });
                }
            }
        });
    }
}

impl Book {
    fn row(&self, key: Key) -> LimitRow {
        let failures = self.failures.get(key);
        let until_ms = if key.is_pair() { self.familiar.get(key).until_ms } else { failures.until_ms };
        LimitRow { subject: key.subject, address: key.address, level_ms: failures.level_ms, until_ms }
    }
}
