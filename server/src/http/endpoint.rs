//! A realm's one handler: from a request to its response.

use super::attempt;
use super::mount::below;
use super::profiles::{PROFILE, Profiles};
use super::reading::Received;
use super::receive;
use super::routes::{Found, Routes, Target};
use super::{Answering, Exchange, TraceId, operations, peer, well_known};
use crate::hangup;
use crate::limits::Standing;
use crate::realm::Realm;
use crate::services::{Access, Refusal, Server};
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use relatch_dialects::{Meaning, Message, Reason, Values};
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use tracing::Instrument;

/// A realm that answers.
#[derive(Debug)]
pub(super) struct Endpoint {
    server: Server,
    realm: Arc<Realm>,
    routes: Routes,
    profiles: Profiles,
}

impl Endpoint {
    /// What answers for the realm. It expects whole paths, with the mount in front.
    pub(super) fn answering(server: &Server, realm: &Arc<Realm>) -> Answering {
        let (routes, profiles) = (Routes::of(realm, operations::is_known), Profiles::of(realm));
        let endpoint = Arc::new(Endpoint { server: server.clone(), realm: Arc::clone(realm), routes, profiles });
        Arc::new(move |request| Box::pin(Arc::clone(&endpoint).answer(request)))
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
            let response = match self.routes.find(&parts.method, &exchange.path) {
                Found::Target(target) if target.may_change() => {
                    // In a box of its own: it is ten times as large as what reads, and would be moved with each of those.
                    Box::pin(self.act(exchange, parts, body)).await
                }
                _ => self.read(&exchange, &parts, body).await,
            };
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

    /// Here and now: what only reads may end with its client. A panic costs one answer here too.
    async fn read(&self, exchange: &Exchange, parts: &Parts, body: Result<Bytes, Reason>) -> Response {
        unharmed(self.tell(exchange, parts, body)).await.unwrap_or_else(|| panicked(exchange))
    }

    /// On a task of its own: what has begun is carried through even if the client hangs up, so that a rotation is
    /// never left half done, and a panic costs one answer rather than the connection.
    async fn act(self: &Arc<Endpoint>, exchange: Exchange, parts: Parts, body: Result<Bytes, Reason>) -> Response {
        let (endpoint, lost) = (Arc::clone(self), exchange.clone());
        let task = async move { endpoint.carry_out(&exchange, &parts, body).await }.in_current_span();
        // Held until the answer is there: dropped with this future if the client hangs up before.
        let (_line, task) = hangup::answering(task);
        tokio::spawn(task).await.unwrap_or_else(|_| panicked(&lost))
    }

    async fn carry_out(&self, exchange: &Exchange, parts: &Parts, body: Result<Bytes, Reason>) -> Response {
        let Found::Target(Target::Operation { name, attached }) = self.routes.find(&parts.method, &exchange.path)
        else {
            return self.tell(exchange, parts, body).await;
        };
        let received = Received { realm: &self.realm, path: &exchange.path, parts, body };
        let (outcome, standing) = self.operate(parts, received.operation(name, *attached), name).await;
        let mut response = exchange.respond_limited(name, outcome, standing.as_ref());
        attempt::announce(&self.realm, &mut response);
        response
    }

    /// What changes nothing: profiles, documents, and what is not there.
    async fn tell(&self, exchange: &Exchange, parts: &Parts, body: Result<Bytes, Reason>) -> Response {
        let received = Received { realm: &self.realm, path: &exchange.path, parts, body };
        match self.routes.find(&parts.method, &exchange.path) {
            Found::Target(Target::Operation { name, attached }) => {
                self.profile(exchange, received.operation(name, *attached), None).await
            }
            // What is behind a guard is the caller's profile, in the words of that operation.
            Found::Target(Target::Guard(index)) => {
                let roles = self.realm.guarded.get(*index).map(|it| it.roles.as_slice());
                self.profile(exchange, received.protected(), roles).await
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

    /// The caller's profile, for those who have one of `roles` if any are named.
    async fn profile(&self, exchange: &Exchange, read: Result<Values, Refusal>, roles: Option<&[String]>) -> Response {
        let asked = async {
            let values = read?;
            let access = Access { organization: values.text("context.organization"), roles };
            self.server.profile(&self.realm, values.text("access_token").unwrap_or_default(), access).await
        };
        match asked.await {
            Ok(profile) => self.profiles.answer(exchange, &profile),
            Err(refusal) => exchange.respond(Some(PROFILE), Err(refusal)),
        }
    }
}

/// What the work comes to; `None` if it panics.
async fn unharmed<T>(work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    poll_fn(move |cx| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))) {
        Ok(poll) => poll.map(Some),
        Err(_) => Poll::Ready(None),
    })
    .await
}

fn panicked(exchange: &Exchange) -> Response {
    tracing::error!("a handler panicked");
    exchange.say(None, &Message::new(Meaning::ServerError))
}

fn method_unsupported(exchange: &Exchange, allow: &str) -> Response {
    let mut response = exchange.say(None, &Message::invalid(Reason::MethodUnsupported));
    if let Ok(allow) = HeaderValue::from_str(allow) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_ends_the_work_and_nothing_else() {
        assert_eq!(unharmed(async { 7 }).await, Some(7));
        let work = async {
            tokio::task::yield_now().await;
            panic!("amid the work");
        };
        assert_eq!(unharmed::<()>(work).await, None);
    }
}
