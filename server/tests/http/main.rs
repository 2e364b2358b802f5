//! The server over HTTP: whole answers, as the five APIs publish them. One binary, since each one more would link
//! the whole server once more.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "these helpers serve tests only, and a test that cannot go on fails where it stands"
)]

mod apitickets;
mod audit;
mod bad_input;
mod cors;
mod demo;
mod embedding;
mod failure;
mod forward;
mod gatego;
mod guard;
mod headers;
mod integra;
mod investgo;
mod isolation;
mod keys;
mod kinds;
mod limits;
mod log;
mod new_passwords;
mod organizations;
mod profile;
mod proxies;
mod refresh_keys;
mod renewal;
mod revocation;
mod stockapi;
mod support;
mod verification;
