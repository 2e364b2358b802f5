//! The store: what outlives the process, as one trait that every database implements. No policy lives here
//! beyond what a single statement or transaction must guarantee, and no SQL does: that is in `sqlite`.
//!
//! How to add a database: implement its traits, then run the cases of `tests/stores` on it.
//!
//! The traits return boxed futures rather than `async fn`, so that `Arc<dyn Store>` works and no type of the
//! server is generic over its database. One allocation a query is nothing beside the query.

mod backup;
mod change;
mod code;
mod error;
mod key;
mod limits;
mod operations;
mod people;
mod session;
mod sqlite;

pub use backup::{BackupError, Revival, Revived, RevivedAccount, RevivedSession, Revoked};
pub use change::{Changed, Changes, News};
pub use code::{CodeHash, CodePurpose, Codes};
pub use error::StoreError;
pub use key::{Keys, Resealing, Retirement, SigningKey};
pub use limits::{LimitRow, LimitRows};
pub use operations::Operations;
pub use people::People;
pub use session::{
    AttemptHash, EndReason, NewSession, Renewable, Renewing, Rotation, Salt, Session, SessionId, Sessions,
};
pub use sqlite::SqliteStore;
pub use sqlite::{Checked, Restoration, backup, check_backup};

use crate::account::{Account, AccountId, IdentifierKind, NewAccount, PasswordHash};
use std::pin::Pin;

/// A query on its way.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Everything that the server keeps.
pub trait Store: Accounts + Sessions + Changes + Codes + Keys + People + LimitRows + Operations + Send + Sync {}

impl<T: Accounts + Sessions + Changes + Codes + Keys + People + LimitRows + Operations + Send + Sync> Store for T {}

/// Accounts and what they are found by.
///
/// Every method fails with [`StoreError::Unavailable`] if the database does, and with [`StoreError::Corrupt`]
/// if a row cannot be what this program has written.
pub trait Accounts {
    /// Creates accounts, all or none; their numbers follow the order given.
    ///
    /// # Errors
    /// [`StoreError::Taken`] with the position of the first account that has an identifier which another
    /// account of its realm has, of whatever kind: one text never finds two accounts.
    fn create_accounts<'a>(&'a self, accounts: &'a [NewAccount], now_ms: i64) -> Pending<'a, Vec<Account>>;

    /// The account of that identity.
    fn account<'a>(&'a self, realm: &'a str, id: AccountId) -> Pending<'a, Option<Account>>;

    /// The account that has `identifier` as one of `kinds`, compared in normal form.
    fn find_account<'a>(
        &'a self,
        realm: &'a str,
        kinds: &'a [IdentifierKind],
        identifier: &'a str,
    ) -> Pending<'a, Option<Account>>;

    /// The realm's accounts numbered above `after`, in order, at most `limit` of them.
    fn list_accounts<'a>(&'a self, realm: &'a str, after: u64, limit: u32) -> Pending<'a, Vec<Account>>;

    /// Enables or disables an account; disabling ends its sessions in the same transaction.
    /// False if there is no such account.
    fn set_enabled(&self, id: AccountId, enabled: bool, now_ms: i64) -> Pending<'_, bool>;

    /// Sets a new password, ends every session and forgets every code for a new password, in the same transaction. False if
    /// there is no such account.
    fn set_password<'a>(&'a self, id: AccountId, hash: &'a PasswordHash, now_ms: i64) -> Pending<'a, bool>;
}
