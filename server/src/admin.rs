//! The admin API: what the command line does to accounts, over HTTP, on a listener and with a token of its own. It
//! calls the same acts (`audit`) and the same checks as the commands, and holds no rule of its own.
//!
//! The OpenAPI document is made from the handlers (`/openapi.json`), and `/` is a page to read and try it by.
//!
//! How to add an operation: a handler with `#[utoipa::path]`, and its name in `operations`.

mod access;
mod audit;
mod document;
mod extract;
mod health;
mod model;
mod page;
mod problem;
mod realms;
mod sessions;
mod users;

pub(crate) use health::Health;

use crate::config::{AdminConfig, RealmConfig};
use crate::metrics::Metrics;
use crate::services::Server;
use access::Access;
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use problem::Problem;
use std::sync::Arc;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// More than an account with all its fields needs.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// What the handlers work with. Clones share it.
#[derive(Clone, Debug)]
struct Admin {
    server: Server,
    realms: Arc<[RealmConfig]>,
    metrics: Metrics,
    health: Health,
}

/// The admin API of a server: `realms` are those of its configuration.
pub(crate) fn router(
    config: &AdminConfig,
    server: &Server,
    realms: &[RealmConfig],
    metrics: &Metrics,
    health: &Health,
) -> Router {
    let admin =
        Admin { server: server.clone(), realms: realms.into(), metrics: metrics.clone(), health: health.clone() };
    let (operations, document) = operations();
    let access = Arc::new(Access::new(config));
    let guarded = operations
        .route("/metrics", axum::routing::get(|State(admin): State<Admin>| async move { admin.metrics }))
        .fallback(|| async { Problem::not_found("there is nothing at this path") })
        .method_not_allowed_fallback(|| async { Problem::method_not_allowed() })
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(axum::middleware::from_fn_with_state(access, access::ask))
        .with_state(admin);
    page::routes(&document)
        .merge(health.routes())
        .fallback_service(guarded)
        .layer(axum::middleware::map_response(page::secured))
}

fn operations() -> (Router<Admin>, OpenApi) {
    OpenApiRouter::with_openapi(document::base())
        .routes(routes!(realms::list))
        .routes(routes!(users::list, users::add))
        .routes(routes!(users::show, users::delete))
        .routes(routes!(users::disable))
        .routes(routes!(users::enable))
        .routes(routes!(users::set_password))
        .routes(routes!(sessions::list, sessions::sign_out))
        .routes(routes!(sessions::end))
        .routes(routes!(audit::read))
        .routes(routes!(health::report))
        .split_for_parts()
}
