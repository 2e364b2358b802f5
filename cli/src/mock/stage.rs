//! The server behind a mock: one realm at the root, in a temporary directory.

use super::{failed, origins};
use crate::output::CommandError;
use axum::Router;
use axum::middleware::from_fn;
use relatch_dialects::Dialect;
use relatch_server::Server;
use relatch_server::account::NewAccount;
use relatch_server::clock::Clock;
use relatch_server::config::{Origins, RealmConfig};
use relatch_server::demo_accounts::{DEMO_PASSWORD, seed_demo};
use relatch_server::passwords::{PasswordScheme, Passwords};
use relatch_server::realm::Realm;
use relatch_server::services::MemoryOutbox;
use relatch_server::store::{Accounts as _, SqliteStore, Store};
use std::sync::Arc;
use tempfile::TempDir;
use tokio::net::TcpListener;

/// A mock that is ready to answer.
pub(super) struct Stage {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) lifetime_secs: u64,
    /// The password of every account, where they have one in common.
    pub(super) password: Option<&'static str>,
    pub(super) accounts: Vec<String>,
    pub(super) routes: Vec<String>,
    router: Router,
    store: SqliteStore,
    /// Removed when the stage is dropped.
    directory: TempDir,
}

/// Passwords hashed at once; more wait than any front end sends.
const PARALLEL: usize = 4;
const WAITING: usize = 1024;

const MANY: u32 = 100;

impl Stage {
    pub(super) async fn open(
        dialect: Dialect,
        users: &[(String, String)],
        lifetime_secs: Option<u64>,
    ) -> Result<Stage, CommandError> {
        let config = config(dialect, lifetime_secs)?;
        let directory = TempDir::new().map_err(|error| failed(&error))?;
        let store = SqliteStore::open(&directory.path().join("mock.db")).await.map_err(|error| failed(&error))?;
        let (clock, passwords) = (Clock::system(), Passwords::new(PARALLEL, WAITING));
        let realm = Realm::open(&config, &store, clock.now_ms()).await.map_err(|error| failed(&error))?;
        let realms = [realm];
        if users.is_empty() {
            seed_demo(&store, &passwords, &realms, clock.now_ms()).await.map_err(|error| failed(&error))?;
        } else {
            add(&store, &passwords, &config, users, clock.now_ms()).await?;
        }
        let accounts = store.list_accounts(&config.name, 0, MANY).await.map_err(|error| failed(&error))?;
        let shared: Arc<dyn Store> = Arc::new(store.clone());
        let outbox = Arc::new(MemoryOutbox::default());
        let server = Server::new(realms.into(), shared, passwords, clock, outbox).without_limits();
        Ok(Stage {
            name: config.name.clone(),
            title: config.dialect.title().into(),
            lifetime_secs: config.lifetime_secs.unwrap_or(config.issue.lifetime_secs),
            password: users.is_empty().then_some(DEMO_PASSWORD),
            accounts: accounts.iter().map(spelled).collect(),
            routes: routes(&config),
            router: relatch_server::router(server).layer(from_fn(origins::allow_local)),
            store,
            directory,
        })
    }

    /// Answers until the process is told to stop.
    pub(super) async fn serve(self, listener: TcpListener) -> Result<(), CommandError> {
        let service = self.router.clone().into_make_service_with_connect_info::<std::net::SocketAddr>();
        tokio::select! {
            served = async { axum::serve(listener, service).await } => served.map_err(|error| failed(&error))?,
            () = stopped() => {}
        }
        self.store.close().await;
        drop(self.directory);
        Ok(())
    }
}

fn config(dialect: Dialect, lifetime_secs: Option<u64>) -> Result<RealmConfig, CommandError> {
    let realm = RealmConfig::of(dialect).map_err(CommandError::Failed)?;
    Ok(RealmConfig {
        mount: String::new(),
        // Narrowed to pages of this machine by what stands around it.
        origins: Origins::Any,
        lifetime_secs,
        password_scheme: cheap(realm.password_scheme),
        ..realm
    })
}

/// Nobody has anything to protect here, and everybody wants it to start at once.
const fn cheap(usual: PasswordScheme) -> PasswordScheme {
    match usual {
        PasswordScheme::Argon2id { .. } => PasswordScheme::Argon2id { memory_kib: 8, passes: 1, lanes: 1 },
        PasswordScheme::Bcrypt { .. } => PasswordScheme::Bcrypt { cost: 4 },
    }
}

async fn add(
    store: &SqliteStore,
    passwords: &Passwords,
    config: &RealmConfig,
    users: &[(String, String)],
    now_ms: i64,
) -> Result<(), CommandError> {
    let mut accounts = Vec::new();
    for (name, password) in users {
        let hash = passwords.hash(password, config.password_scheme).await.map_err(|error| failed(&error))?;
        let mut account = NewAccount::new(&config.name, hash);
        let identifier = if name.contains('@') { &mut account.email } else { &mut account.username };
        *identifier = Some(name.clone());
        account.roles = config.issue.roles.first().map(|it| it.name.clone()).into_iter().collect();
        accounts.push(account);
    }
    store.create_accounts(&accounts, now_ms).await.map(drop).map_err(|error| failed(&error))
}

fn spelled(account: &relatch_server::account::Account) -> String {
    let names = [&account.username, &account.email].into_iter().flatten().cloned().collect::<Vec<_>>().join(", ");
    let state = match (account.enabled, account.validated) {
        (false, _) => ", disabled",
        (_, false) => ", not validated",
        _ => "",
    };
    format!("{names} ({}{state})", account.roles.join(", "))
}

fn routes(config: &RealmConfig) -> Vec<String> {
    let first = |it: relatch_dialects::Operation| {
        it.routes.first().map(|(method, path)| format!("{}: {method} {path}", it.name))
    };
    config.dialect.operations().filter_map(first).collect()
}

/// Interrupted, or told to end.
async fn stopped() {
    #[cfg(unix)]
    if let Ok(mut told) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = told.recv() => {}
        }
        return;
    }
    // Where no signal can be heard, the system ends the process itself.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
