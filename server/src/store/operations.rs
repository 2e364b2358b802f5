//! What operators ask of a store beyond what sessions and logins need.

use super::{Pending, Session, Store};
use crate::account::AccountId;
use crate::audit::{AuditEntry, AuditQuery, AuditRecord};

/// The operator's side of the store.
///
/// Every method fails with [`StoreError::Unavailable`](super::StoreError::Unavailable) if the database does, and with
/// [`StoreError::Corrupt`](super::StoreError::Corrupt) if a row cannot be what this program has written.
pub trait Operations {
    /// The account's sessions, the newest first, at most `limit` of them; ended and expired ones too, as long as the
    /// store still has them.
    fn sessions_of<'a>(&'a self, realm: &'a str, account: AccountId, limit: u32) -> Pending<'a, Vec<Session>>;

    /// The same store for one act: what changes through it adds `entry` to the audit log in the transaction of the change,
    /// as done at `now_ms` (milliseconds since the Unix epoch). Neither is there without the other, and what changes
    /// nothing adds nothing. Where the act makes the one account or the key that it is about, the entry names it.
    fn recording(&self, entry: AuditEntry, now_ms: i64) -> Box<dyn Store>;

    /// Adds to the audit log outside of any change; returns the entry's number. Nothing in that log is ever changed or removed.
    fn append_audit<'a>(&'a self, entry: &'a AuditEntry, now_ms: i64) -> Pending<'a, u64>;

    /// Reads the audit log, the newest first.
    fn audit_log<'a>(&'a self, query: &'a AuditQuery) -> Pending<'a, Vec<AuditRecord>>;

    /// Asks the database for something small, to learn whether it answers.
    fn ping(&self) -> Pending<'_, ()>;
}
