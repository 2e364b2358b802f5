//! `serve`: answers requests until it is told to stop.

mod log;
mod stop;

use super::Outcome;
use crate::clock::Clock;
use crate::config::Config;
use crate::services::Server;
use crate::store::SqliteStore;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// How long requests may take to end once the server was told to stop.
const GRACE: Duration = Duration::from_secs(10);

pub(super) async fn serve(config: &Config) -> Outcome {
    log::start(&config.log);
    let store = SqliteStore::open(&config.database).await?;
    let server = Server::open(config, Arc::new(store.clone()), Clock::system()).await?;
    let listener = TcpListener::bind(config.listen).await?;
    // Before anybody can know that the server is there.
    let stopping = stop::Stop::listen()?;
    tracing::info!(url = %format!("http://{}", listener.local_addr()?), "listening");
    let keeper = server.clone();
    let upkeep = tokio::spawn(async move { keeper.upkeep().await });
    let tending = tokio::spawn(server.clone().tend_keys());
    let overdue = stopping.overdue(GRACE);
    let routes = crate::router(server.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, routes).with_graceful_shutdown(stopping.asked());
    tokio::select! {
        served = serving => served?,
        () = overdue => tracing::warn!("stopped with requests under way"),
    }
    tending.abort();
    // It may be amid a round, which must not find the store closed.
    let _ = tending.await;
    upkeep.abort();
    server.settle().await;
    store.close().await;
    tracing::info!("stopped");
    Ok(())
}
