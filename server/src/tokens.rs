//! Tokens: what is signed, what is random, and how either is recognized again. No store and no HTTP: whether a
//! session still lives is for the services to ask.

mod access;
mod jws;
mod refresh;
mod secret;
mod seen;
mod token_id;

pub(crate) use access::{TokenError, issue, open};
pub(crate) use refresh::{Presented, REFRESH_ALG, current as current_refresh_key, refresh_token, renewable};
pub(crate) use secret::Secret;
pub(crate) use seen::Seen;
pub(crate) use token_id::TokenId;

/// Whether the bytes are opened as a token, and whether their payload reads as claims under any header.
pub(crate) fn fuzzed(ring: &crate::keys::KeyRing, input: &[u8]) -> bool {
    access::fuzzed_claims(input);
    std::str::from_utf8(input).is_ok_and(|token| jws::open(ring.algorithm(), &ring.keys(), token).is_some())
}
