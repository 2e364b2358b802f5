//! Takes a request's body in: bounded, and with a media type that the operations understand.

use crate::json;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use relatch_dialects::codec::Given;
use relatch_dialects::{Reason, Value};
use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

/// More than any login needs.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// How much of a body that is not wanted is taken in and thrown away. A server that answers and closes while the
/// client still writes makes the client see a reset instead of the answer (RFC 9112 section 9.6).
const MAX_DRAINED_BYTES: usize = 16 * 1024 * 1024;

/// How long a body may take: a login is one packet.
const PATIENCE: Duration = Duration::from_secs(30);

/// The whole body, or why it is refused. It has been read to its end either way, as far as that is affordable.
pub(super) async fn body(parts: &Parts, body: Body) -> Result<Bytes, Reason> {
    // Most requests have none, and need no timer.
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let announced = parts.headers.get(header::CONTENT_LENGTH).and_then(|it| it.to_str().ok()?.parse().ok());
    if announced.is_some_and(|bytes: usize| bytes > MAX_BODY_BYTES) {
        // Who asks before sending ("Expect: 100-continue") is answered without being asked to send.
        if !parts.headers.contains_key(header::EXPECT) {
            drain(body).await;
        }
        return Err(Reason::BodyTooLarge);
    }
    tokio::time::timeout(PATIENCE, collect(body)).await.unwrap_or(Err(Reason::BodyUnreadable))
}

async fn collect(mut body: Body) -> Result<Bytes, Reason> {
    let mut taken = Vec::new();
    while let Some(data) = next(&mut body).await {
        taken.extend_from_slice(&data?);
        if taken.len() > MAX_BODY_BYTES {
            drain(body).await;
            return Err(Reason::BodyTooLarge);
        }
    }
    Ok(taken.into())
}

/// Reads a body and throws it away.
pub(super) async fn drain(mut body: Body) {
    let reading = async {
        let mut left = MAX_DRAINED_BYTES;
        while let Some(Ok(data)) = next(&mut body).await {
            let Some(rest) = left.checked_sub(data.len()) else { return };
            left = rest;
        }
    };
    // However that ends, the answer comes next.
    let _ = tokio::time::timeout(PATIENCE, reading).await;
}

/// The next piece of a body; empty for trailers.
async fn next(body: &mut Body) -> Option<Result<Bytes, Reason>> {
    let frame = poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await?;
    Some(frame.map(|it| it.into_data().unwrap_or_default()).map_err(|_| Reason::BodyUnreadable))
}

/// A body as one of those kinds that an operation reads: JSON, unless it reads others and the media type is theirs.
pub(super) fn given<'a>(
    headers: &HeaderMap,
    body: &'a [u8],
    reads: impl Fn(&str) -> bool,
) -> Result<Given<'a>, Reason> {
    if body.is_empty() {
        return Ok(Given::Nothing);
    }
    let (form, text) = (reads("form"), reads("text"));
    let utf8 = || std::str::from_utf8(body).map_err(|_| Reason::BodyUnreadable);
    if form && is_type(headers, |it| it == FORM) {
        return utf8().map(Given::Form);
    }
    if text && is_type(headers, |it| it.starts_with("text/")) {
        return utf8().map(Given::Text);
    }
    if (form || text) && !reads("json") {
        return Err(Reason::ContentTypeUnsupported);
    }
    Ok(json(headers, body)?.map_or(Given::Nothing, Given::Json))
}

const FORM: &str = "application/x-www-form-urlencoded";

/// The JSON value of a body; `None` for an empty one.
pub(super) fn json(headers: &HeaderMap, body: &[u8]) -> Result<Option<Value>, Reason> {
    if body.is_empty() {
        return Ok(None);
    }
    if !is_type(headers, |it| it == "application/json") {
        return Err(Reason::ContentTypeUnsupported);
    }
    json::parse(body).map(Some).ok_or(Reason::BodyUnreadable)
}

/// A body without a media type may be taken for what is expected (RFC 9110 section 8.3); any other type, charset or
/// compression is not that in UTF-8 (of JSON: RFC 8259 section 8.1).
fn is_type(headers: &HeaderMap, expected: impl Fn(&str) -> bool) -> bool {
    if headers.contains_key(header::CONTENT_ENCODING) {
        return false;
    }
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    match (types.next(), types.next()) {
        (None, _) => true,
        (Some(it), None) => it.to_str().is_ok_and(|it| is_media_type(it, expected)),
        _ => false,
    }
}

fn is_media_type(text: &str, expected: impl Fn(&str) -> bool) -> bool {
    let mut parts = text.split(';').map(str::trim);
    let named = parts.next().is_some_and(|it| expected(&it.to_ascii_lowercase()));
    named && parts.all(|parameter| !is_foreign_charset(parameter))
}

fn is_foreign_charset(parameter: &str) -> bool {
    parameter.split_once('=').is_some_and(|(name, value)| {
        name.eq_ignore_ascii_case("charset") && !value.trim_matches('"').eq_ignore_ascii_case("utf-8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_json_type(text: &str) -> bool {
        is_media_type(text, |it| it == "application/json")
    }

    #[test]
    fn json_in_utf_8_is_the_only_media_type() {
        for good in [
            "application/json",
            "Application/JSON; charset=utf-8",
            "application/json;charset=\"UTF-8\"",
            "application/json; x=y",
        ] {
            assert!(is_json_type(good), "{good}");
        }
        for bad in [
            "text/plain",
            "application/jsonp",
            "application/json; charset=latin1",
            "",
            "application/x-www-form-urlencoded",
        ] {
            assert!(!is_json_type(bad), "{bad}");
        }
    }
}
