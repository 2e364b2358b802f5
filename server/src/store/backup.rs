//! How backups and restorations can fail, and what a restoration brings back.

use crate::account::AccountId;
use crate::store::SessionId;
use std::path::PathBuf;

/// A backup was not made, or not restored. The database is as it was.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file cannot be made, read or moved.
    #[error("{}", .0.display())]
    File(PathBuf, #[source] std::io::Error),
    /// SQLite takes names in UTF-8 only.
    #[error("{}: expected a name in UTF-8", .0.display())]
    Name(PathBuf),
    /// The file is no database, or a damaged one.
    #[error("{} cannot be used: {}", .0.display(), .1)]
    Damaged(PathBuf, String),
    /// The file belongs to another program or another version of this one.
    #[error("{} cannot be used: {}", .0.display(), .1)]
    Schema(PathBuf, String),
    /// Another process has the database open.
    #[error("{} is in use: stop the server first", .0.display())]
    InUse(PathBuf),
    /// The database failed.
    #[error("the database cannot be used")]
    Database(#[from] sqlx::Error),
    /// The restored database failed.
    #[error(transparent)]
    Store(#[from] super::StoreError),
}

/// A session that lives in the backup and not in the present database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevivedSession {
    /// Its identity.
    pub id: SessionId,
    /// Its account.
    pub account: AccountId,
    /// The account's realm.
    pub realm: String,
    /// When it ended (milliseconds since the Unix epoch), and why; `None` if the present database does not know it any
    /// more.
    pub ended: Option<(i64, String)>,
}

/// What has changed with an account since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revival {
    /// It was disabled since, and is enabled again.
    Enabled,
    /// It was deleted since, and is back.
    Undeleted,
    /// Its password was changed since; the one from before is good again.
    OldPassword,
    /// It has the roles again that it had.
    OldRoles,
}

/// An account that may do again what it may not do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevivedAccount {
    /// Its identity.
    pub id: AccountId,
    /// Its realm.
    pub realm: String,
    /// What comes back.
    pub revival: Revival,
}

/// What a backup brings back to life, beside the present database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revived {
    /// Sessions that have ended since.
    pub sessions: Vec<RevivedSession>,
    /// Accounts that could do less since.
    pub accounts: Vec<RevivedAccount>,
    /// Sessions that were renewed since: they go on, and tokens that were spent meanwhile are current again.
    pub renewed_since: u64,
    /// Sessions that began since, and are lost.
    pub begun_since: u64,
    /// Codes in letters that were used since, and are good again.
    pub codes: u64,
}

/// What was taken back of that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Revoked {
    /// Sessions that were ended.
    pub sessions: u64,
    /// Accounts that are again as they are in the present database, or disabled if that does not know them.
    pub accounts: u64,
}
