//! Everything that a reset replaces: the database with its accounts, the realms with their keys, the faults.

use super::faults::{Faults, apply};
use super::{DemoOptions, realms};
use crate::clock::Clock;
use crate::demo_accounts::{SeedError, seed_demo};
use crate::http::{Answering, router_with};
use crate::passwords::Passwords;
use crate::realm::Realm;
use crate::services::{MemoryOutbox, Server};
use crate::store::{SqliteStore, Store, StoreError};
use axum::Router;
use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use std::path::Path;
use std::sync::Arc;
use tower::ServiceExt;

/// Why the demo could not be started.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The address is taken, or a directory cannot be used.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The accounts could not be made.
    #[error(transparent)]
    Seed(#[from] SeedError),
    /// A dialect document is faulty.
    #[error("{0}")]
    Dialect(String),
}

/// A demo's inside.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) server: Server,
    pub(super) faults: Vec<Arc<Faults>>,
    pub(super) outbox: Arc<MemoryOutbox>,
    pub(super) routes: Router,
    store: SqliteStore,
}

/// Passwords hashed at once; more wait than any demo sends.
const PARALLEL: usize = 4;
const WAITING: usize = 1024;

const DATABASE: &str = "demo.db";

impl Stage {
    /// Opens the database in that directory, or makes it; accounts that are missing are made.
    pub(super) async fn open(directory: &Path, options: &DemoOptions) -> Result<Stage, DemoError> {
        let (clock, passwords) = (Clock::system(), Passwords::new(PARALLEL, WAITING));
        let store = SqliteStore::open(&directory.join(DATABASE)).await?;
        let mut opened = Vec::new();
        for config in realms::configs(options).map_err(DemoError::Dialect)? {
            opened.push(Realm::open(&config, &store, clock.now_ms()).await?);
        }
        seed_demo(&store, &passwords, &opened, clock.now_ms()).await?;
        let outbox = Arc::new(MemoryOutbox::default());
        let shared: Arc<dyn Store> = Arc::new(store.clone());
        let server = Server::new(opened, shared, passwords, clock.clone(), Arc::clone(&outbox) as _);
        server.restore_limits().await?;
        let faults: Vec<_> = server.realms().iter().map(|realm| Arc::new(Faults::new(realm, &clock))).collect();
        let routes = router_with(&server, |realm, answering| with_faults(&faults, realm, answering));
        Ok(Stage { server, faults, outbox, routes, store })
    }

    /// The realm of that name.
    pub(super) fn find(&self, name: &str) -> Option<&Arc<Faults>> {
        self.faults.iter().find(|it| it.realm.name == name)
    }

    /// Closes the database and removes it. Requests that still run fail.
    pub(super) async fn strike(&self, directory: &Path) -> Result<(), DemoError> {
        self.store.close().await;
        for suffix in ["", "-wal", "-shm"] {
            match tokio::fs::remove_file(directory.join(format!("{DATABASE}{suffix}"))).await {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        Ok(())
    }

    pub(super) async fn close(&self) {
        self.server.settle().await;
        self.store.close().await;
    }
}

fn with_faults(faults: &[Arc<Faults>], realm: &Arc<Realm>, answering: Answering) -> Answering {
    match faults.iter().find(|it| it.realm.name == realm.name).cloned() {
        Some(faults) => {
            let answering = Router::new().fallback(move |request: Request| answering(request));
            let routes = answering.layer(from_fn_with_state(faults, apply));
            Arc::new(move |request| {
                let answer = routes.clone().oneshot(request);
                Box::pin(async move { answer.await.into_response() })
            })
        }
        None => answering,
    }
}
