//! Requests of the session's own: one deadline from the first byte to the last, no redirect, a bounded body.

use super::engine::wall_ms;
use super::options::parse_json;
use crate::driver::{ATTEMPT_HEADER, HttpAnswer, HttpRequest, retry_after_ms};
use relatch_dialects::{Answer, Value};
use relatch_session::{Failure, FailureKind};
use reqwest::header::{CONTENT_TYPE, DATE, RETRY_AFTER};
use reqwest::{Method, Response};
use std::time::Duration;

/// No login answer is larger; what is, is cut off and fits no template.
pub(super) const BODY_LIMIT: usize = 1 << 20;

pub(super) async fn send(
    http: reqwest::Client,
    request: HttpRequest,
    deadline: Duration,
) -> Result<HttpAnswer, Failure> {
    let method =
        Method::from_bytes(request.method.as_bytes()).map_err(|_| Failure::of(FailureKind::InvalidArgument))?;
    let mut builder = http.request(method, request.url);
    let given = request.parts.get("headers").and_then(Value::members).unwrap_or_default();
    let own = given.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)));
    let attempt = request.attempt.as_deref().map(|attempt| (ATTEMPT_HEADER, attempt));
    for (name, value) in own.chain(request.attached.iter().filter_map(header)).chain(attempt) {
        builder = builder.header(name, value);
    }
    if let Some(json) = request.parts.get("json") {
        builder = builder.header(CONTENT_TYPE, "application/json").body(serde_json::Value::from(json).to_string());
    }
    let exchange = async {
        let response = builder.send().await.map_err(|error| failure(&error))?;
        read(response).await
    };
    tokio::time::timeout(deadline, exchange).await.unwrap_or(Err(Failure::of(FailureKind::Timeout)))
}

/// A header that goes along.
pub(super) fn header(attached: &Value) -> Option<(&str, &str)> {
    Some((attached.get("header")?.as_str()?, attached.get("value")?.as_str()?))
}

async fn read(mut response: Response) -> Result<HttpAnswer, Failure> {
    let header = |name| response.headers().get(name)?.to_str().ok().map(String::from);
    let retry_after_ms = header(RETRY_AFTER.as_str()).and_then(|it| retry_after_ms(&it, wall_ms(), parse_date));
    let attempt = header(ATTEMPT_HEADER).is_some();
    let date_ms = header(DATE.as_str()).and_then(|it| parse_date(&it));
    let status = response.status().as_u16();
    let body = bounded(&mut response).await.map_err(|error| failure(&error))?;
    Ok(HttpAnswer { answer: Answer::json(status, parse_json(&body)), retry_after_ms, attempt, date_ms })
}

fn parse_date(text: &str) -> Option<u64> {
    let since = httpdate::parse_http_date(text).ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    u64::try_from(since.as_millis()).ok()
}

/// The body, as far as the limit.
pub(super) async fn bounded(response: &mut Response) -> reqwest::Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > BODY_LIMIT {
            body.truncate(BODY_LIMIT);
            break;
        }
    }
    Ok(body)
}

/// The error itself stays here: it may name the URL, which is the program's matter, but also a proxy's credentials.
pub(super) fn failure(error: &reqwest::Error) -> Failure {
    Failure::of(if error.is_timeout() { FailureKind::Timeout } else { FailureKind::Network })
}
