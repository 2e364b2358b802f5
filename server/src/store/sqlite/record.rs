//! An entry of the audit log on its way into a transaction.

use super::accounts::bytes;
use crate::account::AccountId;
use crate::audit::AuditEntry;
use sqlx::SqliteConnection;

/// An entry and its time.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub(super) entry: AuditEntry,
    pub(super) now_ms: i64,
}

impl Record {
    /// Names the account that the act has made, if that is what it was about.
    pub(super) fn name_account(&mut self, made: AccountId) {
        self.entry.account.get_or_insert(made);
    }

    /// Names the key that the act has made.
    pub(super) fn name_key(&mut self, made: &str) {
        self.entry.detail.get_or_insert_with(|| format!("key {made}"));
    }

    /// Adds the entry within the caller's transaction; returns its number.
    pub(super) async fn append(&self, connection: &mut SqliteConnection) -> Result<u64, sqlx::Error> {
        let sql = "INSERT INTO audit (at_ms, channel, actor, address, action, outcome, realm, account, detail) \
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING number";
        let entry = &self.entry;
        let number: i64 = sqlx::query_scalar(sql)
            .bind(self.now_ms)
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
}
