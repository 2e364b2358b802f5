//! The native client and APIs of every kind, over real HTTP: a scripted server looks at what comes and answers as the page of an API
//! says.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails; clippy.toml's exemption covers test functions only"
)]

mod answers;
mod api;
mod attaching;
mod cookies;
mod expiry;
mod going_on;
mod requests;
