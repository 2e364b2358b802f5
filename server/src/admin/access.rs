//! Who may ask: the bearer of the token (RFC 6750 section 2.1).

use super::problem::Problem;
use crate::audit::{Actor, Channel};
use crate::config::AdminConfig;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// The one token and its name.
pub(super) struct Access {
    name: String,
    /// A hash, so that tokens of every length are compared in the same time.
    token: [u8; 32],
}

impl Access {
    pub(super) fn new(config: &AdminConfig) -> Access {
        Access { name: config.name.clone(), token: Sha256::digest(config.token.as_slice()).into() }
    }

    fn admits(&self, headers: &HeaderMap) -> bool {
        let mut given = headers.get_all(header::AUTHORIZATION).iter();
        let (Some(value), None) = (given.next(), given.next()) else { return false };
        let Some((scheme, token)) = value.to_str().ok().and_then(|it| it.split_once(' ')) else { return false };
        let same: bool = <[u8; 32]>::from(Sha256::digest(token)).ct_eq(&self.token).into();
        scheme.eq_ignore_ascii_case("bearer") && same
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Lets a request through with who sent it, or answers 401.
pub(super) async fn ask(State(access): State<Arc<Access>>, mut request: Request, next: Next) -> Response {
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|it| it.0.ip().to_string());
    if !access.admits(request.headers()) {
        tracing::warn!(address, method = %request.method(), path = ?request.uri().path(), "an admin request without the token");
        return Problem::unauthorized().into_response();
    }
    let actor = Actor { channel: Channel::AdminApi, name: access.name.clone(), address };
    request.extensions_mut().insert(actor);
    next.run(request).await
}
