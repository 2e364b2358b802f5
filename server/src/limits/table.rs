//! Counts by whom they concern, bounded in number.

use super::subject::{Address, Subject};
use std::collections::HashMap;

/// Whom a count concerns: an account, an address, or one at the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) subject: [u8; 16],
    pub(super) address: [u8; 16],
}

impl Key {
    pub(super) const fn account(subject: Subject) -> Key {
        Key { subject: subject.0, address: [0; 16] }
    }

    pub(super) const fn address(address: Address) -> Key {
        Key { subject: [0; 16], address: address.0 }
    }

    pub(super) const fn pair(subject: Subject, address: Address) -> Key {
        Key { subject: subject.0, address: address.0 }
    }

    pub(super) fn is_pair(self) -> bool {
        self.subject != [0; 16] && self.address != [0; 16]
    }
}

/// One count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// When its last failure is forgiven.
    pub(super) level_ms: i64,
    /// Until when a lock or a familiarity holds.
    pub(super) until_ms: i64,
}

/// The counts. Full, it forgets what holds least long, which is what counts least.
#[derive(Debug, Default)]
pub(super) struct Table(HashMap<Key, Entry>);

/// More than a machine can hash in a window: at 200 failures a second for fifteen minutes, nothing is forgotten early.
pub(super) const CAPACITY: usize = 200_000;

impl Table {
    pub(super) fn get(&self, key: Key) -> Entry {
        self.0.get(&key).copied().unwrap_or_default()
    }

    /// Changes a count; `kept_ms` is how long one is kept that holds nothing any more.
    pub(super) fn change(&mut self, key: Key, now_ms: i64, kept_ms: i64, change: impl FnOnce(&mut Entry)) {
        if self.0.len() >= CAPACITY && !self.0.contains_key(&key) {
            self.make_room(now_ms, kept_ms);
        }
        change(self.0.entry(key).or_default());
    }

    pub(super) fn put(&mut self, key: Key, entry: Entry) {
        if self.0.len() < CAPACITY {
            self.0.insert(key, entry);
        }
    }

    fn make_room(&mut self, now_ms: i64, kept_ms: i64) {
        self.0.retain(|_, it| end_ms(it).saturating_add(kept_ms) > now_ms);
        let spare = CAPACITY / 8;
        if self.0.len() > CAPACITY - spare {
            let mut ends: Vec<i64> = self.0.values().map(end_ms).collect();
            let (_, &mut limit_ms, _) = ends.select_nth_unstable(spare);
            let mut left = spare;
            self.0.retain(|_, it| end_ms(it) > limit_ms || left.checked_sub(1).map(|it| left = it).is_none());
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

fn end_ms(entry: &Entry) -> i64 {
    entry.level_ms.max(entry.until_ms)
}
