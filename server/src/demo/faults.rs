//! Faults on purpose, put around a realm inside its CORS layer, so that a browser sees what it would see of a server
//! that fails.

use super::record::{Line, Record};
use crate::clock::Clock;
use crate::http::{Exchange, TraceId};
use crate::realm::Realm;
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;
use relatch_dialects::{Meaning, Message};
use serde::Deserialize;
use std::sync::{Arc, Mutex, PoisonError};

/// How a realm answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Mode {
    /// As it should.
    #[default]
    Normal,
    /// Never.
    Stop,
    /// It does what was asked, then closes the connection: the answer is lost on its way.
    Drop,
    /// With 503.
    Error,
    /// With 429.
    RateLimit,
}

/// Marks a response that must not reach the client.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lost;

/// When to come back after the refusals of [`Mode::Error`] and [`Mode::RateLimit`]: soon, since somebody watches.
const RETRY_SECS: u64 = 2;

/// A realm's faults, and what it was asked.
#[derive(Debug)]
pub(super) struct Faults {
    pub(super) realm: Arc<Realm>,
    pub(super) record: Record,
    clock: Clock,
    mode: Mutex<Mode>,
}

impl Faults {
    pub(super) fn new(realm: &Arc<Realm>, clock: &Clock) -> Faults {
        Faults { realm: Arc::clone(realm), record: Record::default(), clock: clock.clone(), mode: Mutex::default() }
    }

    pub(super) fn set(&self, mode: Mode) {
        *self.mode.lock().unwrap_or_else(PoisonError::into_inner) = mode;
    }

    fn mode(&self) -> Mode {
        *self.mode.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn exchange(&self, path: &str) -> Exchange {
        let path = path.strip_prefix(&self.realm.mount).unwrap_or(path).into();
        Exchange { realm: Arc::clone(&self.realm), trace_id: TraceId::random(), path, now_ms: self.clock.now_ms() }
    }
}

/// The middleware.
pub(super) async fn apply(State(faults): State<Arc<Faults>>, request: Request, next: Next) -> Response {
    let exchange = faults.exchange(request.uri().path());
    let method = request.method().to_string();
    let line = |status| Line::new(&method, &exchange.path, status, exchange.now_ms);
    match faults.mode() {
        Mode::Stop => {
            faults.record.add(line(None));
            std::future::pending().await
        }
        Mode::Drop => {
            let mut response = next.run(request).await;
            faults.record.add(line(None));
            response.extensions_mut().insert(Lost);
            response
        }
        mode => {
            let response = match mode {
                Mode::Error => exchange.unavailable(None, RETRY_SECS),
                Mode::RateLimit => rate_limited(&exchange),
                _ => next.run(request).await,
            };
            faults.record.add(line(Some(response.status().as_u16())));
            response
        }
    }
}

fn rate_limited(exchange: &Exchange) -> Response {
    let mut response = exchange.say(None, &Message::new(Meaning::RateLimited));
    response.headers_mut().insert(header::RETRY_AFTER, RETRY_SECS.into());
    response
}
