//! Security headers, on every answer: none of them is a page, to be framed, sniffed, or told about to others.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

/// What browsers are told. `Strict-Transport-Security` is not here: it is true only where TLS is this server's own.
const HEADERS: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
];

/// The same answer with the headers that it lacks.
pub(super) async fn secured(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
