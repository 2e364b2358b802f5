//! The operator's side in SQLite.

use super::accounts::{account_columns, bytes};
use super::sessions::select_sessions;
use super::{SqliteStore, row};
use crate::account::AccountId;
use crate::audit::{AuditEntry, AuditQuery, AuditRecord};
use crate::store::{Operations, Pending, Session, StoreError};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

impl Operations for SqliteStore {
    fn sessions_of<'a>(&'a self, realm: &'a str, account: AccountId, limit: u32) -> Pending<'a, Vec<Session>> {
        Box::pin(async move {
            let sql = select_sessions!("a.id = ? AND a.realm = ? ORDER BY s.created_at_ms DESC, s.id LIMIT ?");
            let query = sqlx::query(sql).bind(bytes(&account)).bind(realm).bind(limit);
            let rows = query.fetch_all(&self.readers).await?;
            rows.iter().map(|it| Ok(row::session(it)?.0)).collect()
        })
    }

    fn append_audit<'a>(&'a self, entry: &'a AuditEntry, now_ms: i64) -> Pending<'a, u64> {
        Box::pin(async move {
            let mut transaction = self.begin().await?;
            let number = append(&mut transaction, entry, now_ms).await?;
            transaction.commit_unheard().await?;
            Ok(number)
        })
    }

    fn audit_log<'a>(&'a self, query: &'a AuditQuery) -> Pending<'a, Vec<AuditRecord>> {
        Box::pin(async move {
            let sql = "SELECT * FROM audit WHERE number < ?1 AND (?2 IS NULL OR realm = ?2) \
                       AND (?3 IS NULL OR account = ?3) ORDER BY number DESC LIMIT ?4";
            let before = query.before.and_then(|it| i64::try_from(it).ok()).unwrap_or(i64::MAX);
            let rows = sqlx::query(sql)
                .bind(before)
                .bind(&query.realm)
                .bind(query.account.as_ref().map(bytes))
                .bind(query.limit)
                .fetch_all(&self.readers)
                .await?;
            rows.iter().map(record).collect()
        })
    }

    fn ping(&self) -> Pending<'_, ()> {
        Box::pin(async move {
            // A table rather than `SELECT 1`, which SQLite answers without looking at the file.
            sqlx::query("SELECT number FROM audit LIMIT 1").fetch_optional(&self.readers).await?;
            Ok(())
        })
    }
}

/// Adds an entry within the caller's transaction; returns its number.
async fn append(connection: &mut SqliteConnection, entry: &AuditEntry, now_ms: i64) -> Result<u64, sqlx::Error> {
    let sql = "INSERT INTO audit (at_ms, channel, actor, address, action, outcome, realm, account, detail) \
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING number";
    let number: i64 = sqlx::query_scalar(sql)
        .bind(now_ms)
        .bind(entry.actor.channel.name())
        .bind(&entry.actor.name)
        .bind(&entry.actor.address)
        .bind(entry.action.name())
        .bind(entry.outcome.name())
        .bind(&entry.realm)
        .bind(entry.account.as_ref().map(bytes))
        .bind(&entry.detail)
        .fetch_one(connection)
        .await?;
    Ok(number.unsigned_abs())
}

fn record(row: &SqliteRow) -> Result<AuditRecord, StoreError> {
    let columns = row::Columns { table: "audit", key: "number", row };
    let account = columns.get::<Option<Vec<u8>>>("account")?;
    Ok(AuditRecord {
        number: columns.unsigned("number")?,
        at_ms: columns.get("at_ms")?,
        channel: columns.get("channel")?,
        actor: columns.get("actor")?,
        address: columns.get("address")?,
        action: columns.get("action")?,
        outcome: columns.get("outcome")?,
        realm: columns.get("realm")?,
        account: account.map(|_| columns.uuid("account").map(AccountId)).transpose()?,
        detail: columns.get("detail")?,
    })
}
