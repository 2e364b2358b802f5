//! What a backup has alive that the present database has not. Both are in this version's schema.

use crate::account::AccountId;
use crate::store::{BackupError, Revival, Revived, RevivedAccount, RevivedSession, SessionId};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{Connection, Row};
use std::path::Path;
use uuid::Uuid;

/// Compares `restored` with `present`, and takes over the audit log's entries since: what was done stays on the record
/// even where it is undone.
pub(super) async fn compare(restored: &Path, present: &Path, now_ms: i64) -> Result<Revived, BackupError> {
    let options = SqliteConnectOptions::new().filename(restored).create_if_missing(false);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let name = present.to_str().ok_or_else(|| BackupError::Name(present.into()))?;
    sqlx::query("ATTACH DATABASE ? AS present").bind(name).execute(&mut connection).await?;
    let revived = Revived {
        sessions: sessions(&mut connection, now_ms).await?,
        accounts: accounts(&mut connection).await?,
        renewed_since: renewed(&mut connection, now_ms).await?,
        begun_since: begun(&mut connection, now_ms).await?,
        keys: keys(&mut connection).await?,
    };
    let sql = "INSERT INTO main.audit SELECT * FROM present.audit \
               WHERE number > (SELECT coalesce(max(number), 0) FROM main.audit) ORDER BY number";
    sqlx::query(sql).execute(&mut connection).await?;
    connection.close().await?;
    Ok(revived)
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
               coalesce(a.password_hash <> p.password_hash, 0) AS password, coalesce(a.roles <> p.roles, 0) AS roles \
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

async fn renewed(connection: &mut SqliteConnection, now_ms: i64) -> Result<u64, BackupError> {
    let sql = "SELECT count(*) FROM main.sessions s JOIN present.sessions p ON p.id = s.id \
               WHERE s.ended_at_ms IS NULL AND p.ended_at_ms IS NULL AND p.expires_at_ms > ? \
               AND p.generation > s.generation";
    Ok(sqlx::query_scalar::<_, i64>(sql).bind(now_ms).fetch_one(connection).await?.unsigned_abs())
}

async fn begun(connection: &mut SqliteConnection, now_ms: i64) -> Result<u64, BackupError> {
    let sql = "SELECT count(*) FROM present.sessions p WHERE p.ended_at_ms IS NULL AND p.expires_at_ms > ? \
               AND p.id NOT IN (SELECT id FROM main.sessions)";
    Ok(sqlx::query_scalar::<_, i64>(sql).bind(now_ms).fetch_one(connection).await?.unsigned_abs())
}

async fn keys(connection: &mut SqliteConnection) -> Result<u64, BackupError> {
    let sql = "SELECT count(*) FROM main.signing_keys WHERE id NOT IN (SELECT id FROM present.signing_keys)";
    Ok(sqlx::query_scalar::<_, i64>(sql).fetch_one(connection).await?.unsigned_abs())
}

fn uuid(row: &SqliteRow, column: &str) -> Result<Uuid, BackupError> {
    let bytes: Vec<u8> = row.try_get(column)?;
    Ok(Uuid::from_slice(&bytes).map_err(|error| sqlx::Error::Decode(error.into()))?)
}
