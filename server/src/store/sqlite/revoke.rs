//! Takes back what a backup would bring back to life: afterwards nothing is good that is not so in the present database.

use super::compare::attached;
use crate::store::{BackupError, EndReason, Revoked};
use sqlx::Connection;
use std::path::Path;

/// Ends sessions, resets accounts and forgets codes of `restored` that `present` has ended, changed or forgotten since; all
/// in one transaction.
pub(super) async fn revoke(restored: &Path, present: &Path, now_ms: i64) -> Result<Revoked, BackupError> {
    let mut connection = attached(restored, present).await?;
    let mut transaction = connection.begin().await?;
    let sessions =
        sqlx::query(SESSIONS).bind(now_ms).bind(EndReason::Restored.name()).execute(&mut *transaction).await?;
    let changed = sqlx::query(ACCOUNTS).execute(&mut *transaction).await?;
    let unknown = sqlx::query(UNKNOWN).execute(&mut *transaction).await?;
    sqlx::query(CODES).execute(&mut *transaction).await?;
    transaction.commit().await?;
    connection.close().await?;
    let accounts = changed.rows_affected() + unknown.rows_affected();
    Ok(Revoked { sessions: sessions.rows_affected(), accounts })
}

/// With the time and the reason that they ended with, where those are known.
const SESSIONS: &str = "UPDATE main.sessions AS s SET \
    ended_at_ms = coalesce((SELECT p.ended_at_ms FROM present.sessions p WHERE p.id = s.id), ?1), \
    end_reason = coalesce((SELECT p.end_reason FROM present.sessions p WHERE p.id = s.id), ?2) \
    WHERE s.ended_at_ms IS NULL AND s.expires_at_ms > ?1 \
    AND NOT EXISTS (SELECT 1 FROM present.sessions p WHERE p.id = s.id AND p.ended_at_ms IS NULL)";

/// An account that was let in since stays as the backup has it: that is no revocation.
const ACCOUNTS: &str = "UPDATE main.accounts AS a SET enabled = a.enabled AND p.enabled, password_hash = p.password_hash, \
    password_changed_at_ms = p.password_changed_at_ms, roles = p.roles FROM present.accounts AS p WHERE p.id = a.id \
    AND (a.enabled > p.enabled OR a.password_changed_at_ms <> p.password_changed_at_ms OR a.roles <> p.roles)";

/// Deliberately not deleted again: whether an account was deleted, or the present database is itself from an older backup and
/// never had it, nobody can tell; and only one of the two can be undone.
const UNKNOWN: &str =
    "UPDATE main.accounts SET enabled = 0 WHERE enabled AND id NOT IN (SELECT id FROM present.accounts)";

const CODES: &str = "DELETE FROM main.codes WHERE hash NOT IN (SELECT hash FROM present.codes)";
