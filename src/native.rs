//! The native host: a session in a Rust program, over reqwest and tokio.
//!
//! [`Client`] is the API. Behind it one task owns the session and obeys it; requests, storage and timers run beside
//! it and report back. Passes the same scenarios as the browser host. Not a browser: there are no other tabs, so
//! the lock is granted at once, and nothing hides an answer.

mod answer;
mod client;
mod engine;
mod error;
mod exchange;
mod lifetime;
mod options;
mod store;
mod wire;

pub use client::Client;
pub use error::Error;
pub use options::{Builder, Plugin};
pub use store::{FileStore, MemoryStore, Store};
