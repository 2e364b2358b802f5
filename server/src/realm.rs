//! A realm: a user directory with a dialect, a mount, keys, origins and a password policy of its own.
//! It is what the configuration and the store together say; it holds no connection and answers no request.

use crate::account::IdentifierKind;
use crate::config::{Guard, Origins, RealmConfig};
use crate::passwords::{PasswordPolicy, PasswordScheme};
use crate::store::{SigningKey, Store, StoreError};
use rand::RngExt;
use relatch_dialects::{Dialect, Issue};
use uuid::Uuid;
use zeroize::Zeroizing;

/// A realm that is ready to serve.
#[derive(Clone, Debug)]
pub struct Realm {
    /// Its name, by which accounts belong to it.
    pub name: String,
    /// The path prefix under which it is served: `/gatego`, or empty for the root. Never ends in a slash.
    pub mount: String,
    /// How it speaks.
    pub dialect: Dialect,
    /// What it issues, from the dialect.
    pub issue: Issue,
    /// How long an access token lives, in seconds.
    pub lifetime_secs: u64,
    /// How long a refresh token lives, in seconds, where the dialect has one.
    pub refresh_lifetime_secs: Option<u64>,
    /// Which identifiers a login takes, in the order in which they are tried.
    pub identifiers: Vec<IdentifierKind>,
    /// The keys: the first one signs, each of them verifies.
    pub keys: Vec<SigningKey>,
    /// Which origins may ask (CORS).
    pub origins: Origins,
    /// How new passwords are hashed.
    pub password_scheme: PasswordScheme,
    /// What new passwords must be.
    pub password_policy: PasswordPolicy,
    /// Protected endpoints that ask for a role.
    pub guarded: Vec<Guard>,
    /// Whether the user's shape shows the stored password hash. Off unless the deployment asks for it by name.
    pub expose_password_hash: bool,
}

impl Realm {
    /// Makes a realm of its configuration, and a signing key if that names none and the store has none yet.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn open(config: &RealmConfig, store: &dyn Store, now_ms: i64) -> Result<Realm, StoreError> {
        let keys = signing_keys(config, store, now_ms).await?;
        Ok(Realm {
            name: config.name.clone(),
            mount: config.mount.clone(),
            dialect: config.dialect.clone(),
            issue: config.issue.clone(),
            lifetime_secs: config.lifetime_secs.unwrap_or(config.issue.lifetime_secs),
            refresh_lifetime_secs: config.refresh_lifetime_secs.or(config.issue.refresh_lifetime_secs),
            identifiers: config.identifiers.clone(),
            keys,
            origins: config.origins.clone(),
            password_scheme: config.password_scheme,
            password_policy: config.password_policy(),
            guarded: config.guarded.clone(),
            expose_password_hash: config.expose_password_hash,
        })
    }
}

async fn signing_keys(config: &RealmConfig, store: &dyn Store, now_ms: i64) -> Result<Vec<SigningKey>, StoreError> {
    if let Some(secret) = &config.secret {
        return Ok(vec![SigningKey { id: "configured".into(), alg: config.issue.alg.clone(), secret: secret.clone() }]);
    }
    let stored = store.signing_keys(&config.name, &config.issue.alg).await?;
    if !stored.is_empty() {
        return Ok(stored);
    }
    Ok(vec![store.ensure_signing_key(&config.name, random_key(&config.issue.alg), now_ms).await?])
}

/// 64 bytes: as long as the hash of the strongest HMAC algorithm (RFC 7518 section 3.2), so good for each.
fn random_key(alg: &str) -> SigningKey {
    let mut secret = Zeroizing::new(vec![0; 64]);
    rand::rng().fill(secret.as_mut_slice());
    SigningKey { id: Uuid::new_v4().to_string(), alg: alg.into(), secret }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::SqliteStore;
    use relatch_dialects::{DOCUMENTS, Value};
    use tempfile::TempDir;

    fn config(name: &str) -> RealmConfig {
        let (_, document) = DOCUMENTS.iter().find(|(it, _)| *it == name).unwrap();
        let json: serde_json::Value = serde_json::from_str(document).unwrap();
        RealmConfig::of(Dialect::load(&Value::from(&json)).unwrap()).unwrap()
    }

    async fn store() -> (SqliteStore, TempDir) {
        let directory = TempDir::new().unwrap();
        (SqliteStore::open(&directory.path().join("relatch.db")).await.unwrap(), directory)
    }

    #[tokio::test]
    async fn a_realm_without_a_secret_makes_one_and_keeps_it() {
        let (store, _directory) = store().await;
        let first = Realm::open(&config("investgo"), &store, 1).await.unwrap();
        let again = Realm::open(&config("investgo"), &store, 2).await.unwrap();
        assert_eq!(first.keys, again.keys);
        assert_eq!((first.keys.len(), first.keys[0].secret.len()), (1, 64));
        assert_ne!(first.keys[0].secret.as_slice(), [0; 64]);
        let other = Realm::open(&config("gatego"), &store, 3).await.unwrap();
        assert_ne!(first.keys, other.keys);
    }

    #[tokio::test]
    async fn a_configured_secret_is_the_only_key() {
        let (store, _directory) = store().await;
        Realm::open(&config("gatego"), &store, 1).await.unwrap();
        let secret = Some(Zeroizing::new(vec![7; 32]));
        let realm = Realm::open(&RealmConfig { secret, ..config("gatego") }, &store, 1).await.unwrap();
        assert_eq!((realm.keys.len(), realm.keys[0].secret.as_slice()), (1, [7; 32].as_slice()));
        assert!(!format!("{realm:?}").contains("7, 7"), "Debug shows no secret");
    }

    #[tokio::test]
    async fn lifetimes_are_the_dialects_unless_chosen() {
        let (store, _directory) = store().await;
        let usual = Realm::open(&config("gatego"), &store, 1).await.unwrap();
        assert_eq!((usual.lifetime_secs, usual.refresh_lifetime_secs), (3_600, Some(2_592_000)));
        let chosen = RealmConfig { lifetime_secs: Some(20), refresh_lifetime_secs: Some(60), ..config("gatego") };
        let chosen = Realm::open(&chosen, &store, 1).await.unwrap();
        assert_eq!((chosen.lifetime_secs, chosen.refresh_lifetime_secs), (20, Some(60)));
    }
}
