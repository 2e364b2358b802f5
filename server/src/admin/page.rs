//! The page by which the API is read and tried, and the document that it reads. Three small files of our own: no
//! framework, nothing fetched from anywhere else, nothing inline, so that the strictest policy holds.

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use utoipa::openapi::OpenApi;

const HTML: &str = include_str!("page/index.html");
const SCRIPT: &str = include_str!("page/page.js");
const STYLE: &str = include_str!("page/page.css");

/// Neither tells anything about this deployment, so that neither asks for the token.
pub(super) fn routes(document: &OpenApi) -> Router {
    let document = document.to_json().unwrap_or_default();
    Router::new()
        .route("/", get(|| async { typed("text/html; charset=utf-8", HTML) }))
        .route("/page.js", get(|| async { typed("text/javascript; charset=utf-8", SCRIPT) }))
        .route("/page.css", get(|| async { typed("text/css; charset=utf-8", STYLE) }))
        .route("/openapi.json", get(move || async move { typed("application/json", document) }))
}

fn typed(media_type: &'static str, body: impl IntoResponse) -> Response {
    ([(header::CONTENT_TYPE, media_type)], body).into_response()
}

/// The headers of every answer of the admin listener.
pub(super) async fn secured(mut response: Response) -> Response {
    let policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'; \
                  base-uri 'none'; frame-ancestors 'none'";
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
