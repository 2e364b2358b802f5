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
mod profiles;
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
use axum::extract::Request;
use axum::response::Response;
use axum::routing::any;
use endpoint::Endpoint;
use mount::Mount;
use std::pin::Pin;
use std::sync::Arc;

/// What answers a request: a realm's endpoint, and each thing that stands around it. Not a `Router`, of which each layer
/// boxes and clones what is inside at every request: together that cost more than all else that a verified request needs.
pub(crate) type Answering = Arc<dyn Fn(Request) -> Pin<Box<dyn Future<Output = Response> + Send>> + Send + Sync>;

/// Answers for every realm under its mount: each dialect's operations, the guarded endpoints, and their CORS.
/// A path outside every mount is a plain 404.
///
/// The router holds no listener: serve it with `axum::serve`, or call it in process.
pub fn router(server: Server) -> Router {
    router_with(&server, |_, answering| answering)
}

/// The same, counted.
pub(crate) fn observed_router(server: &Server, metrics: &Metrics) -> Router {
    router_with(server, |realm, answering| metrics.around(realm, answering))
}

/// The same, with something of the caller's own around each realm, inside its CORS.
pub(crate) fn router_with(server: &Server, wrap: impl Fn(&Arc<Realm>, Answering) -> Answering) -> Router {
    let open = |realm: &Arc<Realm>, answering| headers::secured(cors::around(realm, wrap(realm, answering)));
    let mounted = |realm: &Arc<Realm>| Mount {
        prefix: realm.mount.clone(),
        answering: open(realm, Endpoint::answering(server, realm)),
    };
    let mut routes = mount::dispatch(server.realms().iter().map(mounted).collect());
    for realm in server.realms() {
        let answering = open(realm, forward::answering(server, realm));
        routes = routes.route(&forward::path(realm), any(move |request: Request| answering(request)));
    }
    routes
}

/// Reads a media type and a body as an operation's are read.
pub(crate) fn fuzzed_body(media_type: &[u8], body: &[u8]) {
    let mut headers = axum::http::HeaderMap::new();
    if let Ok(value) = axum::http::HeaderValue::from_bytes(media_type) {
        headers.insert(axum::http::header::CONTENT_TYPE, value);
    }
    let _ = receive::json(&headers, body);
}
