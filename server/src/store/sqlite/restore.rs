//! Putting a backup in the place of the database, which nobody may have open meanwhile.
//!
//! Everything is done to a copy beside it; the exchange is two renames, with the old database kept under another name.
//! So whatever fails on the way, there is a whole database in its place.

use super::backup::{check, make};
use super::compare::compare;
use super::revoke::revoke;
use super::{Checked, SqliteStore};
use crate::store::{BackupError, EndReason, Revived, Revoked, Sessions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode};
use sqlx::{Connection, Error};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A backup that has been checked, brought to this version's schema and compared, and is not in its place yet.
#[derive(Debug)]
pub struct Restoration {
    database: PathBuf,
    copy: PathBuf,
    /// What the backup holds.
    pub checked: Checked,
    /// What it brings back to life; `None` if there is no present database, none that can be read, or one that has nothing
    /// in common with it: then everything in it that had not ended.
    pub revived: Option<Revived>,
    /// The copy, open, for whatever has to be changed in it first.
    pub store: SqliteStore,
}

impl Restoration {
    /// Prepares `backup` to take the place of `database`. The backup itself stays as it is.
    ///
    /// # Errors
    /// [`BackupError`]; nothing has changed then.
    pub async fn prepare(database: &Path, backup: &Path, now_ms: i64) -> Result<Restoration, BackupError> {
        let checked = check(backup).await?;
        let readable = release(database).await?;
        let copy = beside(database, "restoring");
        // Left over from a run that was interrupted: a half-made copy, and nobody's only one.
        remove(&copy);
        make(&copy)?;
        std::fs::copy(backup, &copy).map_err(|error| BackupError::File(copy.clone(), error))?;
        let prepared = async {
            SqliteStore::open(&copy).await?.close().await;
            let revived = if readable { compared(&copy, database, now_ms).await? } else { None };
            Ok((revived, SqliteStore::open(&copy).await?))
        };
        match prepared.await {
            Ok((revived, store)) => Ok(Restoration { database: database.into(), copy, checked, revived, store }),
            Err(error) => {
                remove(&copy);
                Err(error)
            }
        }
    }

    /// Takes back what it brings back to life; with nothing to compare with, all sessions.
    ///
    /// # Errors
    /// [`BackupError`]; nothing was taken back then.
    pub async fn revoke(&self, now_ms: i64) -> Result<Revoked, BackupError> {
        if self.revived.is_some() {
            return revoke(&self.copy, &self.database, now_ms).await;
        }
        let sessions = self.store.end_every_session(EndReason::Restored, now_ms).await?;
        Ok(Revoked { sessions, accounts: 0 })
    }

    /// Puts it in its place; returns where the old database is now, if there was one.
    ///
    /// # Errors
    /// [`BackupError`]; the old database is in its place then.
    pub async fn finish(self) -> Result<Option<PathBuf>, BackupError> {
        self.store.close().await;
        sync(&self.copy)?;
        // Asked again: a server may have been started meanwhile.
        release(&self.database).await?;
        let old = set_aside(&self.database)?;
        rename(&self.copy, &self.database)?;
        if let Some(directory) = self.database.parent().filter(|it| !it.as_os_str().is_empty()) {
            sync(directory)?;
        }
        Ok(old)
    }

    /// Leaves everything as it was.
    pub async fn abandon(self) {
        self.store.close().await;
        remove(&self.copy);
    }
}

/// Makes sure that nobody has the database open, and that all of it is in its one file. False if there is none that
/// could be read.
///
/// Leaving write-ahead mode needs the file for oneself: with any other connection, of any process, it is refused.
async fn release(database: &Path) -> Result<bool, BackupError> {
    if !database.exists() {
        return Ok(false);
    }
    let options = SqliteConnectOptions::new()
        .filename(database)
        .create_if_missing(false)
        .busy_timeout(Duration::from_millis(100))
        .journal_mode(SqliteJournalMode::Delete);
    let released = async {
        let mut connection = SqliteConnection::connect_with(&options).await?;
        let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut connection).await?;
        connection.close().await?;
        Ok(mode)
    };
    match released.await {
        Ok(mode) if mode == "delete" => Ok(true),
        Ok(_) => Err(BackupError::InUse(database.into())),
        Err(Error::Database(error)) => match error.code().as_deref() {
            // SQLITE_CORRUPT and SQLITE_NOTADB: that may be why somebody restores.
            Some("11" | "26") => Ok(false),
            _ => Err(BackupError::InUse(database.into())),
        },
        Err(error) => Err(error.into()),
    }
}

/// A present database that cannot be compared is one that is being replaced for a good reason.
async fn compared(copy: &Path, database: &Path, now_ms: i64) -> Result<Option<Revived>, BackupError> {
    // In the same schema, or their columns would not be the same.
    match SqliteStore::open(database).await {
        Ok(store) => store.close().await,
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "the present database cannot be compared");
            return Ok(None);
        }
    }
    match compare(copy, database, now_ms).await {
        Ok(revived) => Ok(revived),
        Err(BackupError::Database(error)) => {
            tracing::warn!(%error, "the present database cannot be compared");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Under the first name that is free.
fn set_aside(database: &Path) -> Result<Option<PathBuf>, BackupError> {
    if !database.exists() {
        return Ok(None);
    }
    let free = (1..).map(|it| beside(database, &format!("before-restore-{it}"))).find(|it| !it.exists());
    let Some(old) = free else { return Ok(None) };
    // Of a damaged database these may be left, and must not be taken for the restored one's.
    for suffix in ["-wal", "-shm"] {
        let file = with_suffix(database, suffix);
        if file.exists() {
            rename(&file, &with_suffix(&old, suffix))?;
        }
    }
    rename(database, &old)?;
    Ok(Some(old))
}

fn rename(from: &Path, to: &Path) -> Result<(), BackupError> {
    std::fs::rename(from, to).map_err(|error| BackupError::File(to.into(), error))
}

fn sync(path: &Path) -> Result<(), BackupError> {
    std::fs::File::open(path).and_then(|it| it.sync_all()).map_err(|error| BackupError::File(path.into(), error))
}

fn remove(copy: &Path) {
    for file in [copy.to_path_buf(), with_suffix(copy, "-wal"), with_suffix(copy, "-shm")] {
        // Most of them are not there.
        let _ = std::fs::remove_file(file);
    }
}

fn beside(database: &Path, what: &str) -> PathBuf {
    with_suffix(database, &format!(".{what}"))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
