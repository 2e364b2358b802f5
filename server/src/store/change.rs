//! What changed, for those who keep a copy in memory.

use super::{Pending, SessionId};
use crate::account::AccountId;

/// Something that a copy in memory may have wrong from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// The session ended.
    Session(SessionId),
    /// The account was changed or deleted.
    Account(AccountId),
}

/// What was committed since a place in the log of changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// Where the log ends now: the place from which to go on.
    pub place: i64,
    /// What changed, in the order of commits. `None` if that cannot be told: the place lies too far back, or is not
    /// of this database. Then everything may have changed.
    pub changed: Option<Vec<Changed>>,
}

/// The log of changes, whichever process made them.
///
/// The database itself writes it, so that it also tells of what another program, another version or a person with a
/// database shell has done.
pub trait Changes {
    /// A number that differs from an earlier one if this process has committed a change since then. No query.
    fn revision(&self) -> u64;

    /// A number that differs from an earlier one if any process has committed anything since then. One cheap query.
    fn version(&self) -> Pending<'_, i64>;

    /// What changed after `place`. Any negative one is "from no place at all".
    fn changes_after(&self, place: i64) -> Pending<'_, News>;

    /// Forgets the oldest changes, all but `kept` of them and at most `limit` at once; returns how many went.
    fn forget_changes(&self, kept: u32, limit: u32) -> Pending<'_, u64>;
}
