//! One request and its answer: what is known of it beside what it says, and how a message becomes a response.

use super::{limit_headers, sentence};
use crate::limits::Standing;
use crate::realm::Realm;
use crate::services::{Chain, Failure, RETRY_AFTER, Refusal, Written};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use jiff::Timestamp;
use rand::RngExt;
use relatch_dialects::{Answer, Meaning, Message, Value, Values, codec};
use std::fmt;
use std::sync::Arc;

/// Sixteen hex digits by which a request is found in the log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TraceId(u64);

impl TraceId {
    pub(crate) fn random() -> TraceId {
        TraceId(rand::rng().random())
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// What a realm's answers are written with.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    pub(crate) realm: Arc<Realm>,
    pub(crate) trace_id: TraceId,
    /// The path below the mount.
    pub(crate) path: String,
    pub(crate) now_ms: i64,
}

/// What an answer said before the dialect narrowed it: an extension of the response, for metrics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// The dialect's name of the operation; none for what is no operation.
    pub(crate) operation: Option<String>,
    pub(crate) meaning: Meaning,
}

/// When to come back after an overload: logins take a fraction of a second each.
const OVERLOAD_RETRY_SECS: u64 = 1;

/// When to come back after the store failed for want of room or of a lock: somebody may have to act first.
const STORE_RETRY_SECS: u64 = 5;

impl Exchange {
    /// The response to what a service did or refused. Failures are logged here and nowhere else.
    pub(super) fn respond(&self, operation: Option<&str>, outcome: Result<Message, Refusal>) -> Response {
        match outcome.and_then(|message| self.with_user(message)) {
            Ok(message) | Err(Refusal::Told(message)) => self.say(operation, &message),
            Err(Refusal::Failed(failure)) => self.fail(operation, &failure),
        }
    }

    /// The same with how limits stand. A lock that the dialect has no words for in this operation is told as what it is
    /// in HTTP, too many requests, rather than as something about a token.
    pub(super) fn respond_limited(
        &self,
        operation: &str,
        outcome: Result<Message, Refusal>,
        standing: Option<&Standing>,
    ) -> Response {
        let outcome = match outcome {
            Err(Refusal::Told(it)) if it.meaning == Meaning::AccountLocked && !self.words_for_a_lock(operation) => {
                Err(Meaning::RateLimited.into())
            }
            other => other,
        };
        let mut response = self.respond(Some(operation), outcome);
        if let Some(standing) = standing {
            limit_headers::add(response.headers_mut(), standing);
        }
        response
    }

    fn words_for_a_lock(&self, operation: &str) -> bool {
        let (narrowed, _) = self.realm.dialect.narrow(Some(operation), Meaning::AccountLocked, None);
        matches!(
            narrowed,
            Meaning::AccountLocked | Meaning::BadCredentials | Meaning::UnknownUser | Meaning::WrongPassword
        )
    }

    /// A message in the realm's own words.
    pub(crate) fn say(&self, operation: Option<&str>, message: &Message) -> Response {
        let answer = self.realm.dialect.write_answer(operation, message, &self.ambient(message));
        let mut response = response(&written(&answer));
        if let Some(Value::Number(secs)) = message.values.get(RETRY_AFTER) {
            response.headers_mut().insert(header::RETRY_AFTER, (*secs as u64).into());
        }
        response.extensions_mut().insert(Told { operation: operation.map(Into::into), meaning: message.meaning });
        response
    }

    /// What says that something was done, in the dialect's words.
    ///
    /// # Errors
    /// [`Refusal::Failed`] if the dialect's user cannot be filled.
    pub(super) fn write(&self, operation: &str, done: Message) -> Result<Written, Refusal> {
        let message = self.with_user(done)?;
        let answer = self.realm.dialect.write_answer(Some(operation), &message, &self.ambient(&message));
        Ok(written(&answer))
    }

    /// The response to what was done, as it was written before.
    pub(super) fn repeat(&self, operation: &str, written: &Written) -> Response {
        let mut response = response(written);
        response.extensions_mut().insert(Told { operation: Some(operation.into()), meaning: Meaning::Done });
        response
    }

