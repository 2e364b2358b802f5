//! The store in an SQLite file: one connection that writes, a few that read, so that a reader never waits for
//! a commit's fsync (write-ahead log). Nothing is acknowledged before it is on the disk
//! (`synchronous = FULL`): what was answered survives `kill -9` and a power cut.

mod accounts;
mod backup;
mod changes;
mod codes;
mod compare;
mod keys;
mod limits;
mod operations;
mod people;
mod queue;
mod record;
mod restore;
mod revoke;
mod row;
mod sessions;
mod write;

pub use backup::{Checked, backup, check as check_backup};
pub use restore::Restoration;

use super::StoreError;
use super::error::is_busy;
use changes::Revision;
use queue::Queue;
use record::Record;
use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::query::Query;
use sqlx::sqlite::{
    Sqlite, SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep};
use write::Write;

/// A store in an SQLite file. Clones share its connections.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
    /// One connection that only asks whether anything was committed.
    watch: SqlitePool,
    queue: Queue,
    revision: Revision,
    /// What the next change adds to the audit log.
    record: Option<Arc<Record>>,
}

/// Readers wait for nothing but the disk's cache, so a few serve many requests.
const READERS: u32 = 4;

/// How long a writer waits for another process, such as the command line's.
const BUSY: Duration = Duration::from_secs(10);

/// How long it lets the others work before it asks again.
const PAUSE: Duration = Duration::from_millis(20);

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
        let writer = connect(&options).await?;
        migrate(&writer).await?;
        let readers = pool(READERS).connect_lazy_with(options.clone().read_only(true));
        let watch = pool(1).connect_lazy_with(options.read_only(true));
        let revision = Revision::default();
        let queue = Queue::start(writer.clone(), revision.clone());
        Ok(SqliteStore { writer, readers, watch, queue, revision, record: None })
    }

    /// Closes the connections, so that the write-ahead log is folded back into the file. Nothing in memory is vouched
    /// for from then on.
    pub async fn close(&self) {
        self.watch.close().await;
        self.readers.close().await;
        self.writer.close().await;
        self.revision.advance();
    }

    /// Lets the database grow to so many pages of 4 KiB and no further, the write-ahead log not counted: writes that
    /// need more fail as they do on a full disk. For this process, until it is called again.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the database cannot be asked.
    pub async fn limit_pages(&self, most: u32) -> Result<(), StoreError> {
        // For the connection that there is, and for one that may take its place.
        let options = self.writer.connect_options().as_ref().clone().pragma("max_page_count", most.to_string());
        self.writer.set_connect_options(options);
        let sql = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {most}"));
        sqlx::raw_sql(sql).execute(&self.writer).await?;
        Ok(())
    }

    /// Carries out one statement, and tells whether it changed anything.
    async fn change(&self, query: Query<'_, Sqlite, SqliteArguments>) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let rows = query.execute(&mut *transaction).await?.rows_affected();
        transaction.commit_if(rows > 0).await
    }

    /// Forgets rows that nobody asks for any more; returns how many.
    async fn forget(&self, query: Query<'_, Sqlite, SqliteArguments>) -> Result<u64, StoreError> {
        let mut transaction = self.begin().await?;
        let rows = query.execute(&mut *transaction).await?.rows_affected();
        transaction.commit_unheard().await?;
        Ok(rows)
    }

    async fn begin(&self) -> Result<Write, StoreError> {
        Ok(Write::begin(&self.writer, &self.revision).await?.recorded_by(self.record.as_ref()))
    }
}

/// The connection that writes. Of several processes that open a new file at once, one switches it to a write-ahead log,
/// and SQLite refuses the others at once where two that wait would wait for each other (`sqlite3_busy_handler`), however
/// long the busy timeout; so it is asked again for as long.
async fn connect(options: &SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    let until = Instant::now() + BUSY;
    loop {
        match pool(1).connect_with(options.clone()).await {
            Err(error) if is_busy(&error) && Instant::now() < until => sleep(PAUSE).await,
            opened => return opened,
        }
    }
}

/// Connections are not asked whether they still live, which would double every query: a file does not hang up.
fn pool(most: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new().max_connections(most).test_before_acquire(false).max_lifetime(None).idle_timeout(None)
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
    let step = |number, description: &'static str, sql: &'static str| {
        Migration::new(number, description.into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    Migrator::with_migrations(vec![
        step(
            1,
            "accounts, sessions, codes, keys",
            include_str!("../../migrations/0001_accounts_sessions_codes_keys.sql"),
        ),
        step(2, "session renewal, changes", include_str!("../../migrations/0002_session_renewal_and_changes.sql")),
        step(3, "key rotation", include_str!("../../migrations/0003_key_rotation.sql")),
        step(4, "people and limits", include_str!("../../migrations/0004_people_and_limits.sql")),
        step(5, "audit", include_str!("../../migrations/0005_audit.sql")),
        step(8, "master key name", include_str!("../../migrations/0008_master_key_name.sql")),
    ])
}

/// All steps in one transaction: of two processes that start at once, the second finds the work done.
async fn migrate(writer: &SqlitePool) -> Result<(), StoreError> {
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
    // `run_direct` rather than `run`, whose future is `Send` for one lifetime only and so cannot be spawned.
    migrator().run_direct(None, &mut *transaction, false).await.map_err(StoreError::Migration)?;
    Ok(transaction.commit().await?)
}
