//! Signing keys in SQLite.

use super::SqliteStore;
use super::row::Columns;
use crate::keys::MasterKeyName;
use crate::store::{EndReason, Keys, Pending, Resealing, Retirement, SigningKey, StoreError};
use sqlx::sqlite::SqliteRow;
use sqlx::{SqliteConnection, SqliteExecutor};
use zeroize::Zeroizing;

macro_rules! columns {
    () => {
        "id, alg, secret, sealed, master, created_at_ms, signs_from_ms, verifies_until_ms"
    };
}

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

    fn retire_signing_key<'a>(
        &'a self,
        realm: &'a str,
        id: &'a str,
        now_ms: i64,
        ends_sessions: bool,
    ) -> Pending<'a, Retirement> {
        Box::pin(async move {
            let mut transaction = self.begin().await?;
            // Under the write lock: of two that retire the last two keys at once, the second finds no other.
            let sql = "UPDATE signing_keys AS it SET verifies_until_ms = ?1 WHERE it.realm = ?2 AND it.id = ?3 \
                       AND (it.verifies_until_ms IS NULL OR it.verifies_until_ms > ?1) \
                       AND EXISTS (SELECT 1 FROM signing_keys AS other WHERE other.realm = it.realm \
                       AND other.alg = it.alg AND other.id <> it.id AND other.signs_from_ms <= ?1 \
                       AND other.verifies_until_ms IS NULL)";
            let done = sqlx::query(sql).bind(now_ms).bind(realm).bind(id).execute(&mut *transaction).await?;
            if done.rows_affected() == 0 {
                return Ok(Retirement::Refused);
            }
            let sql = "UPDATE sessions SET ended_at_ms = ?1, end_reason = ?2 \
                       WHERE key_id = ?3 AND ended_at_ms IS NULL AND expires_at_ms > ?1";
            let query = sqlx::query(sql).bind(now_ms).bind(EndReason::KeyRetired.name()).bind(id);
            let sessions = query.execute(&mut *transaction).await?.rows_affected();
            if sessions > 0 && !ends_sessions {
                // Dropped, the transaction never was.
                return Ok(Retirement::Needed(sessions));
            }
            transaction.commit().await?;
            Ok(Retirement::Done(sessions))
        })
    }

    fn seal_signing_key<'a>(&'a self, realm: &'a str, key: SigningKey) -> Pending<'a, bool> {
        Box::pin(async move {
            let sql =
                "UPDATE signing_keys SET secret = ?, sealed = 1, master = ? WHERE realm = ? AND id = ? AND sealed = 0";
            let query = sqlx::query(sql).bind(key.secret.as_slice()).bind(name(&key)).bind(realm).bind(&key.id);
            self.change(query).await
        })
    }

    fn reseal_signing_keys<'a>(&'a self, sealed: Resealing<'a>) -> Pending<'a, u64> {
        Box::pin(async move {
            // What a key was before is overwritten in the file, not only given up.
            sqlx::query("PRAGMA secure_delete = ON").execute(&self.writer).await?;
            let mut transaction = self.begin().await?;
            let sql = concat!("SELECT realm, ", columns!(), " FROM signing_keys ORDER BY realm, id");
            let mut changed = 0;
            for row in sqlx::query(sql).fetch_all(&mut *transaction).await? {
                let (realm, key) = (Columns { table: "signing_keys", key: "id", row: &row }.get("realm")?, read(&row)?);
                let other = sealed(realm, key.clone())?;
                if other != key {
                    update(&mut transaction, realm, &other).await?;
                    changed += 1;
                }
            }
            transaction.commit_if(changed > 0).await?;
            // Best effort, since readers may hold it: the log has the old pages until it is written over.
            let _ = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.writer).await;
            Ok(changed)
        })
    }
}

async fn update(connection: &mut SqliteConnection, realm: &str, key: &SigningKey) -> Result<(), StoreError> {
    let sql = "UPDATE signing_keys SET secret = ?, sealed = ?, master = ? WHERE realm = ? AND id = ?";
    let query = sqlx::query(sql).bind(key.secret.as_slice()).bind(key.sealed).bind(name(key));
    query.bind(realm).bind(&key.id).execute(connection).await?;
    Ok(())
}

/// As the rows are; refused beside keys that another master key seals.
async fn insert(
    connection: &mut SqliteConnection,
    realm: &str,
    key: &SigningKey,
    now_ms: i64,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO signing_keys (id, realm, alg, secret, sealed, master, created_at_ms, signs_from_ms) \
               SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE NOT EXISTS \
               (SELECT 1 FROM signing_keys WHERE sealed AND (NOT ?5 OR master <> ?6) \
               AND coalesce(verifies_until_ms > ?7, 1))";
    let query = sqlx::query(sql).bind(&key.id).bind(realm).bind(&key.alg).bind(key.secret.as_slice());
    let query = query.bind(key.sealed).bind(name(key)).bind(now_ms).bind(key.signs_from_ms);
    match query.execute(connection).await?.rows_affected() {
        0 => Err(other_master_key(realm, key)),
        _ => Ok(()),
    }
}

fn other_master_key(realm: &str, key: &SigningKey) -> StoreError {
    let has = if key.sealed { "has another one" } else { "has none" };
    let reason = format!(
        "it is not stored: the database's keys are sealed under a master key, and this process {has}; name that key in \
         master_key_file or master_key_env and start it anew"
    );
    StoreError::Key { realm: realm.into(), id: key.id.clone(), reason }
}

fn name(key: &SigningKey) -> Option<Vec<u8>> {
    key.master.map(|it| it.0.to_vec())
}

async fn select<'e>(executor: impl SqliteExecutor<'e>, realm: &str, alg: &str) -> Result<Vec<SigningKey>, StoreError> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM signing_keys WHERE realm = ? AND alg = ? ORDER BY signs_from_ms DESC, created_at_ms DESC, id"
    );
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
        master: columns.array("master")?.map(MasterKeyName),
        created_at_ms: columns.get("created_at_ms")?,
        signs_from_ms: columns.get("signs_from_ms")?,
        verifies_until_ms: columns.get("verifies_until_ms")?,
    })
}
