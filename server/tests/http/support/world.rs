//! A server in process.

use super::ask::Ask;
use super::jwt::secret_of;
use super::{Got, log, speech};
use axum::Router;
use relatch_dialects::{DOCUMENTS, Dialect, Value};
use relatch_server::account::{Account, IdentifierKind};
use relatch_server::clock::Clock;
use relatch_server::config::{Guard, Origins, RealmConfig};
use relatch_server::demo_accounts::{DEMO_PASSWORD, seed_demo};
use relatch_server::limits::LimitConfig;
use relatch_server::passwords::{PasswordScheme, Passwords};
use relatch_server::realm::Realm;
use relatch_server::services::{MemoryOutbox, Outbox};
use relatch_server::store::{Accounts, SqliteStore};
use relatch_server::{Server, router};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// The password of every account.
pub(crate) const PASSWORD: &str = DEMO_PASSWORD;

/// The origin that every realm admits.
pub(crate) const ORIGIN: &str = "https://app.example.com";

/// When it is in every test that does not move the clock: 2026-03-05T10:15:30Z.
const NOW_MS: i64 = 1_772_705_730_000;

/// The five realms under their names, with the demo accounts, and `/admin` for the highest role.
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) store: SqliteStore,
    pub(crate) outbox: Arc<MemoryOutbox>,
    pub(crate) server: Server,
    router: Router,
    realms: Vec<Realm>,
    directory: TempDir,
}

/// Another server over the same store.
pub(crate) struct Twin(Router);

impl Twin {
    pub(crate) const fn of(router: Router) -> Twin {
        Twin(router)
    }

    pub(crate) fn get(&self, path: &str) -> Ask {
        Ask::new(&self.0, "GET", path)
    }

    pub(crate) fn post(&self, path: &str) -> Ask {
        Ask::new(&self.0, "POST", path)
    }
}

impl World {
    pub(crate) async fn new() -> World {
        World::with(|_| {}).await
    }

    /// The same after `edit` has changed each realm's configuration.
    pub(crate) async fn with(edit: impl Fn(&mut RealmConfig)) -> World {
        log::start();
        let directory = tempfile::tempdir().expect("a directory");
        let store = SqliteStore::open(&directory.path().join("test.db")).await.expect("a database");
        let (clock, passwords) = (Clock::manual(NOW_MS), Passwords::new(4, 64));
        let mut realms = Vec::new();
        for (_, document) in DOCUMENTS {
            let mut config = config(document);
            edit(&mut config);
            realms.push(Realm::open(&config, &store, NOW_MS).await.expect("a realm"));
        }
        seed_demo(&store, &passwords, &realms, NOW_MS).await.expect("accounts");
        let outbox = Arc::new(MemoryOutbox::default());
        let (shared, letters) = (Arc::new(store.clone()), Arc::clone(&outbox) as _);
        let server = Server::new(realms.clone(), shared, passwords, clock.clone(), letters).without_limits();
        let router = router(server.clone());
        World { server, clock, store, outbox, router, realms, directory }
    }

    /// A server over the same store with another password pool and outbox.
    pub(crate) fn served_by(&self, passwords: Passwords, outbox: Arc<dyn Outbox>) -> Twin {
        let store = Arc::new(self.store.clone());
        Twin(router(Server::new(self.realms.clone(), store, passwords, self.clock.clone(), outbox).without_limits()))
    }

    /// The database's file.
    pub(crate) fn file(&self) -> PathBuf {
        self.directory.path().join("test.db")
    }

    /// A copy of the database as it is now.
    pub(crate) async fn back_up(&self, name: &str) -> PathBuf {
        let copy = self.directory.path().join(name);
        let sql = sqlx::AssertSqlSafe(format!("VACUUM INTO '{}'", copy.display()));
        self.edit(sql).await;
        copy
    }

    /// A server over that copy.
    pub(crate) async fn restored(&self, copy: &Path) -> (Twin, SqliteStore) {
        let store = SqliteStore::open(copy).await.expect("a database");
        let (shared, passwords, letters) = (Arc::new(store.clone()), Passwords::new(4, 64), Arc::clone(&self.outbox));
        let server = Server::new(self.realms.clone(), shared, passwords, self.clock.clone(), letters).without_limits();
        (Twin(router(server)), store)
    }

    /// Does to the database what another program could do.
    pub(crate) async fn edit(&self, sql: impl sqlx::SqlSafeStr) {
        let pool = sqlx::SqlitePool::connect(self.file().to_str().expect("text")).await.expect("a connection");
        sqlx::raw_sql(sql).execute(&pool).await.expect("the statement");
        pool.close().await;
    }

