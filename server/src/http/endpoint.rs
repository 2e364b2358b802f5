//! A realm's one handler: from a request to its response.

use super::attempt;
use super::mount::below;
use super::reading::Received;
use super::receive;
use super::routes::{Found, Routes, Target};
use super::{Exchange, TraceId, well_known};
use super::{operations, peer};
use crate::hangup;
use crate::limits::Standing;
use crate::realm::Realm;
use crate::services::{Refusal, Server};
use axum::Router;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use relatch_dialects::{Meaning, Message, Reason, Values};
use std::sync::Arc;
use tracing::Instrument;

/// A realm that answers.
#[derive(Debug)]
pub(super) struct Endpoint {
    server: Server,
    realm: Arc<Realm>,
    routes: Routes,
}

impl Endpoint {
    /// The realm's routes, which expect whole paths with the mount in front.
    pub(super) fn routes(server: &Server, realm: &Arc<Realm>) -> Router {
        let routes = Routes::of(realm, operations::is_known);
        let endpoint = Arc::new(Endpoint { server: server.clone(), realm: Arc::clone(realm), routes });
        Router::new().fallback(move |request: Request| Arc::clone(&endpoint).answer(request))
    }

    async fn answer(self: Arc<Endpoint>, request: Request) -> Response {
        let exchange = self.exchange(request.uri().path());
        let span = tracing::info_span!(
            "request",
            realm = self.realm.name,
            trace_id = %exchange.trace_id,
            method = %request.method(),
            path = ?exchange.path,
        );
        async {
            let (parts, body) = request.into_parts();
            let body = receive::body(&parts, body).await;
            let response = self.act(exchange, parts, body).await;
            tracing::info!(status = response.status().as_u16(), "answered");
            response
        }
        .instrument(span)
        .await
    }

    fn exchange(&self, path: &str) -> Exchange {
        Exchange {
            realm: Arc::clone(&self.realm),
            trace_id: TraceId::random(),
            path: below(path, &self.realm.mount).unwrap_or_default().into(),
            now_ms: self.server.clock.now_ms(),
        }
    }

    /// On a task of its own: what has begun is carried through even if the client hangs up, so that a rotation is
    /// never left half done, and a panic costs one answer rather than the connection.
    async fn act(self: Arc<Endpoint>, exchange: Exchange, parts: Parts, body: Result<Bytes, Reason>) -> Response {
        let lost = exchange.clone();
        let task = async move { self.carry_out(&exchange, &parts, body).await }.in_current_span();
        // Held until the answer is there: dropped with this future if the client hangs up before.
        let (_line, task) = hangup::answering(task);
        tokio::spawn(task).await.unwrap_or_else(|_| {
            tracing::error!("a handler panicked");
            lost.say(None, &Message::new(Meaning::ServerError))
        })
    }

    async fn carry_out(&self, exchange: &Exchange, parts: &Parts, body: Result<Bytes, Reason>) -> Response {
        let received = Received { realm: &self.realm, path: &exchange.path, parts, body };
        match self.routes.find(&parts.method, &exchange.path) {
            Found::Target(Target::Operation { name, attached }) => {
                let (outcome, standing) = self.operate(parts, received.operation(name, *attached), name).await;
                let mut response = exchange.respond_limited(name, outcome, standing.as_ref());
                attempt::announce(&self.realm, &mut response);
                response
            }
            // What is behind a guard is the caller's profile, in the words of that operation.
            Found::Target(Target::Guard(index)) => {
                exchange.respond(Some("profile"), self.guard(received.protected(), *index).await)
            }
            Found::Target(Target::WellKnown(document)) => well_known::answer(&self.realm, *document, exchange.now_ms),
            Found::OtherMethods(allow) => method_unsupported(exchange, &allow),
            Found::Nothing => exchange.say(None, &Message::invalid(Reason::PathUnknown)),
        }
    }

    async fn operate(
        &self,
        parts: &Parts,
        read: Result<Values, Refusal>,
        name: &str,
    ) -> (Result<Message, Refusal>, Option<Standing>) {
        let values = match read {
            Ok(values) => values,
            Err(refusal) => return (Err(refusal), None),
        };
        let from = peer::address(&self.server, parts);
        let work = operations::perform(&self.server, &self.realm, name, &values, attempt::of(&parts.headers));
        self.server.limited(&self.realm, operations::attempt(name, &values), from, work).await
    }

    async fn guard(&self, read: Result<Values, Refusal>, index: usize) -> Result<Message, Refusal> {
        let roles = self.realm.guarded.get(index).map(|it| it.roles.as_slice());
        operations::protected(&self.server, &self.realm, &read?, roles).await
    }
}

fn method_unsupported(exchange: &Exchange, allow: &str) -> Response {
    let mut response = exchange.say(None, &Message::invalid(Reason::MethodUnsupported));
    if let Ok(allow) = HeaderValue::from_str(allow) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}
