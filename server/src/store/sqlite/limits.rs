//! Counts of failed logins in SQLite.

use super::SqliteStore;
use crate::store::{LimitRow, LimitRows, Pending, StoreError};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

impl LimitRows for SqliteStore {
    fn limits(&self, since_ms: i64) -> Pending<'_, Vec<LimitRow>> {
        Box::pin(async move {
            let sql = "SELECT subject, address, level_ms, until_ms FROM limits WHERE max(level_ms, until_ms) > ?";
            let rows = sqlx::query(sql).bind(since_ms).fetch_all(&self.readers).await?;
            rows.iter().map(limit).collect()
        })
    }

    fn put_limits<'a>(&'a self, rows: &'a [LimitRow], since_ms: Option<i64>) -> Pending<'a, ()> {
        Box::pin(async move {
            let mut transaction = self.begin().await?;
            for row in rows {
                let sql = "INSERT INTO limits (subject, address, level_ms, until_ms) VALUES (?, ?, ?, ?) \
                           ON CONFLICT (subject, address) DO UPDATE \
                           SET level_ms = excluded.level_ms, until_ms = excluded.until_ms";
                let query = sqlx::query(sql).bind(row.subject.to_vec()).bind(row.address.to_vec());
                query.bind(row.level_ms).bind(row.until_ms).execute(&mut *transaction).await?;
            }
            if let Some(since_ms) = since_ms {
                let stale = sqlx::query("DELETE FROM limits WHERE max(level_ms, until_ms) <= ?").bind(since_ms);
                stale.execute(&mut *transaction).await?;
            }
            Ok(transaction.commit_unheard().await?)
        })
    }
}

fn limit(row: &SqliteRow) -> Result<LimitRow, StoreError> {
    let hash = |column: &'static str| -> Result<[u8; 16], StoreError> {
        let bytes: Vec<u8> = row.try_get(column)?;
        bytes.try_into().map_err(|_| StoreError::Corrupt { table: "limits", column, row: String::new() })
    };
    Ok(LimitRow {
        subject: hash("subject")?,
        address: hash("address")?,
        level_ms: row.try_get("level_ms")?,
        until_ms: row.try_get("until_ms")?,
    })
}
