//! The log of changes in SQLite: a table that triggers write.

use super::SqliteStore;
use super::row::Columns;
use crate::account::AccountId;
use crate::store::{Changed, Changes, News, Pending, SessionId, StoreError};
use sqlx::sqlite::SqliteRow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

/// More than so many at once are not worth telling one by one.
const MOST_TOLD: i64 = 1000;

/// Counts what this process has committed, so that nobody has to ask the database whether there was anything.
#[derive(Clone, Debug, Default)]
pub(super) struct Revision(Arc<AtomicU64>);

impl Revision {
    pub(super) fn advance(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Changes for SqliteStore {
    fn revision(&self) -> u64 {
        self.revision.0.load(Ordering::SeqCst)
    }

    /// `data_version` tells of the commits of every other connection, and nothing else uses this one.
    fn version(&self) -> Pending<'_, i64> {
        Box::pin(async move { Ok(sqlx::query_scalar("PRAGMA data_version").fetch_one(&self.watch).await?) })
    }

    fn changes_after(&self, place: i64) -> Pending<'_, News> {
        Box::pin(async move {
            // One statement, so that the end and the rows are of one moment.
            let sql = "SELECT s.seq, c.id, c.session_id, c.account_id FROM sqlite_sequence s \
                       LEFT JOIN changes c ON c.id > ? WHERE s.name = 'changes' ORDER BY c.id LIMIT ?";
            let rows = sqlx::query(sql).bind(place).bind(MOST_TOLD).fetch_all(&self.readers).await?;
            news(place, &rows)
        })
    }

    fn forget_changes(&self, kept: u32, limit: u32) -> Pending<'_, u64> {
        Box::pin(async move {
            let sql = "DELETE FROM changes WHERE id IN (SELECT id FROM changes \
                       WHERE id <= (SELECT max(id) FROM changes) - ? ORDER BY id LIMIT ?)";
            self.forget(sqlx::query(sql).bind(kept).bind(limit)).await
        })
    }
}

/// Complete if the rows are as many as the numbers between the two places.
fn news(place: i64, rows: &[SqliteRow]) -> Result<News, StoreError> {
    let Some(first) = rows.first() else { return Ok(News { place: 0, changed: None }) };
    let newest: i64 = columns(first).get("seq")?;
    let changed = rows.iter().filter_map(|row| changed(row).transpose()).collect::<Result<Vec<_>, _>>()?;
    let is_complete = place >= 0 && i64::try_from(changed.len()).ok() == newest.checked_sub(place);
    Ok(News { place: newest, changed: is_complete.then_some(changed) })
}

const fn columns(row: &SqliteRow) -> Columns<'_> {
    Columns { table: "changes", key: "id", row }
}

fn changed(row: &SqliteRow) -> Result<Option<Changed>, StoreError> {
    let (session, account) = (id(row, "session_id")?, id(row, "account_id")?);
    Ok(session.map(|it| Changed::Session(SessionId(it))).or(account.map(|it| Changed::Account(AccountId(it)))))
}

fn id(row: &SqliteRow, column: &'static str) -> Result<Option<Uuid>, StoreError> {
    Ok(columns(row).array(column)?.map(Uuid::from_bytes))
}
