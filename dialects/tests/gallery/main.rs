//! The gallery: dialects of APIs that Relatch does not serve itself, and what their public documentation says goes over the wire.
//! Each document is loaded, held against the schema, and replays its exchanges; the table of what they use is made from them.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test helper that cannot go on fails its test; clippy.toml's exemption covers test functions only"
)]

mod api;
mod features;
mod guide;
mod replay;
mod schema;
mod table;
mod there_and_back;
mod wire;
