//! Single persons in SQLite.

use super::SqliteStore;
use super::accounts::{bytes, set_password};
use crate::account::{Account, AccountId, PasswordHash};
use crate::store::{Pending, People};

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

    fn delete_account(&self, account: AccountId) -> Pending<'_, bool> {
        Box::pin(async move {
            let query = sqlx::query("DELETE FROM accounts WHERE id = ?").bind(bytes(&account));
            self.change(query).await
        })
    }
}
