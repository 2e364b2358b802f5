//! The operator's side in SQLite.

use super::accounts::{account_columns, bytes};
use super::record::Record;
use super::sessions::select_sessions;
use super::{SqliteStore, row};
use crate::account::AccountId;
use crate::audit::{AuditEntry, AuditQuery, AuditRecord};
use crate::store::{Operations, Pending, Session, Store, StoreError};
use sqlx::sqlite::SqliteRow;
use std::sync::Arc;

impl Operations for SqliteStore {
    fn sessions_of<'a>(&'a self, realm: &'a str, account: AccountId, limit: u32) -> Pending<'a, Vec<Session>> {
        Box::pin(async move {
            let sql = select_sessions!("a.id = ? AND a.realm = ? ORDER BY s.created_at_ms DESC, s.id LIMIT ?");
            let query = sqlx::query(sql).bind(bytes(&account)).bind(realm).bind(limit);
            let rows = query.fetch_all(&self.readers).await?;
            rows.iter().map(|it| Ok(row::session(it)?.0)).collect()
        })
    }

    fn recording(&self, entry: AuditEntry, now_ms: i64) -> Box<dyn Store> {
        Box::new(SqliteStore { record: Some(Arc::new(Record { entry, now_ms })), ..self.clone() })
    }

    fn append_audit<'a>(&'a self, entry: &'a AuditEntry, now_ms: i64) -> Pending<'a, u64> {
        Box::pin(async move {
            let mut transaction = self.begin().await?;
            let number = Record { entry: entry.clone(), now_ms }.append(&mut transaction).await?;
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
