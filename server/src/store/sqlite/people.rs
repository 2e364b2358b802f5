//! Single persons in SQLite.

use super::SqliteStore;
use super::accounts::{bytes, set_password};
use crate::account::{Account, AccountId, PasswordHash};
use crate::store::{Accounts, CodeHash, CodePurpose, Pending, People, StoreError};
use uuid::Uuid;

impl People for SqliteStore {
    fn password_kinds<'a>(&'a self, realm: &'a str) -> Pending<'a, Vec<String>> {
        Box::pin(async move {
            let query = sqlx::query_scalar("SELECT kind FROM password_kinds WHERE realm = ?").bind(realm);
            Ok(query.fetch_all(&self.readers).await?)
        })
    }

    fn rehash<'a>(&'a self, account: &'a Account, hash: &'a PasswordHash) -> Pending<'a, bool> {
        Box::pin(async move {
            let sql = "UPDATE accounts SET password_hash = ? WHERE id = ? AND password_hash = ?";
            let query = sqlx::query(sql).bind(&hash.0).bind(bytes(&account.id)).bind(&account.password_hash.0);
            self.change(query).await
        })
    }

    fn change_password<'a>(&'a self, account: &'a Account, hash: &'a PasswordHash, now_ms: i64) -> Pending<'a, bool> {
        Box::pin(set_password(self, account.id, Some(account.password_changed_at_ms), hash, now_ms))
    }

    fn take_code<'a>(
        &'a self,
        realm: &'a str,
        purpose: CodePurpose,
        code: CodeHash,
        now_ms: i64,
    ) -> Pending<'a, Option<Account>> {
        Box::pin(async move {
            let sql = "DELETE FROM codes WHERE hash = ? AND purpose = ? AND expires_at_ms > ? \
                       AND EXISTS (SELECT 1 FROM accounts a WHERE a.id = codes.account_id AND a.realm = ?) \
                       RETURNING account_id";
            let query = sqlx::query_scalar(sql).bind(code.0.to_vec()).bind(purpose.name()).bind(now_ms).bind(realm);
            let mut transaction = self.begin().await?;
            let id: Option<Vec<u8>> = query.fetch_optional(&mut *transaction).await?;
            transaction.commit().await?;
            let Some(id) = id else { return Ok(None) };
            let id = Uuid::from_slice(&id).map_err(|_| corrupt("codes", "account_id"))?;
            self.account(realm, AccountId(id)).await
        })
    }

    fn delete_account(&self, account: AccountId) -> Pending<'_, bool> {
        Box::pin(async move {
            let query = sqlx::query("DELETE FROM accounts WHERE id = ?").bind(bytes(&account));
            self.change(query).await
        })
    }
}

fn corrupt(table: &'static str, column: &'static str) -> StoreError {
    StoreError::Corrupt { table, column, row: String::new() }
}
