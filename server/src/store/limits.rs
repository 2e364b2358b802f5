//! Counts of failed logins, so that a restart does not forget them.

use super::Pending;

/// One count. Who is counted is told by hashes; all zeroes stand for nobody in particular.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitRow {
    /// Which account.
    pub subject: [u8; 16],
    /// Which address.
    pub address: [u8; 16],
    /// When its last failure is forgiven, in milliseconds since the Unix epoch.
    pub level_ms: i64,
    /// Until when a lock or a familiarity holds.
    pub until_ms: i64,
}

/// Counts, written many at a time.
pub trait LimitRows {
    /// Those that hold something after `since_ms`.
    fn limits(&self, since_ms: i64) -> Pending<'_, Vec<LimitRow>>;

    /// Writes counts over those that are there, and forgets all that hold nothing after `since_ms`, if that is given: all
    /// in one transaction.
    fn put_limits<'a>(&'a self, rows: &'a [LimitRow], since_ms: Option<i64>) -> Pending<'a, ()>;
}
