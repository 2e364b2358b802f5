//! How a store can fail.

use crate::account::IdentifierKind;

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
}
