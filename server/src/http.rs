//! HTTP: reads requests by a realm's dialect, has a service act, and writes the answer by the same dialect. No decision
//! is made here beyond what HTTP itself asks for: paths, methods, sizes and media types.

mod attempt;
mod cors;
mod endpoint;
mod exchange;
mod forward;
pub mod guard;
mod headers;
mod limit_headers;
mod mount;
mod operations;
mod peer;
mod reading;
mod receive;
mod routes;
mod sentence;
mod well_known;

pub(crate) use exchange::{Exchange, Told, TraceId};

use crate::metrics::Metrics;
use crate::realm::Realm;
use crate::services::Server;
use axum::Router;
use endpoint::Endpoint;
use mount::Mount;
use std::sync::Arc;

/// Answers for every realm under its mount: each dialect's operations, the guarded endpoints, and their CORS.
/// A path outside every mount is a plain 404.
///
/// The router holds no listener: serve it with `axum::serve`, or call it in process.
pub fn router(server: Server) -> Router {
    router_with(&server, |_, routes| routes)
}

/// The same, counted.
pub(crate) fn observed_router(server: &Server, metrics: &Metrics) -> Router {
    router_with(server, |realm, routes| metrics.around(realm, routes))
}

/// The same, with something of the caller's own around each realm, inside its CORS layer.
pub(crate) fn router_with(server: &Server, wrap: impl Fn(&Arc<Realm>, Router) -> Router) -> Router {
    let mounted = |realm: &Arc<Realm>| {
        let routes = wrap(realm, Endpoint::routes(server, realm));
        Mount { prefix: realm.mount.clone(), routes: routes.layer(cors::layer(&realm.origins)) }
    };
    let mut routes = mount::dispatch(server.realms().iter().map(mounted).collect());
    for realm in server.realms() {
        routes = routes.merge(wrap(realm, forward::routes(server, realm)).layer(cors::layer(&realm.origins)));
    }
    routes.layer(axum::middleware::map_response(headers::secured))
}

/// Reads a media type and a body as an operation's are read.
pub(crate) fn fuzzed_body(media_type: &[u8], body: &[u8]) {
    let mut headers = axum::http::HeaderMap::new();
    if let Ok(value) = axum::http::HeaderValue::from_bytes(media_type) {
        headers.insert(axum::http::header::CONTENT_TYPE, value);
    }
    let _ = receive::json(&headers, body);
}
