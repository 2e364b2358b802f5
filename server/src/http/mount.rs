//! Which realm a path belongs to.

use super::{Answering, headers, receive};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// A realm under its prefix.
pub(super) struct Mount {
    pub(super) prefix: String,
    pub(super) answering: Answering,
}

/// Each request to the mount with the longest prefix of its path.
///
/// Not axum's `nest`: that rewrites the path, joins the fallbacks of nested routers with the outer one's, and does not
/// take an empty prefix, while every realm here answers for all that is below its mount.
pub(super) fn dispatch(mut mounts: Vec<Mount>) -> Router {
    mounts.sort_by_key(|it| std::cmp::Reverse(it.prefix.len()));
    let mounts: Arc<[Mount]> = mounts.into();
    Router::new().fallback(move |request: Request| {
        let found = mounts.iter().find(|it| below(request.uri().path(), &it.prefix).is_some());
        match found {
            Some(mount) => (mount.answering)(request),
            None => Box::pin(nowhere(request.into_body())),
        }
    })
}

/// The path below a prefix: what is left of `/gatego/me` below `/gatego` is `/me`, and `/gategoat` is not below it.
pub(super) fn below<'a>(path: &'a str, prefix: &str) -> Option<&'a str> {
    path.strip_prefix(prefix).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

async fn nowhere(body: Body) -> Response {
    receive::drain(body).await;
    let json = [(header::CONTENT_TYPE, "application/json")];
    headers::with_security((StatusCode::NOT_FOUND, json, r#"{"error":"not-found"}"#).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_ends_at_a_segment() {
        assert_eq!(below("/gatego/me", "/gatego"), Some("/me"));
        assert_eq!(below("/gatego", "/gatego"), Some(""));
        assert_eq!(below("/gategoat/me", "/gatego"), None);
        assert_eq!(below("/me", ""), Some("/me"));
    }
}
