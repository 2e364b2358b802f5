//! Security headers, on every answer: none of them is a page, to be framed, sniffed, or told about to others.

use super::Answering;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use std::sync::Arc;

/// What browsers are told. `Strict-Transport-Security` is not here: it is true only where TLS is this server's own.
const HEADERS: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
];

/// The same answers with the headers that they lack.
pub(super) fn secured(answering: Answering) -> Answering {
    Arc::new(move |request| {
        let answer = answering(request);
        Box::pin(async move { with_security(answer.await) })
    })
}

pub(super) fn with_security(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