    fn fail(&self, operation: Option<&str>, failure: &Failure) -> Response {
        if failure.is_overload() {
            tracing::warn!("overloaded: too many passwords are waiting");
            return self.unavailable(operation, OVERLOAD_RETRY_SECS);
        }
        if failure.is_abandoned() {
            tracing::debug!("the client hung up while its password was waiting");
            return self.unavailable(operation, OVERLOAD_RETRY_SECS);
        }
        tracing::error!(error = %Chain(failure), "the request failed");
        if failure.is_passing() {
            return self.unavailable(operation, STORE_RETRY_SECS);
        }
        self.say(operation, &Message::new(Meaning::ServerError))
    }

    /// The realm's server error, as 503 with `Retry-After` (RFC 9110 section 15.6.4).
    pub(crate) fn unavailable(&self, operation: Option<&str>, retry_secs: u64) -> Response {
        let values = Values::new()
            .with("status", Value::Number(503.0))
            .with("status_text", "Service Unavailable")
            .with("message", "The server is busy: try again in a moment.");
        let mut response = self.say(operation, &Message::with(Meaning::ServerError, values));
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        response.headers_mut().insert(header::RETRY_AFTER, retry_secs.into());
        response
    }

    /// The user in the dialect's shape, where the message speaks of one.
    fn with_user(&self, mut message: Message) -> Result<Message, Refusal> {
        if message.values.get("user.id").is_some() {
            let user = self.realm.dialect.user(&message.values).map_err(Failure::User)?;
            message.values.set("user", user);
        }
        Ok(message)
    }

    fn ambient(&self, message: &Message) -> Values {
        let mut ambient = Values::new()
            .with("now.iso8601_offset", iso8601_offset(self.now_ms))
            .with("now.epoch_secs", Value::Number(self.now_ms.div_euclid(1000) as f64))
            .with("now.epoch_millis", Value::Number(self.now_ms as f64))
            .with("request.path", self.path.as_str())
            .with("trace_id", self.trace_id.to_string());
        if let Some(sentence) = sentence::of(&self.realm.issue, message) {
            ambient.set("message", sentence);
        }
        ambient
    }
}

/// As Spring writes it: `2026-03-05T10:15:30.000+00:00`.
fn iso8601_offset(now_ms: i64) -> String {
    let now = Timestamp::from_millisecond(now_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    now.strftime("%Y-%m-%dT%H:%M:%S%.3f+00:00").to_string()
}

/// An answer that cannot be told in its form is the server's failure, and the log says whose.
fn written(answer: &Answer) -> Written {
    let Some(it) = codec::write_answer(answer) else {
        tracing::error!("an answer of the dialect has a value that its form cannot tell");
        return Written { status: 500, headers: Vec::new(), media_type: "", body: None };
    };
    Written { status: answer.status, headers: it.headers, media_type: it.media_type, body: it.body.map(Into::into) }
}

/// As many as an answer has, with those for browsers, so that the map need not grow.
const HEADERS: usize = 16;

/// Every answer of a realm may hold a token or somebody's data, so that none is for a cache (RFC 6749 section 5.1).
fn response(written: &Written) -> Response {
    let mut headers = HeaderMap::with_capacity(HEADERS);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if written.body.is_some() {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(written.media_type));
    }
    for (name, value) in &written.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    }
    let mut response = Response::new(written.body.clone().map_or_else(Body::empty, Body::from));
    *response.status_mut() = StatusCode::from_u16(written.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *response.headers_mut() = headers;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_written_as_spring_writes_it() {
        assert_eq!(iso8601_offset(1_772_705_730_000), "2026-03-05T10:15:30.000+00:00");
        assert_eq!(iso8601_offset(1_772_705_730_007), "2026-03-05T10:15:30.007+00:00");
    }

    #[test]
    fn a_trace_id_is_sixteen_hex_digits() {
        assert_eq!(TraceId(10).to_string(), "000000000000000a");
    }
}
