//! Codes in SQLite.

use super::accounts::{account_columns, bytes};
use super::{SqliteStore, row};
use crate::account::{Account, AccountId};
use crate::store::{CodeHash, CodePurpose, Codes, Pending};

impl Codes for SqliteStore {
    fn put_code(
        &self,
        account: AccountId,
        purpose: CodePurpose,
        code: CodeHash,
        now_ms: i64,
        expires_at_ms: i64,
    ) -> Pending<'_, ()> {
        Box::pin(async move {
            let mut transaction = self.begin().await?;
            let stale = "DELETE FROM codes WHERE account_id = ? AND expires_at_ms <= ?";
            sqlx::query(stale).bind(bytes(&account)).bind(now_ms).execute(&mut *transaction).await?;
            let sql = "INSERT INTO codes (hash, account_id, purpose, expires_at_ms) VALUES (?, ?, ?, ?)";
            let query = sqlx::query(sql).bind(code.0.to_vec()).bind(bytes(&account)).bind(purpose.name());
            query.bind(expires_at_ms).execute(&mut *transaction).await?;
            Ok(transaction.commit().await?)
        })
    }

    fn code_account<'a>(
        &'a self,
        realm: &'a str,
        purpose: CodePurpose,
        code: CodeHash,
        now_ms: i64,
    ) -> Pending<'a, Option<Account>> {
        Box::pin(async move {
            let sql = concat!(
                "SELECT ",
                account_columns!(),
                " FROM codes c JOIN accounts a ON a.id = c.account_id \
                 WHERE c.hash = ? AND c.purpose = ? AND c.expires_at_ms > ? AND a.realm = ?"
            );
            let query = sqlx::query(sql).bind(code.0.to_vec()).bind(purpose.name()).bind(now_ms).bind(realm);
            query.fetch_optional(&self.readers).await?.as_ref().map(row::account).transpose()
        })
    }

    fn validate_account(&self, account: AccountId, code: CodeHash, now_ms: i64) -> Pending<'_, bool> {
        Box::pin(async move {
            let mut transaction = self.begin().await?;
            let sql = "UPDATE accounts SET validated = 1 WHERE id = ? AND EXISTS (SELECT 1 FROM codes c \
                       WHERE c.account_id = accounts.id AND c.hash = ? AND c.purpose = ? AND c.expires_at_ms > ?)";
            let query = sqlx::query(sql).bind(bytes(&account)).bind(code.0.to_vec());
            let query = query.bind(CodePurpose::Validation.name()).bind(now_ms);
            let validated = query.execute(&mut *transaction).await?.rows_affected() > 0;
            if validated {
                let used = sqlx::query("DELETE FROM codes WHERE account_id = ?").bind(bytes(&account));
                used.execute(&mut *transaction).await?;
            }
            transaction.commit_if(validated).await
        })
    }
}
