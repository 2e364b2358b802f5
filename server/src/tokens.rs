//! Tokens: what is signed, what is random, and how either is recognized again. No store and no HTTP: whether a
//! session still lives is for the services to ask.

mod access;
mod refresh;
mod secret;
mod token_id;

pub(crate) use access::{TokenError, issue, open};
pub(crate) use refresh::{Presented, REFRESH_ALG, refresh_token, renewable};
pub(crate) use secret::Secret;
pub(crate) use token_id::TokenId;
