//! Sessions in SQLite.

use super::accounts::{account_columns, bytes};
use super::{SqliteStore, row};
use crate::account::{Account, AccountId};
use crate::store::{EndReason, NewSession, Pending, Rotation, Session, SessionId, Sessions, StoreError, TokenHash};
use sqlx::SqliteConnection;

/// A session with its account, up to the condition.
macro_rules! select_session {
    ($condition:literal) => {
        concat!(
            "SELECT s.id AS session_id, s.generation, s.created_at_ms AS session_created_at_ms, s.expires_at_ms, \
             s.ended_at_ms, s.end_reason, ",
            account_columns!(),
            " FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE ",
            $condition,
            " AND a.realm = ?"
        )
    };
}

pub(super) use select_session;

impl Sessions for SqliteStore {
    fn create_session<'a>(&'a self, account: &'a Account, session: NewSession, now_ms: i64) -> Pending<'a, bool> {
        Box::pin(async move {
            let sql = "INSERT INTO sessions (id, account_id, generation, refresh_hash, created_at_ms, expires_at_ms) \
                       SELECT ?, id, 1, ?, ?, ? FROM accounts WHERE id = ? AND enabled = 1 AND password_hash = ?";
            let done = sqlx::query(sql)
                .bind(session.id.0.as_bytes().as_slice())
                .bind(session.refresh.map(|it| it.0.to_vec()))
                .bind(now_ms)
                .bind(session.expires_at_ms)
                .bind(bytes(&account.id))
                .bind(&account.password_hash.0)
                .execute(&self.writer)
                .await?;
            Ok(done.rows_affected() > 0)
        })
    }

    fn session<'a>(&'a self, realm: &'a str, id: SessionId) -> Pending<'a, Option<(Session, Account)>> {
        Box::pin(async move {
            let query = sqlx::query(select_session!("s.id = ?")).bind(id.0.as_bytes().to_vec()).bind(realm);
            query.fetch_optional(&self.readers).await?.as_ref().map(row::session).transpose()
        })
    }

    fn session_by_refresh<'a>(&'a self, realm: &'a str, refresh: TokenHash) -> Pending<'a, Option<(Session, Account)>> {
        Box::pin(async move {
            let query = sqlx::query(select_session!("s.refresh_hash = ?")).bind(refresh.0.to_vec()).bind(realm);
            query.fetch_optional(&self.readers).await?.as_ref().map(row::session).transpose()
        })
    }

    fn rotate(&self, id: SessionId, rotation: Rotation) -> Pending<'_, Option<u64>> {
        Box::pin(async move {
            let sql = "UPDATE sessions SET refresh_hash = ?, generation = generation + 1, expires_at_ms = ? \
                       WHERE id = ? AND refresh_hash = ? AND ended_at_ms IS NULL AND expires_at_ms > ? \
                       AND EXISTS (SELECT 1 FROM accounts a WHERE a.id = sessions.account_id AND a.enabled = 1) \
                       RETURNING generation";
            let generation: Option<i64> = sqlx::query_scalar(sql)
                .bind(rotation.to.0.to_vec())
                .bind(rotation.expires_at_ms)
                .bind(id.0.as_bytes().to_vec())
                .bind(rotation.from.0.to_vec())
                .bind(rotation.now_ms)
                .fetch_optional(&self.writer)
                .await?;
            Ok(generation.map(i64::unsigned_abs))
        })
    }

    fn end_session(&self, id: SessionId, reason: EndReason, now_ms: i64) -> Pending<'_, bool> {
        Box::pin(async move {
            let sql = "UPDATE sessions SET ended_at_ms = ?, end_reason = ? WHERE id = ? AND ended_at_ms IS NULL";
            let query = sqlx::query(sql).bind(now_ms).bind(reason.name()).bind(id.0.as_bytes().to_vec());
            Ok(query.execute(&self.writer).await?.rows_affected() > 0)
        })
    }

    fn end_sessions(&self, account: AccountId, reason: EndReason, now_ms: i64) -> Pending<'_, u64> {
        Box::pin(async move {
            let mut transaction = self.begin().await?;
            let ended = end_all(&mut transaction, account, reason, now_ms).await?;
            transaction.commit().await?;
            Ok(ended)
        })
    }

    fn purge_sessions(&self, before_ms: i64) -> Pending<'_, u64> {
        Box::pin(async move {
            let query = sqlx::query("DELETE FROM sessions WHERE expires_at_ms < ?").bind(before_ms);
            Ok(query.execute(&self.writer).await?.rows_affected())
        })
    }
}

/// Ends every session of an account that goes on, within the caller's transaction.
pub(super) async fn end_all(
    connection: &mut SqliteConnection,
    account: AccountId,
    reason: EndReason,
    now_ms: i64,
) -> Result<u64, StoreError> {
    let sql = "UPDATE sessions SET ended_at_ms = ?, end_reason = ? WHERE account_id = ? AND ended_at_ms IS NULL";
    let query = sqlx::query(sql).bind(now_ms).bind(reason.name()).bind(bytes(&account));
    Ok(query.execute(connection).await?.rows_affected())
}
