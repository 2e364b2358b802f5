//! The guard as a tower layer.

use super::Protect;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use tower::{Layer, Service, ServiceExt};

/// A service behind a guard. Requests that pass have the [`Caller`](super::Caller) as an extension.
#[derive(Clone, Debug)]
pub struct Protected<S> {
    protect: Protect,
    inner: S,
}

impl<S> Layer<S> for Protect {
    type Service = Protected<S>;

    fn layer(&self, inner: S) -> Protected<S> {
        Protected { protect: self.clone(), inner }
    }
}

impl<S> Service<Request> for Protected<S>
where
    S: Service<Request, Error = Infallible> + Clone + Send + 'static,
    S::Response: IntoResponse,
    S::Future: Send,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    /// Always: the service inside is waited for when a request is let through, not before.
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let (protect, inner) = (self.protect.clone(), self.inner.clone());
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            match protect.check(&parts).await {
                Ok(caller) => {
                    parts.extensions.insert(caller);
                    let response = inner.oneshot(Request::from_parts(parts, body)).await;
                    response.map(IntoResponse::into_response)
                }
                Err(refusal) => Ok(refusal),
            }
        })
    }
}
