//! Counts of failed logins in SQLite.

use super::SqliteStore;
use super::row::Columns;
use crate::store::{LimitRow, LimitRows, Pending, StoreError};
use sqlx::QueryBuilder;
use sqlx::sqlite::{Sqlite, SqliteRow};

/// Rows in one statement, of which each takes four of its 32,766 parameters.
const AT_ONCE: usize = 500;

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
            for some in rows.chunks(AT_ONCE) {
                upsert(some).build().execute(&mut *transaction).await?;
            }
            if let Some(since_ms) = since_ms {
                let stale = sqlx::query("DELETE FROM limits WHERE max(level_ms, until_ms) <= ?").bind(since_ms);
                stale.execute(&mut *transaction).await?;
            }
            Ok(transaction.commit_unheard().await?)
        })
    }
}

/// One statement for many rows: with one for each, everybody who renews would wait for as many turns of the thread that writes.
fn upsert(rows: &[LimitRow]) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new("INSERT INTO limits (subject, address, level_ms, until_ms) ");
    query.push_values(rows, |mut values, row| {
        values.push_bind(row.subject.to_vec()).push_bind(row.address.to_vec());
        values.push_bind(row.level_ms).push_bind(row.until_ms);
    });
    query.push(
        " ON CONFLICT (subject, address) DO UPDATE SET level_ms = excluded.level_ms, until_ms = excluded.until_ms",
    );
    query
}

fn limit(row: &SqliteRow) -> Result<LimitRow, StoreError> {
    let columns = Columns { table: "limits", key: "subject", row };
    let hash = |column| columns.array(column)?.ok_or_else(|| columns.corrupt(column));
    Ok(LimitRow {
        subject: hash("subject")?,
        address: hash("address")?,
        level_ms: columns.get("level_ms")?,
        until_ms: columns.get("until_ms")?,
    })
}
