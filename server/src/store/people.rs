//! What concerns one person: their password's hash, and their data as a whole.

use super::{CodeHash, CodePurpose, Pending};
use crate::account::{Account, AccountId, PasswordHash};

/// What the store holds of one session, without anything by which it could be taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    /// Its identity, as text.
    pub id: String,
    /// When it began, in milliseconds since the Unix epoch.
    pub created_at_ms: i64,
    /// When its last token ends.
    pub expires_at_ms: i64,
    /// When and why it ended before its time.
    pub ended: Option<(i64, String)>,
}

/// Acts on single accounts beyond those of [`Accounts`](super::Accounts).
///
/// Every method fails with [`StoreError::Unavailable`](super::StoreError::Unavailable) if the database does.
pub trait People {
    /// The kinds of hashes that the realm's accounts have now, each a hash up to its salt.
    fn password_kinds<'a>(&'a self, realm: &'a str) -> Pending<'a, Vec<String>>;

    /// Replaces a hash by another one of the same password. Sessions go on, and so does the password's age. False if the
    /// account has another hash by now: what was changed meanwhile stays.
    fn rehash<'a>(&'a self, account: &'a Account, hash: &'a PasswordHash) -> Pending<'a, bool>;

    /// Uses a code up: the account that it was good for, if it was good at all.
    fn take_code<'a>(
        &'a self,
        realm: &'a str,
        purpose: CodePurpose,
        code: CodeHash,
        now_ms: i64,
    ) -> Pending<'a, Option<Account>>;

    /// The sessions of an account, the oldest first, ended and expired ones too as long as they are kept.
    fn sessions_of(&self, account: AccountId) -> Pending<'_, Vec<SessionRecord>>;

    /// Removes an account with everything that belongs to it: identifiers, sessions, codes. False if there is none.
    fn delete_account(&self, account: AccountId) -> Pending<'_, bool>;
}
