//! Between HTTP and the values that templates are: queries, forms, multipart, XML, hashes, encodings, dates.
//!
//! Requests are filled and answers are matched as one JSON value each; this module turns the one into bytes and the other
//! out of bytes, along the templates. No network, no clock, no randomness of its own: those come in by [`Outside`]. Not part
//! of the wasm: pages have the same in JavaScript, and `fixtures/expiry.json` holds the two together.

mod answer;
mod body;
mod charset;
mod digest;
mod encoding;
mod expiry;
mod filled;
mod form;
mod function;
mod instant;
mod outside;
mod request;
mod served;
mod xml;

pub use answer::{Interest, interest, read_answer};
pub use expiry::{absolute_lifetime_ms, epoch_ms, lifetime_ms};
pub use outside::{Outside, Seen, Unwritten};
pub use request::{Http, attach, write};
pub use served::{Given, Head, Written, header_names, read_request, reads, stated_end, write_answer};
