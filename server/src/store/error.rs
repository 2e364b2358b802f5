//! How a store can fail.

use crate::account::IdentifierKind;
use std::sync::Arc;

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// An identifier belongs to another account of the realm. `position` is the place in the list that was to
    /// be created, from 0.
    #[error("{} is already taken in this realm", kind.name())]
    Taken {
        /// Which account of the list.
        position: usize,
        /// Which of its identifiers.
        kind: IdentifierKind,
    },
    /// An identifier cannot be brought into its normal form.
    #[error(transparent)]
    Identifier(#[from] crate::account::IdentifierFault),
    /// A row is not what this program writes: the database was edited, or belongs to a newer version.
    #[error("{table} {row}: column {column} cannot be read")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's key.
        row: String,
    },
    /// A signing key cannot be used or changed.
    #[error("signing key {id} of realm {realm}: {reason}")]
    Key {
        /// The realm.
        realm: String,
        /// The key's id.
        id: String,
        /// Why, and what to do. Never anything of the key.
        reason: String,
    },
    /// The database is older or newer than this program, or its schema was changed by hand.
    #[error("the database cannot be brought to this version's schema")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// The database could not be asked: disk full, file not readable, locked for too long.
    #[error("the database cannot be used")]
    Unavailable(#[from] sqlx::Error),
    /// The transaction that this write shared with others was not committed, so that none of them happened.
    #[error("a write could not be committed")]
    NotCommitted(#[source] Arc<StoreError>),
    /// The store was closed before the write could begin.
    #[error("the database is closed")]
    Closed,
}

impl StoreError {
    /// Whether it passes by itself, or as soon as somebody makes room: the disk is full or fails, another process
    /// holds the database for too long.
    pub fn is_passing(&self) -> bool {
        match self {
            StoreError::NotCommitted(cause) => cause.is_passing(),
            StoreError::Unavailable(sqlx::Error::PoolTimedOut | sqlx::Error::Io(_)) => true,
            StoreError::Unavailable(error) => primary_code(error).is_some_and(|it| PASSING.contains(&it)),
            _ => false,
        }
    }

    /// Whether the store was closed, as it is when the server stops.
    pub(crate) const fn is_closed(&self) -> bool {
        matches!(self, StoreError::Closed | StoreError::Unavailable(sqlx::Error::PoolClosed))
    }
}

/// Whether another connection was in the way (SQLITE_BUSY).
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    primary_code(error) == Some(5)
}

/// SQLite's primary result code: the low byte of what it reports.
fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?.parse::<u32>().ok()?;
    Some(code & 0xff)
}

/// SQLite's primary result codes for what passes: BUSY, LOCKED, NOMEM, READONLY (a disk that was
/// remounted so), IOERR, FULL, CANTOPEN (no room for the write-ahead log).
const PASSING: [u32; 7] = [5, 6, 7, 8, 10, 13, 14];
