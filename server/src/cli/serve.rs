//! `serve`: answers requests until it is told to stop.

mod listening;
mod log;
mod stop;
mod tls;
#[cfg(feature = "otlp")]
mod traces;

use super::{CommandError, Outcome};
use crate::admin::Health;
use crate::clock::Clock;
use crate::config::Config;
use crate::http;
use crate::metrics::Metrics;
use crate::services::Server;
use crate::store::SqliteStore;
use axum_server::tls_rustls::RustlsConfig;
use listening::Listening;
use std::sync::Arc;
use std::time::Duration;

/// How long requests may take to end once the server was told to stop.
const GRACE: Duration = Duration::from_secs(10);

pub(super) async fn serve(config: &Config) -> Outcome {
    let _traces = log::start(&config.log)?;
    let store = SqliteStore::open(&config.database).await?;
    let server = Server::open(config, Arc::new(store.clone()), Clock::system()).await?;
    let (metrics, health) = (Metrics::new(), Health::new(Arc::new(store.clone())));
    let tls = tls::load(config.tls.as_ref()).await?;
    let users = health.routes().merge(http::observed_router(&server, &metrics));
    let users = Listening::on(config.listen, tls.clone(), users).await?;
    let admin = administration(config, &server, &metrics, &health, tls).await?;
    // Before anybody can know that the server is there.
    let stopping = stop::Stop::listen()?;
    tracing::info!(url = users.url()?, "listening");
    if let Some(admin) = &admin {
        tracing::info!(admin = admin.url()?, "the admin API is listening");
    }
    let upkeep = server.start_upkeep();
    let handles: Vec<_> = std::iter::once(&users).chain(&admin).map(Listening::handle).collect();
    let told = tokio::spawn(async move {
        stopping.asked().await;
        health.stop();
        handles.iter().for_each(|it| it.graceful_shutdown(Some(GRACE)));
    });
    let administering = async {
        match admin {
            Some(admin) => admin.serve().await,
            None => Ok(()),
        }
    };
    tokio::try_join!(users.serve(), administering)?;
    told.abort();
    // It may be amid a round, which must not find the store closed.
    upkeep.stop().await;
    server.settle().await;
    store.close().await;
    tracing::info!("stopped");
    Ok(())
}

async fn administration(
    config: &Config,
    server: &Server,
    metrics: &Metrics,
    health: &Health,
    tls: Option<RustlsConfig>,
) -> Result<Option<Listening>, CommandError> {
    let Some(admin) = &config.admin else { return Ok(None) };
    let router = crate::admin::router(admin, server, &config.realms, metrics, health);
    Ok(Some(Listening::on(admin.listen, tls, router).await?))
}
