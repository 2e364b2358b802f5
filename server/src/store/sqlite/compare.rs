//! What a backup has alive that the present database has not. Both are in this version's schema.

use crate::account::AccountId;
use crate::store::{BackupError, Revival, Revived, RevivedAccount, RevivedSession, SessionId};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{Connection, Row};
use std::path::Path;
use uuid::Uuid;

/// Compares `restored` with `present`, and takes over from there what has to outlast a restoration: the audit log's
/// entries since, for what was done stays on the record even where it is undone; and the keys as they are there, for what
/// was retired stays so, and nobody who has renewed since could go on without the secrets made since.
///
/// `None` if the two have nothing in common, as when a server made a new database after the old one was lost: then
/// nothing in `present` says what has ended.
pub(super) async fn compare(restored: &Path, present: &Path, now_ms: i64) -> Result<Option<Revived>, BackupError> {
    let mut connection = attached(restored, present).await?;
    if !are_related(&mut connection).await? {
        connection.close().await?;
        return Ok(None);
    }
    let revived = Revived {
        sessions: sessions(&mut connection, now_ms).await?,
        accounts: accounts(&mut connection).await?,
        renewed_since: count(&mut connection, RENEWED, now_ms).await?,
        begun_since: count(&mut connection, BEGUN, now_ms).await?,
        codes: count(&mut connection, CODES, now_ms).await?,
    };
    let sql = "INSERT INTO main.audit SELECT * FROM present.audit \
               WHERE number > (SELECT coalesce(max(number), 0) FROM main.audit) ORDER BY number";
    sqlx::query(sql).execute(&mut connection).await?;
    let sql = "DELETE FROM main.signing_keys; INSERT INTO main.signing_keys SELECT * FROM present.signing_keys";
    let mut transaction = connection.begin().await?;
    sqlx::raw_sql(sql).execute(&mut *transaction).await?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(Some(revived))
}

/// `restored` as `main`, and `present`.
pub(super) async fn attached(restored: &Path, present: &Path) -> Result<SqliteConnection, BackupError> {
    let options = SqliteConnectOptions::new().filename(restored).create_if_missing(false);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let name = present.to_str().ok_or_else(|| BackupError::Name(present.into()))?;
    sqlx::query("ATTACH DATABASE ? AS present").bind(name).execute(&mut connection).await?;
    Ok(connection)
}

async fn are_related(connection: &mut SqliteConnection) -> Result<bool, BackupError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM main.accounts JOIN present.accounts USING (id)) \
               OR EXISTS (SELECT 1 FROM main.signing_keys JOIN present.signing_keys USING (id))";
    Ok(sqlx::query_scalar(sql).fetch_one(connection).await?)
}

const RENEWED: &str = "SELECT count(*) FROM main.sessions s JOIN present.sessions p ON p.id = s.id \
                       WHERE s.ended_at_ms IS NULL AND p.ended_at_ms IS NULL AND p.expires_at_ms > ? \
                       AND p.generation > s.generation";

const BEGUN: &str = "SELECT count(*) FROM present.sessions p WHERE p.ended_at_ms IS NULL AND p.expires_at_ms > ? \
                     AND p.id NOT IN (SELECT id FROM main.sessions)";

const CODES: &str =
    "SELECT count(*) FROM main.codes WHERE expires_at_ms > ? AND hash NOT IN (SELECT hash FROM present.codes)";

async fn count(connection: &mut SqliteConnection, sql: &'static str, now_ms: i64) -> Result<u64, BackupError> {
    Ok(sqlx::query_scalar::<_, i64>(sql).bind(now_ms).fetch_one(connection).await?.unsigned_abs())
}

async fn sessions(connection: &mut SqliteConnection, now_ms: i64) -> Result<Vec<RevivedSession>, BackupError> {
    let sql = "SELECT s.id, s.account_id, a.realm, p.ended_at_ms, p.end_reason \
               FROM main.sessions s JOIN main.accounts a ON a.id = s.account_id \
               LEFT JOIN present.sessions p ON p.id = s.id \
               WHERE s.ended_at_ms IS NULL AND s.expires_at_ms > ? AND (p.id IS NULL OR p.ended_at_ms IS NOT NULL) \
               ORDER BY a.realm, a.number, s.created_at_ms, s.id";
    let rows = sqlx::query(sql).bind(now_ms).fetch_all(connection).await?;
    rows.iter().map(session).collect()
}

fn session(row: &SqliteRow) -> Result<RevivedSession, BackupError> {
    let at_ms: Option<i64> = row.try_get("ended_at_ms")?;
    let reason: Option<String> = row.try_get("end_reason")?;
    Ok(RevivedSession {
        id: SessionId(uuid(row, "id")?),
        account: AccountId(uuid(row, "account_id")?),
        realm: row.try_get("realm")?,
        ended: at_ms.map(|at_ms| (at_ms, reason.unwrap_or_default())),
    })
}

async fn accounts(connection: &mut SqliteConnection) -> Result<Vec<RevivedAccount>, BackupError> {
    let sql = "SELECT a.id, a.realm, p.id IS NULL AS undeleted, a.enabled AND NOT coalesce(p.enabled, 1) AS enabled, \
               coalesce(a.password_changed_at_ms <> p.password_changed_at_ms, 0) AS password, \
               coalesce(a.roles <> p.roles, 0) AS roles \
               FROM main.accounts a LEFT JOIN present.accounts p ON p.id = a.id ORDER BY a.realm, a.number";
    let mut revived = Vec::new();
    for row in sqlx::query(sql).fetch_all(connection).await? {
        for (column, revival) in [
            ("undeleted", Revival::Undeleted),
            ("enabled", Revival::Enabled),
            ("password", Revival::OldPassword),
            ("roles", Revival::OldRoles),
        ] {
            if row.try_get::<bool, _>(column)? {
                let (id, realm) = (AccountId(uuid(&row, "id")?), row.try_get("realm")?);
                revived.push(RevivedAccount { id, realm, revival });
            }
        }
    }
    Ok(revived)
}

fn uuid(row: &SqliteRow, column: &str) -> Result<Uuid, BackupError> {
    let bytes: Vec<u8> = row.try_get(column)?;
    Ok(Uuid::from_slice(&bytes).map_err(|error| sqlx::Error::Decode(error.into()))?)
}
