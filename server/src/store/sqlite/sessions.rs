//! Sessions in SQLite.

use super::accounts::{account_columns, bytes};
use super::queue::{Running, Statement};
use super::record::Record;
use super::{SqliteStore, row};
use crate::account::{Account, AccountId};
use crate::store::{EndReason, NewSession, Pending, Rotation, Session, SessionId, Sessions, StoreError};
use sqlx::SqliteConnection;
use std::sync::Arc;

/// Sessions with their accounts, up to the condition.
macro_rules! select_sessions {
    ($condition:literal) => {
        concat!(
            "SELECT s.id AS session_id, s.generation, s.salt, s.key_id, s.rotated_at_ms, s.attempt, \
             s.created_at_ms AS session_created_at_ms, s.expires_at_ms, s.ends_at_ms, s.ended_at_ms, s.end_reason, ",
            account_columns!(),
            " FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE ",
            $condition
        )
    };
}

pub(super) use select_sessions;

impl Sessions for SqliteStore {
    fn create_session<'a>(&'a self, account: &'a Account, session: NewSession, now_ms: i64) -> Pending<'a, bool> {
        let password_hash = account.password_hash.0.clone();
        Box::pin(self.queue.write(Begin { account: account.id, password_hash, session, now_ms }))
    }

    fn session<'a>(&'a self, realm: &'a str, id: SessionId) -> Pending<'a, Option<(Session, Account)>> {
        Box::pin(async move {
            let query = sqlx::query(select_sessions!("s.id = ? AND a.realm = ?")).bind(id_bytes(&id)).bind(realm);
            query.fetch_optional(&self.readers).await?.as_ref().map(row::session).transpose()
        })
    }

    fn rotate(&self, rotation: Rotation) -> Pending<'_, bool> {
        Box::pin(self.queue.write(rotation))
    }

    fn end_session(&self, id: SessionId, reason: EndReason, now_ms: i64) -> Pending<'_, bool> {
        Box::pin(self.queue.write(End { id, reason, now_ms, record: self.record.clone() }))
    }

    fn end_sessions(&self, account: AccountId, reason: EndReason, now_ms: i64) -> Pending<'_, u64> {
        Box::pin(async move {
            let mut transaction = self.begin().await?;
            let ended = end_all(&mut transaction, account, reason, now_ms).await?;
            transaction.commit_if(ended > 0).await?;
            Ok(ended)
        })
    }

    fn live_sessions(&self, after: Option<SessionId>, now_ms: i64, limit: u32) -> Pending<'_, Vec<(Session, Account)>> {
        Box::pin(async move {
            let sql = select_sessions!(
                "s.id > ? AND s.ended_at_ms IS NULL AND s.expires_at_ms > ? AND a.enabled = 1 ORDER BY s.id LIMIT ?"
            );
            let after = after.map(|it| id_bytes(&it).to_vec()).unwrap_or_default();
            let rows = sqlx::query(sql).bind(after).bind(now_ms).bind(limit).fetch_all(&self.readers).await?;
            rows.iter().map(row::session).collect()
        })
    }

    fn end_every_session(&self, reason: EndReason, now_ms: i64) -> Pending<'_, u64> {
        Box::pin(async move {
            let mut transaction = self.begin().await?;
            let sql = "UPDATE sessions SET ended_at_ms = ?, end_reason = ? WHERE ended_at_ms IS NULL";
            let done = sqlx::query(sql).bind(now_ms).bind(reason.name()).execute(&mut *transaction).await?;
            transaction.commit_if(done.rows_affected() > 0).await?;
            Ok(done.rows_affected())
        })
    }

    fn purge_sessions(&self, before_ms: i64, limit: u32) -> Pending<'_, u64> {
        Box::pin(async move {
            let sql = "DELETE FROM sessions WHERE rowid IN \
                       (SELECT rowid FROM sessions WHERE expires_at_ms < ? ORDER BY expires_at_ms LIMIT ?)";
            self.forget(sqlx::query(sql).bind(before_ms).bind(limit)).await
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

fn id_bytes(id: &SessionId) -> &[u8] {
    id.0.as_bytes()
}

/// See [`Sessions::create_session`].
struct Begin {
    account: AccountId,
    password_hash: String,
    session: NewSession,
    now_ms: i64,
}

impl Statement for Begin {
    type Output = bool;

    const IS_LOGGED: bool = false;

    fn run<'c>(&'c self, connection: &'c mut SqliteConnection) -> Running<'c, bool> {
        Box::pin(async move {
            let sql = "INSERT INTO sessions (id, account_id, generation, salt, key_id, rotated_at_ms, created_at_ms, \
                       expires_at_ms, ends_at_ms) SELECT ?1, id, 1, ?2, ?3, ?4, ?4, ?5, ?6 FROM accounts \
                       WHERE id = ?7 AND enabled = 1 AND password_hash = ?8";
            let renewable = self.session.renewable.as_ref();
            let done = sqlx::query(sql)
                .bind(id_bytes(&self.session.id))
                .bind(renewable.map(|it| it.salt.0.to_vec()))
                .bind(renewable.map(|it| it.key_id.as_str()))
                .bind(self.now_ms)
                .bind(self.session.expires_at_ms)
                .bind(self.session.ends_at_ms)
                .bind(bytes(&self.account))
                .bind(&self.password_hash)
                .execute(connection)
                .await?;
            Ok(done.rows_affected() > 0)
        })
    }
}

/// See [`Sessions::rotate`].
impl Statement for Rotation {
    type Output = bool;

    const IS_LOGGED: bool = false;

    fn run<'c>(&'c self, connection: &'c mut SqliteConnection) -> Running<'c, bool> {
        Box::pin(async move {
            let sql = "UPDATE sessions SET generation = ?1 + 1, rotated_at_ms = ?2, attempt = ?3, \
                       expires_at_ms = min(?4, ends_at_ms), key_id = ?6 \
                       WHERE id = ?5 AND generation <= ?1 AND salt IS NOT NULL \
                       AND ended_at_ms IS NULL AND expires_at_ms > ?2 \
                       AND EXISTS (SELECT 1 FROM accounts a WHERE a.id = sessions.account_id AND a.enabled = 1)";
            // One that SQLite cannot count no token of ours has; -1 is nobody's generation.
            let presented = i64::try_from(self.presented).ok().filter(|it| *it < i64::MAX).unwrap_or(-1);
            let done = sqlx::query(sql)
                .bind(presented)
                .bind(self.now_ms)
                .bind(self.attempt.map(|it| it.0.to_vec()))
                .bind(self.expires_at_ms)
                .bind(id_bytes(&self.session))
                .bind(&self.key_id)
                .execute(connection)
                .await?;
            Ok(done.rows_affected() > 0)
        })
    }
}

/// See [`Sessions::end_session`].
struct End {
    id: SessionId,
    reason: EndReason,
    now_ms: i64,
    record: Option<Arc<Record>>,
}

impl Statement for End {
    type Output = bool;

    const IS_LOGGED: bool = true;

    fn run<'c>(&'c self, connection: &'c mut SqliteConnection) -> Running<'c, bool> {
        Box::pin(async move {
            let sql = "UPDATE sessions SET ended_at_ms = ?, end_reason = ? WHERE id = ? AND ended_at_ms IS NULL";
            let query = sqlx::query(sql).bind(self.now_ms).bind(self.reason.name()).bind(id_bytes(&self.id));
            let ended = query.execute(&mut *connection).await?.rows_affected() > 0;
            if let Some(record) = self.record.as_ref().filter(|_| ended) {
                record.append(connection).await?;
            }
            Ok(ended)
        })
    }
}
