//! `serve`: answers requests until it is told to stop.

mod log;
mod stop;

use super::Outcome;
use crate::clock::Clock;
use crate::config::Config;
use crate::services::Server;
use crate::store::{SqliteStore, Store};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// How long requests may take to end once the server was told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// How often sessions are forgotten that nobody can use any more.
const PURGE_EVERY: Duration = Duration::from_secs(3600);

/// How long an expired session is kept, for whoever looks into the database.
const KEPT_MS: i64 = 24 * 3600 * 1000;

pub(super) async fn serve(config: &Config) -> Outcome {
    log::start(&config.log);
    let store = SqliteStore::open(&config.database).await?;
    let server = Server::open(config, Arc::new(store.clone()), Clock::system()).await?;
    let listener = TcpListener::bind(config.listen).await?;
    // Before anybody can know that the server is there.
    let stopping = stop::Stop::listen()?;
    tracing::info!(url = %format!("http://{}", listener.local_addr()?), "listening");
    let purge = tokio::spawn(purge(store.clone(), Clock::system()));
    let overdue = stopping.overdue(GRACE);
    let routes = crate::router(server.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, routes).with_graceful_shutdown(stopping.asked());
    tokio::select! {
        served = serving => served?,
        () = overdue => tracing::warn!("stopped with requests under way"),
    }
    purge.abort();
    server.settle().await;
    store.close().await;
    tracing::info!("stopped");
    Ok(())
}

async fn purge(store: SqliteStore, clock: Clock) {
    let store: &dyn Store = &store;
    let mut hours = tokio::time::interval(PURGE_EVERY);
    loop {
        hours.tick().await;
        match store.purge_sessions(clock.now_ms().saturating_sub(KEPT_MS)).await {
            Ok(count) => tracing::debug!(count, "expired sessions forgotten"),
            Err(error) => tracing::warn!(%error, "expired sessions could not be forgotten"),
        }
    }
}
