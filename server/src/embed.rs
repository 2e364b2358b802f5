//! A router from a configuration alone, for programs that have nothing to add in between.

use crate::clock::Clock;
use crate::config::Config;
use crate::services::Server;
use crate::store::{SqliteStore, StoreError};
use axum::{Extension, Router};
use std::sync::Arc;

/// Opens the configuration's database and realms, and answers for them: what [`Server::open`] and
/// [`router`](crate::router) do, in one step. `listen`, `[log]`, `[admin]` and `[tls]` are the program's own business.
/// The server's [`upkeep`](Server::upkeep) runs beside it until the router and its clones are dropped, those that answer
/// requests included.
///
/// ```no_run
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use relatch_server::config::{Config, Environment};
///
/// let config = Config::load("relatch.toml".as_ref(), &Environment::of_process())?;
/// let app: axum::Router = axum::Router::new().nest_service("/auth", relatch_server::router_of(&config).await?);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`StoreError`] if the database cannot be opened or used.
pub async fn router_of(config: &Config) -> Result<Router, StoreError> {
    let store = SqliteStore::open(&config.database).await?;
    let server = Server::open(config, Arc::new(store), Clock::system()).await?;
    // The router holds it, and with it goes the last who could ask for a kept house.
    let upkeep = Arc::new(server.start_upkeep());
    Ok(crate::router(server).layer(Extension(upkeep)))
}
