//! CORS, outermost, so that a browser can read refusals and failures too.

use super::Answering;
use super::attempt::ATTEMPT;
use super::limit_headers::{RATE_LIMIT, RATE_LIMIT_POLICY};
use crate::config::Origins;
use crate::realm::Realm;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::response::Response;
use relatch_dialects::codec::header_names;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tower::{Layer, ServiceExt, service_fn};
use tower_http::cors::{AllowOrigin, Any, CorsLayer};

/// How long a browser may remember a preflight: two hours, the most that Chromium does.
const MAX_AGE: Duration = Duration::from_secs(7200);

/// The same answers with what browsers need, and those to preflights.
pub(super) fn around(realm: &Realm, answering: Answering) -> Answering {
    let service = layer(realm).layer(service_fn(move |request| {
        let answer = answering(request);
        async move { Ok::<Response, Infallible>(answer.await) }
    }));
    Arc::new(move |request| {
        let answer = service.clone().oneshot(request);
        Box::pin(async move {
            match answer.await {
                Ok(response) => response,
                Err(never) => match never {},
            }
        })
    })
}

/// The layer for a realm. Credentials in the sense of CORS (cookies) stay off: tokens travel in a header that the
/// client sets itself.
fn layer(realm: &Realm) -> CorsLayer {
    let (asked, said) = header_names(&realm.dialect);
    let layer = CorsLayer::new()
        .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers(with(
            &[header::AUTHORIZATION, header::CONTENT_TYPE, HeaderName::from_static("organization_id"), ATTEMPT],
            &asked,
        ))
        .expose_headers(with(&[header::RETRY_AFTER, ATTEMPT, RATE_LIMIT, RATE_LIMIT_POLICY], &said))
        .max_age(MAX_AGE);
    match &realm.origins {
        Origins::Any => layer.allow_origin(Any),
        Origins::These(list) => {
            let values = list.iter().filter_map(|origin| HeaderValue::from_str(origin).ok());
            layer.allow_origin(AllowOrigin::list(values))
        }
    }
}

/// These, and what the dialect names beside them.
fn with(usual: &[HeaderName], named: &[String]) -> Vec<HeaderName> {
    let mut all = usual.to_vec();
    for name in named.iter().filter_map(|it| HeaderName::from_bytes(it.as_bytes()).ok()) {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}
