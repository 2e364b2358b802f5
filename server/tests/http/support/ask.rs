//! A request to be sent.

use super::Got;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Request};
use tower::ServiceExt;

pub(crate) struct Ask {
    router: Router,
    request: Request<Body>,
}

impl Ask {
    pub(crate) fn new(router: &Router, method: &str, path: &str) -> Ask {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).expect("a request");
        Ask { router: router.clone(), request }
    }

    /// Adds a header, beside those of the same name that are there.
    pub(crate) fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Ask {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
        let value = HeaderValue::from_bytes(value.as_ref()).expect("a value");
        self.request.headers_mut().append(name, value);
        self
    }

    pub(crate) fn bearer(self, token: &str) -> Ask {
        self.header("authorization", format!("Bearer {token}"))
    }

    pub(crate) fn json(self, json: serde_json::Value) -> Ask {
        self.body("application/json", json.to_string())
    }

    pub(crate) fn body(mut self, media_type: &str, body: impl Into<Body>) -> Ask {
        *self.request.body_mut() = body.into();
        if media_type.is_empty() { self } else { self.header("content-type", media_type) }
    }

    /// As if the connection came from that address.
    pub(crate) fn from(mut self, address: &str) -> Ask {
        let peer = std::net::SocketAddr::new(address.parse().expect("an address"), 4711);
        self.request.extensions_mut().insert(axum::extract::ConnectInfo(peer));
        self
    }

    pub(crate) async fn send(self) -> Got {
        let response = self.router.oneshot(self.request).await.expect("a response");
        Got::of(response).await
    }
}
