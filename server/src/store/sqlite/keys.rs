//! Signing keys in SQLite.

use super::SqliteStore;
use super::row::Columns;
use crate::store::{Keys, Pending, SigningKey, StoreError};
use sqlx::SqliteExecutor;
use zeroize::Zeroizing;

impl Keys for SqliteStore {
    fn signing_keys<'a>(&'a self, realm: &'a str, alg: &'a str) -> Pending<'a, Vec<SigningKey>> {
        Box::pin(select(&self.readers, realm, alg))
    }

    fn ensure_signing_key<'a>(&'a self, realm: &'a str, key: SigningKey, now_ms: i64) -> Pending<'a, SigningKey> {
        Box::pin(async move {
            let mut transaction = self.begin().await?;
            if let Some(earlier) = select(&mut *transaction, realm, &key.alg).await?.into_iter().next() {
                return Ok(earlier);
            }
            let sql = "INSERT INTO signing_keys (id, realm, alg, secret, created_at_ms) VALUES (?, ?, ?, ?, ?)";
            let query = sqlx::query(sql).bind(&key.id).bind(realm).bind(&key.alg).bind(key.secret.as_slice());
            query.bind(now_ms).execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(key)
        })
    }
}

async fn select<'e>(executor: impl SqliteExecutor<'e>, realm: &str, alg: &str) -> Result<Vec<SigningKey>, StoreError> {
    let sql = "SELECT id, alg, secret FROM signing_keys WHERE realm = ? AND alg = ? ORDER BY created_at_ms DESC, id";
    let rows = sqlx::query(sql).bind(realm).bind(alg).fetch_all(executor).await?;
    rows.iter()
        .map(|row| {
            let columns = Columns { table: "signing_keys", key: "id", row };
            let secret = Zeroizing::new(columns.get::<Vec<u8>>("secret")?);
            Ok(SigningKey { id: columns.get("id")?, alg: columns.get("alg")?, secret })
        })
        .collect()
}
