//! Requests of the session's own: one deadline from the first byte to the last, no redirect, a bounded body.

use super::answer::{date_ms, parse_date, texts};
use super::engine::wall_ms;
use super::wire::{Wire, failure, unwritten};
use crate::driver::{ATTEMPT_HEADER, HttpAnswer, HttpRequest, retry_after_ms};
use relatch_dialects::codec;
use relatch_session::{Failure, FailureKind};
use reqwest::header::RETRY_AFTER;
use reqwest::{Method, Request, Response};
use std::sync::Arc;
use std::time::Duration;

/// No login answer is larger; what is, is cut off and fits no template.
const BODY_LIMIT: usize = 1 << 20;

/// The operation, and the step before it, that a request is for.
pub(super) type Place = (String, usize);

pub(super) async fn send(
    wire: Arc<Wire>,
    place: Place,
    request: HttpRequest,
    deadline: Duration,
) -> Result<HttpAnswer, Box<Failure>> {
    let exchange = async {
        let request = written(&wire, &place, &request)?;
        let response = wire.execute(request).await?;
        read(&wire, &place, response).await
    };
    tokio::time::timeout(deadline, exchange).await.unwrap_or(Err(Failure::of(FailureKind::Timeout)))
}

fn written(wire: &Wire, (operation, step): &Place, request: &HttpRequest) -> Result<Request, Box<Failure>> {
    let HttpRequest { method, url, parts, attached, attempt } = request;
    let http = codec::write(&wire.dialect, (operation, *step), (method, url), parts, wire).map_err(unwritten)?;
    let http = codec::attach(&wire.dialect, http, attached, wire).map_err(unwritten)?;
    let invalid = || Failure::of(FailureKind::InvalidArgument);
    let method = Method::from_bytes(http.method.as_bytes()).map_err(|_| invalid())?;
    let mut builder = wire.http.request(method, http.url);
    for (name, value) in http.headers {
        builder = builder.header(name, value);
    }
    if let Some(attempt) = attempt {
        builder = builder.header(ATTEMPT_HEADER, attempt);
    }
    if let Some(body) = http.body {
        builder = builder.body(body);
    }
    builder.build().map_err(|_| invalid())
}

async fn read(wire: &Wire, (operation, step): &Place, mut response: Response) -> Result<HttpAnswer, Box<Failure>> {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let body = bounded(&mut response).await.map_err(|error| failure(&error))?;
    let answer = codec::read_answer(&wire.dialect, Some((operation, *step)), status, &texts(&headers), &body);
    let retry_after = headers.get(RETRY_AFTER).and_then(|it| it.to_str().ok());
    Ok(HttpAnswer {
        answer,
        retry_after_ms: retry_after.and_then(|it| retry_after_ms(it, wall_ms(), parse_date)),
        attempt: headers.contains_key(ATTEMPT_HEADER),
        date_ms: date_ms(&headers),
    })
}

/// The body, as far as the limit.
async fn bounded(response: &mut Response) -> reqwest::Result<Vec<u8>> {
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
