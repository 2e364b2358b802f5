//! What concerns one person: their password's hash, and their data as a whole.

use super::Pending;
use crate::account::{Account, AccountId, PasswordHash};

/// Acts on single accounts beyond those of [`Accounts`](super::Accounts).
///
/// Every method fails with [`StoreError::Unavailable`](super::StoreError::Unavailable) if the database does.
pub trait People {
    /// The kinds of hashes that the realm's accounts have now, each a hash up to its salt.
    fn password_kinds<'a>(&'a self, realm: &'a str) -> Pending<'a, Vec<String>>;

    /// Replaces a hash by another one of the same password. Sessions go on, and so does the password's age. False if the
    /// account has another hash by now: what was changed meanwhile stays.
    fn rehash<'a>(&'a self, account: &'a Account, hash: &'a PasswordHash) -> Pending<'a, bool>;

    /// Sets a new password like [`set_password`](super::Accounts::set_password), unless it has been changed since `account`
    /// was read: what was checked against the old one must not undo the new one. False then, and nothing is done.
    fn change_password<'a>(&'a self, account: &'a Account, hash: &'a PasswordHash, now_ms: i64) -> Pending<'a, bool>;

    /// Removes an account with everything that belongs to it: identifiers, sessions, codes. False if there is none.
    fn delete_account(&self, account: AccountId) -> Pending<'_, bool>;
}
