//! A copy of the database while it is in use, and whether a file is such a copy.

use super::migrator;
use crate::store::BackupError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection, Row};
use std::path::Path;
use std::time::Duration;

/// How long a copy waits for a writer that is just committing.
const BUSY: Duration = Duration::from_secs(10);

/// What a file that has been checked holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The newest migration that it has seen.
    pub schema: i64,
    /// How many accounts.
    pub accounts: u64,
    /// How many sessions, ended ones included.
    pub sessions: u64,
}

/// Copies `database`, which may be in use, into `file`, which must not be there, and checks the copy. It is readable
/// by its owner only, and on the disk when this returns.
///
/// `VACUUM INTO` rather than the backup API: that starts over whenever another process writes, and never ends on a busy
/// server; this reads one snapshot.
///
/// # Errors
/// [`BackupError`]; nothing is left at `file` then.
pub async fn backup(database: &Path, file: &Path) -> Result<Checked, BackupError> {
    let mut source = open(database).await?;
    make(file)?;
    let copied = copy(&mut source, file).await;
    if copied.is_err() {
        // What is left of it is of no use; that it cannot be removed is the smaller of two failures.
        let _ = std::fs::remove_file(file);
    }
    copied
}

async fn copy(source: &mut SqliteConnection, file: &Path) -> Result<Checked, BackupError> {
    let name = file.to_str().ok_or_else(|| BackupError::Name(file.into()))?;
    sqlx::query("VACUUM INTO ?").bind(name).execute(source).await?;
    std::fs::File::open(file).and_then(|it| it.sync_all()).map_err(|error| BackupError::File(file.into(), error))?;
    check(file).await
}

/// The file must be new: SQLite writes into an empty one, which so has the right permissions from its beginning.
pub(super) fn make(file: &Path) -> Result<(), BackupError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(|_| ()).map_err(|error| BackupError::File(file.into(), error))
}

async fn open(file: &Path) -> Result<SqliteConnection, BackupError> {
    let metadata = std::fs::metadata(file).map_err(|error| BackupError::File(file.into(), error))?;
    if metadata.len() == 0 {
        return Err(BackupError::Damaged(file.into(), "it is empty".into()));
    }
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(false).busy_timeout(BUSY);
    Ok(SqliteConnection::connect_with(&options).await?)
}

/// Whether `file` is a whole database of this program, in a schema that this version knows.
///
/// # Errors
/// [`BackupError::Damaged`], [`BackupError::Schema`].
pub async fn check(file: &Path) -> Result<Checked, BackupError> {
    let mut connection = open(file).await?;
    let damaged = |error: sqlx::Error| BackupError::Damaged(file.into(), error.to_string());
    let told: String =
        sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&mut connection).await.map_err(damaged)?;
    if told != "ok" {
        return Err(BackupError::Damaged(file.into(), told));
    }
    let dangling = sqlx::query("PRAGMA foreign_key_check").fetch_optional(&mut connection).await.map_err(damaged)?;
    if dangling.is_some() {
        return Err(BackupError::Damaged(file.into(), "a row refers to one that is not there".into()));
    }
    let schema = schema(&mut connection, file).await?;
    let checked = Checked {
        schema,
        accounts: count(&mut connection, "SELECT count(*) FROM accounts").await?,
        sessions: count(&mut connection, "SELECT count(*) FROM sessions").await?,
    };
    connection.close().await?;
    Ok(checked)
}

async fn count(connection: &mut SqliteConnection, sql: &'static str) -> Result<u64, BackupError> {
    Ok(sqlx::query_scalar::<_, i64>(sql).fetch_one(connection).await?.unsigned_abs())
}

async fn schema(connection: &mut SqliteConnection, file: &Path) -> Result<i64, BackupError> {
    let refused = |reason: String| BackupError::Schema(file.into(), reason);
    let sql = "SELECT version, checksum FROM _sqlx_migrations ORDER BY version";
    let rows =
        sqlx::query(sql).fetch_all(connection).await.map_err(|_| refused("it is no database of Relatch".into()))?;
    let (known, mut newest) = (migrator(), 0);
    for row in rows {
        let (version, checksum): (i64, Vec<u8>) = (row.try_get("version")?, row.try_get("checksum")?);
        let same = known.iter().find(|it| it.version == version);
        let same = same.ok_or_else(|| refused(format!("its schema {version} is newer than this program")))?;
        if *same.checksum != checksum {
            return Err(refused(format!("its schema {version} is not the one of this program")));
        }
        newest = version;
    }
    if newest == 0 { Err(refused("it has no schema".into())) } else { Ok(newest) }
}