    /// A server over the same store with limits on failed logins, which takes up what is written in it.
    pub(crate) async fn limited(&self, limits: LimitConfig) -> (Server, Twin) {
        let (store, letters) = (Arc::new(self.store.clone()), Arc::clone(&self.outbox) as _);
        let server = Server::new(self.realms.clone(), store, Passwords::new(2, 64), self.clock.clone(), letters);
        let server = server.with_limits(limits);
        server.restore_limits().await.expect("the store");
        (server.clone(), Twin(router(server)))
    }

    /// A server of one more realm over the same store, beside the demo's accounts in it.
    pub(crate) async fn speaking(&self, document: &serde_json::Value) -> Twin {
        let realm = Realm::open(&config(&document.to_string()), &self.store, NOW_MS).await.expect("a realm");
        seed_demo(&self.store, &Passwords::new(2, 8), std::slice::from_ref(&realm), NOW_MS).await.expect("accounts");
        let (store, letters) = (Arc::new(self.store.clone()), Arc::clone(&self.outbox) as _);
        let server = Server::new(vec![realm], store, Passwords::new(2, 64), self.clock.clone(), letters);
        Twin(router(server.without_limits()))
    }

    pub(crate) const fn server(&self) -> &Server {
        &self.server
    }

    pub(crate) const fn router(&self) -> &Router {
        &self.router
    }

    pub(crate) fn get(&self, path: &str) -> Ask {
        self.ask("GET", path)
    }

    pub(crate) fn post(&self, path: &str) -> Ask {
        self.ask("POST", path)
    }

    pub(crate) fn ask(&self, method: &str, path: &str) -> Ask {
        Ask::new(&self.router, method, path)
    }

    /// Asks a realm for a login by username.
    pub(crate) async fn login(&self, realm: &str, username: &str, password: &str) -> Got {
        let speech = speech(realm);
        self.post(&speech.login_path()).json(speech.credentials(username, password)).send().await
    }

    /// Logs in; the access token. It has been shown once, so that whatever a test does next is done to a token that the
    /// server has seen and may remember.
    pub(crate) async fn token(&self, realm: &str, username: &str) -> String {
        let token = self.unseen_token(realm, username).await;
        assert_eq!(self.profile(realm, &token).await.status, 200, "{realm}: a new token");
        token
    }

    /// The same, of a token that the server has not seen.
    pub(crate) async fn unseen_token(&self, realm: &str, username: &str) -> String {
        let got = self.login(realm, username, PASSWORD).await;
        got.text(speech(realm).token)
    }

    /// Asks for the profile with a token, twice: what the server remembers of a token must not change what it says.
    pub(crate) async fn profile(&self, realm: &str, token: &str) -> Got {
        let ask = || self.get(&speech(realm).profile_path()).bearer(token).send();
        let (first, second) = (ask().await, ask().await);
        assert_eq!((first.status, first.body.len()), (second.status, second.body.len()), "{realm}: at second sight");
        second
    }

    /// The stored account of that name.
    pub(crate) async fn account(&self, realm: &str, username: &str) -> Account {
        let found = self.store.find_account(realm, &[IdentifierKind::Username], username).await;
        found.expect("the store").expect("the account")
    }

    pub(crate) async fn set_enabled(&self, realm: &str, username: &str, enabled: bool) {
        let account = self.account(realm, username).await;
        assert!(self.store.set_enabled(account.id, enabled, self.clock.now_ms()).await.expect("the store"));
    }

    pub(crate) fn advance_secs(&self, secs: i64) {
        self.clock.advance_ms(secs * 1000);
    }
}

fn config(document: &str) -> RealmConfig {
    let json: serde_json::Value = serde_json::from_str(document).expect("JSON");
    let dialect = Dialect::load(&Value::from(&json)).expect("a dialect");
    let realm = RealmConfig::of(dialect).expect("an issuing dialect");
    RealmConfig {
        secret: Some(secret_of(&realm.name)),
        origins: Origins::These(vec![ORIGIN.into()]),
        guarded: vec![Guard { path: "/admin".into(), roles: vec![realm.issue.roles[0].name.clone()] }],
        password_scheme: cheap(realm.password_scheme),
        ..realm
    }
}

fn cheap(usual: PasswordScheme) -> PasswordScheme {
    match usual {
        PasswordScheme::Argon2id { .. } => PasswordScheme::Argon2id { memory_kib: 8, passes: 1, lanes: 1 },
        PasswordScheme::Bcrypt { .. } => PasswordScheme::Bcrypt { cost: 4 },
    }
}
