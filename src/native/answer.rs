//! Answers to calls, looked into without taking anything away from the program that asked for them.

use super::wire::failure;
use http_body::{Body, Frame, SizeHint};
use relatch_session::Failure;
use reqwest::Response;
use reqwest::header::{DATE, HeaderMap};
use std::pin::Pin;
use std::task::{Context, Poll};

/// As much of an answer as is looked at. One that is longer says nothing about the session by its body.
const LOOKED_AT: usize = 1 << 16;

/// Headers as a codec reads them; those that are no text are left out.
pub(super) fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
        Some((name.as_str().into(), value.to_str().ok()?.into()))
    };
    headers.iter().filter_map(text).collect()
}

/// When the server sent it, by its own clock.
pub(super) fn date_ms(headers: &HeaderMap) -> Option<u64> {
    parse_date(headers.get(DATE)?.to_str().ok()?)
}

pub(super) fn parse_date(text: &str) -> Option<u64> {
    let since = httpdate::parse_http_date(text).ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    u64::try_from(since.as_millis()).ok()
}

/// The body of an answer, if it is short, and the same answer with its body unread.
pub(super) async fn looked_into(mut response: Response) -> Result<(Vec<u8>, Response), Box<Failure>> {
    let mut chunks = Vec::new();
    let mut length = 0;
    while length <= LOOKED_AT
        && let Some(chunk) = response.chunk().await.map_err(|error| failure(&error))?
    {
        length += chunk.len();
        chunks.push(chunk);
    }
    let text = if length <= LOOKED_AT { chunks.concat() } else { Vec::new() };
    let (parts, rest) = http::Response::from(response).into_parts();
    let whole = Whole { begun: chunks.into_iter().collect(), rest };
    let response = http::Response::from_parts(parts, reqwest::Body::wrap(whole));
    Ok((text, Response::from(response)))
}

type Chunk = <reqwest::Body as Body>::Data;

/// A body of which the beginning has been read already.
struct Whole {
    begun: std::collections::VecDeque<Chunk>,
    rest: reqwest::Body,
}

impl Body for Whole {
    type Data = Chunk;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Chunk>, reqwest::Error>>> {
        match self.begun.pop_front() {
            Some(chunk) => Poll::Ready(Some(Ok(Frame::data(chunk)))),
            None => Pin::new(&mut self.rest).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.begun.is_empty() && self.rest.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}
