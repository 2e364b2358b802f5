//! A realm: a user directory with a dialect, a mount, keys, origins and a password policy of its own.
//! It is what the configuration and the store together say; it holds no connection and answers no request.

use crate::account::IdentifierKind;
use crate::config::{Guard, Origins, RealmConfig};
use crate::keys::{KeyRing, RefreshKeys};
use crate::passwords::{PasswordPolicy, PasswordScheme};
use crate::store::{Store, StoreError};
use crate::tokens::Seen;
use relatch_dialects::{Dialect, Issue};

/// Ninety days: who uses an app every day logs in four times a year.
const USUAL_SESSION_SECS: u64 = 90 * 24 * 3600;

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
    /// How long a session lives however often it is renewed, in seconds.
    pub session_lifetime_secs: u64,
    /// Which identifiers a login takes, in the order in which they are tried.
    pub identifiers: Vec<IdentifierKind>,
    /// The live keys.
    pub keys: KeyRing,
    /// The live secrets that refresh tokens are computed with. None where no token is renewed by endpoint.
    pub refresh_keys: RefreshKeys,
    /// Whether a token's header names its key (`kid`): only where the API's page does not fix the header.
    pub names_key: bool,
    /// By how many seconds the clocks of those who made a token and of this machine may differ.
    pub leeway_secs: u64,
    /// After how many seconds a key is replaced, if there is a schedule.
    pub rotate_every_secs: Option<u64>,
    /// Who this realm says that it is in its metadata (RFC 8414), if it says so.
    pub issuer: Option<String>,
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
    /// Tokens that its keys have verified.
    pub(crate) seen: Seen,
}

impl Realm {
    /// Makes a realm of its configuration, and a signing key if that names none and the store has none yet.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn open(config: &RealmConfig, store: &dyn Store, now_ms: i64) -> Result<Realm, StoreError> {
        let keys = KeyRing::open(config, store, now_ms).await?;
        let refresh_keys = RefreshKeys::open(config, store, now_ms).await?;
        let lifetime_secs = config.lifetime_secs.unwrap_or(config.issue.lifetime_secs);
        let refresh_lifetime_secs = config.refresh_lifetime_secs.or(config.issue.refresh_lifetime_secs);
        Ok(Realm {
            name: config.name.clone(),
            mount: config.mount.clone(),
            dialect: config.dialect.clone(),
            issue: config.issue.clone(),
            lifetime_secs,
            refresh_lifetime_secs,
            session_lifetime_secs: config
                .session_lifetime_secs
                .unwrap_or(USUAL_SESSION_SECS.max(lifetime_secs).max(refresh_lifetime_secs.unwrap_or_default())),
            identifiers: config.identifiers.clone(),
            keys,
            refresh_keys,
            names_key: config.names_key,
            leeway_secs: config.leeway_secs,
            rotate_every_secs: config.rotate_every_secs,
            issuer: config.issuer.clone(),
            origins: config.origins.clone(),
            password_scheme: config.password_scheme,
            password_policy: config.password_policy(),
            guarded: config.guarded.clone(),
            expose_password_hash: config.expose_password_hash,
            seen: Seen::default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Keys, SqliteStore};
    use relatch_dialects::{DOCUMENTS, Value};
    use tempfile::TempDir;
    use zeroize::Zeroizing;

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
        assert_eq!(first.keys.ids(), again.keys.ids());
        let stored = store.signing_keys("investgo", "HS512").await.unwrap();
        assert_eq!((stored.len(), stored[0].secret.len()), (1, 64));
        assert_ne!(stored[0].secret.as_slice(), [0; 64]);
        let other = Realm::open(&config("gatego"), &store, 3).await.unwrap();
        assert_ne!(first.keys.ids(), other.keys.ids());
    }

    #[tokio::test]
    async fn a_configured_secret_is_the_only_key() {
        let (store, _directory) = store().await;
        Realm::open(&config("gatego"), &store, 1).await.unwrap();
        let secret = Some(Zeroizing::new(vec![7; 32]));
        let realm = Realm::open(&RealmConfig { secret, ..config("gatego") }, &store, 1).await.unwrap();
        assert_eq!(realm.keys.ids(), ["configured"]);
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
