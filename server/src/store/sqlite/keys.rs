//! Signing keys in SQLite.

use super::SqliteStore;
use super::row::Columns;
use crate::store::{Keys, Pending, SigningKey, StoreError};
use sqlx::sqlite::SqliteRow;
use sqlx::{SqliteConnection, SqliteExecutor};
use zeroize::Zeroizing;

impl Keys for SqliteStore {
    fn signing_keys<'a>(&'a self, realm: &'a str, alg: &'a str) -> Pending<'a, Vec<SigningKey>> {
        Box::pin(select(&self.readers, realm, alg))
    }

    fn ensure_signing_key<'a>(&'a self, realm: &'a str, key: SigningKey, now_ms: i64) -> Pending<'a, SigningKey> {
        Box::pin(async move {
            let mut transaction = self.begin().await?;
            let stored = select(&mut *transaction, realm, &key.alg).await?;
            if let Some(earlier) = stored.into_iter().find(|it| it.verifies_until_ms.is_none()) {
                return Ok(earlier);
            }
            insert(&mut transaction, realm, &key, now_ms).await?;
            transaction.commit().await?;
            Ok(SigningKey { created_at_ms: now_ms, ..key })
        })
    }

    fn rotate_signing_key<'a>(
        &'a self,
        realm: &'a str,
        key: SigningKey,
        now_ms: i64,
        others_until_ms: i64,
        unless_since_ms: Option<i64>,
    ) -> Pending<'a, bool> {
        Box::pin(async move {
            let mut transaction = self.begin().await?;
            let stored = select(&mut *transaction, realm, &key.alg).await?;
            if unless_since_ms.is_some_and(|since_ms| stored.iter().any(|it| it.created_at_ms > since_ms)) {
                return Ok(false);
            }
            let forget = "DELETE FROM signing_keys WHERE realm = ? AND alg = ? AND verifies_until_ms < ?";
            sqlx::query(forget).bind(realm).bind(&key.alg).bind(now_ms).execute(&mut *transaction).await?;
            let end = "UPDATE signing_keys SET verifies_until_ms = ?1 WHERE realm = ?2 AND alg = ?3 \
                       AND coalesce(verifies_until_ms, ?1) >= ?1";
            let query = sqlx::query(end).bind(others_until_ms).bind(realm).bind(&key.alg);
            query.execute(&mut *transaction).await?;
            insert(&mut transaction, realm, &key, now_ms).await?;
            if let Some(record) = transaction.record() {
                record.name_key(&key.id);
            }
            transaction.commit_if(true).await
        })
    }

    fn retire_signing_key<'a>(&'a self, realm: &'a str, id: &'a str, now_ms: i64) -> Pending<'a, bool> {
        Box::pin(async move {
            // One statement: of two that retire the last two keys at once, the second finds no other.
            let sql = "UPDATE signing_keys AS it SET verifies_until_ms = ?1 WHERE it.realm = ?2 AND it.id = ?3 \
                       AND (it.verifies_until_ms IS NULL OR it.verifies_until_ms > ?1) \
                       AND EXISTS (SELECT 1 FROM signing_keys AS other WHERE other.realm = it.realm \
                       AND other.alg = it.alg AND other.id <> it.id AND other.signs_from_ms <= ?1 \
                       AND other.verifies_until_ms IS NULL)";
            self.change(sqlx::query(sql).bind(now_ms).bind(realm).bind(id)).await
        })
    }

    fn seal_signing_key<'a>(&'a self, realm: &'a str, key: SigningKey) -> Pending<'a, bool> {
        Box::pin(async move {
            let sql = "UPDATE signing_keys SET secret = ?, sealed = 1 WHERE realm = ? AND id = ? AND sealed = 0";
            self.change(sqlx::query(sql).bind(key.secret.as_slice()).bind(realm).bind(&key.id)).await
        })
    }
}

async fn insert(
    connection: &mut SqliteConnection,
    realm: &str,
    key: &SigningKey,
    now_ms: i64,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO signing_keys (id, realm, alg, secret, sealed, created_at_ms, signs_from_ms) \
               VALUES (?, ?, ?, ?, ?, ?, ?)";
    let query = sqlx::query(sql).bind(&key.id).bind(realm).bind(&key.alg).bind(key.secret.as_slice());
    query.bind(key.sealed).bind(now_ms).bind(key.signs_from_ms).execute(connection).await?;
    Ok(())
}

async fn select<'e>(executor: impl SqliteExecutor<'e>, realm: &str, alg: &str) -> Result<Vec<SigningKey>, StoreError> {
    let sql = "SELECT id, alg, secret, sealed, created_at_ms, signs_from_ms, verifies_until_ms FROM signing_keys \
               WHERE realm = ? AND alg = ? ORDER BY signs_from_ms DESC, created_at_ms DESC, id";
    let rows = sqlx::query(sql).bind(realm).bind(alg).fetch_all(executor).await?;
    rows.iter().map(read).collect()
}

fn read(row: &SqliteRow) -> Result<SigningKey, StoreError> {
    let columns = Columns { table: "signing_keys", key: "id", row };
    Ok(SigningKey {
        id: columns.get("id")?,
        alg: columns.get("alg")?,
        secret: Zeroizing::new(columns.get::<Vec<u8>>("secret")?),
        sealed: columns.get("sealed")?,
        created_at_ms: columns.get("created_at_ms")?,
        signs_from_ms: columns.get("signs_from_ms")?,
        verifies_until_ms: columns.get("verifies_until_ms")?,
    })
}
