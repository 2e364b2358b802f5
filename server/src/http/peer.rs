//! Where a request comes from.

use crate::limits::client_address;
use crate::services::Server;
use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use std::net::{IpAddr, SocketAddr};

/// The client's address; `None` where whoever serves the router does not tell the connection's
/// (`into_make_service_with_connect_info`).
pub(super) fn address(server: &Server, parts: &Parts) -> Option<IpAddr> {
    let ConnectInfo(peer) = parts.extensions.get::<ConnectInfo<SocketAddr>>()?;
    Some(client_address(server.limits.as_ref()?.config(), peer.ip(), &parts.headers))
}
