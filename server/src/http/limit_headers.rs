//! The headers that say how limits stand: `RateLimit-Policy` and `RateLimit` as structured fields
//! (draft-ietf-httpapi-ratelimit-headers-10 sections 3 and 4: `q` the quota, `w` its window in seconds, `r` what is left,
//! `t` when it is whole again), and `Retry-After` with a refusal (RFC 9110 section 10.2.3).

use crate::limits::{Quota, Standing};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

pub(super) const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
pub(super) const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

pub(super) fn add(headers: &mut HeaderMap, standing: &Standing) {
    let quotas = || std::iter::once(("account", standing.account)).chain(standing.address.map(|it| ("address", it)));
    let list = |item: fn((&str, Quota)) -> String| quotas().map(item).collect::<Vec<_>>().join(", ");
    let policy = list(|(name, it)| format!("\"{name}\";q={};w={}", it.limit, it.window_secs));
    let state = list(|(name, it)| format!("\"{name}\";r={};t={}", it.remaining, it.reset_secs));
    for (name, text) in [(RATE_LIMIT_POLICY, policy), (RATE_LIMIT, state)] {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(name, value);
        }
    }
    if let Some((_, wait_secs)) = standing.refused {
        headers.insert(header::RETRY_AFTER, wait_secs.into());
    }
}
