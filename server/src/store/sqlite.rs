//! The store in an SQLite file: one connection that writes, a few that read, so that a reader never waits for
//! a commit's fsync (write-ahead log). Nothing is acknowledged before it is on the disk
//! (`synchronous = FULL`): what was answered survives `kill -9` and a power cut.

mod accounts;
mod backup;
mod codes;
mod compare;
mod keys;
mod operations;
mod restore;
mod row;
mod sessions;

pub use backup::{Checked, backup, check as check_backup};
pub use restore::Restoration;

use super::StoreError;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{Sqlite, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{SqlSafeStr, Transaction};
use std::path::Path;
use std::time::Duration;

/// A store in an SQLite file. Clones share its connections.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
}

/// Readers wait for nothing but the disk's cache, so a few serve many requests.
const READERS: u32 = 4;

/// How long a writer waits for another process, such as the command line's.
const BUSY: Duration = Duration::from_secs(10);

impl SqliteStore {
    /// Opens the file, making it and bringing its schema up to date as needed.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the file cannot be opened, [`StoreError::Migration`] if its schema is
    /// not one of ours, or newer than this program.
    pub async fn open(file: &Path) -> Result<SqliteStore, StoreError> {
        make_private(file).map_err(sqlx::Error::Io)?;
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY);
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        migrate(&writer).await?;
        let readers = SqlitePoolOptions::new().max_connections(READERS).connect_lazy_with(options.read_only(true));
        Ok(SqliteStore { writer, readers })
    }

    /// Closes the connections, so that the write-ahead log is folded back into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// A transaction that holds the write lock from its beginning: one that began as a reader could find, at
    /// its first write, that it must not go on.
    async fn begin(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }
}

/// Makes the file if there is none, readable by its owner only: it holds password hashes and signing keys.
/// SQLite gives the files beside it (`-wal`, `-shm`) the same permissions.
fn make_private(file: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// The schema's history. A released migration is never edited: its checksum is in every database.
///
/// Embedded by hand rather than by `sqlx::migrate!`, whose crate of macros would add half a minute to every
/// cold build.
fn migrator() -> Migrator {
    let sql = include_str!("../../migrations/0001_accounts_sessions_codes_keys.sql").into_sql_str();
    let description = "accounts, sessions, codes, keys".into();
    let audit = include_str!("../../migrations/0005_audit.sql").into_sql_str();
    Migrator::with_migrations(vec![
        Migration::new(1, description, MigrationType::Simple, sql, false),
        Migration::new(5, "audit".into(), MigrationType::Simple, audit, false),
    ])
}

/// All steps in one transaction: of two processes that start at once, the second finds the work done.
async fn migrate(writer: &SqlitePool) -> Result<(), StoreError> {
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
    // `run_direct` rather than `run`, whose future is `Send` for one lifetime only and so cannot be spawned.
    migrator().run_direct(None, &mut *transaction, false).await.map_err(StoreError::Migration)?;
    Ok(transaction.commit().await?)
}
