//! The suites of the dialects crate, in one test program.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test helper that cannot go on fails its test; clippy.toml's exemption covers test functions only"
)]

mod faults;
mod golden;
mod law;
mod parts;
mod reading;
mod schema;
mod support;
mod unplayable;
mod wire;
