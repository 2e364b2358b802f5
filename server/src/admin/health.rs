//! Whether the server lives, and whether it should get requests.

use super::Admin;
use super::document::Refusals;
use super::problem::Problem;
use crate::store::Store;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use utoipa::ToSchema;

/// Longer than a healthy database takes for anything so small.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the probes ask. Clones share it.
#[derive(Clone)]
pub(crate) struct Health {
    store: Arc<dyn Store>,
    stopping: Arc<AtomicBool>,
}

impl Health {
    pub(crate) fn new(store: Arc<dyn Store>) -> Health {
        Health { store, stopping: Arc::default() }
    }

    /// From now on it is not ready, so that a balancer sends requests elsewhere while those under way are finished.
    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
    }

    /// `/healthz`: the process answers. `/readyz`: it is not stopping, and the database answers.
    pub(crate) fn routes(&self) -> Router {
        Router::new()
            .route("/healthz", get(|| async { "ok\n" }))
            .route("/readyz", get(readiness))
            .with_state(self.clone())
    }

    async fn fault(&self) -> Option<&'static str> {
        if self.stopping.load(Ordering::SeqCst) {
            return Some("stopping");
        }
        match tokio::time::timeout(PATIENCE, self.store.ping()).await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "not ready");
                Some("the database cannot be used")
            }
            Err(_) => Some("the database does not answer in time"),
        }
    }
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Health").field("stopping", &self.stopping).finish_non_exhaustive()
    }
}

async fn readiness(State(health): State<Health>) -> (StatusCode, String) {
    match health.fault().await {
        None => (StatusCode::OK, "ready\n".into()),
        Some(fault) => (StatusCode::SERVICE_UNAVAILABLE, format!("{fault}\n")),
    }
}

/// How the server is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Report {
    version: &'static str,
    /// Always true: otherwise the answer is a 503.
    ready: bool,
}

/// Tells whether the server is ready for requests.
#[utoipa::path(get, path = "/v1/health", tag = "health", responses((status = 200, body = Report), Refusals))]
pub(super) async fn report(State(admin): State<Admin>) -> Result<Json<Report>, Problem> {
    match admin.health.fault().await {
        None => Ok(Json(Report { version: env!("CARGO_PKG_VERSION"), ready: true })),
        Some(fault) => Err(Problem::of_status(StatusCode::SERVICE_UNAVAILABLE, fault)),
    }
}
