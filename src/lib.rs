//! Relatch: the session layer for any API that hands out tokens of its own.
//!
//! A dialect, one small document, describes the API. This crate reads it and does what a session needs: log in, keep the
//! token, know when it ends, renew, retry, sign out. [`driver`] is what every host shares; `browser` runs it where
//! there is JavaScript. With the feature `npm` the crate is the wasm half of the npm package.
//!
//! Not a framework and not a verifier: claims are shown, never trusted.

pub mod claims;
pub mod driver;

#[cfg(target_arch = "wasm32")]
pub mod browser;
#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(all(target_arch = "wasm32", feature = "npm"))]
mod npm;

#[cfg(not(target_arch = "wasm32"))]
pub use native::{Builder, Client, Error, FileStore, MemoryStore, Plugin, Store};

pub use relatch_dialects as dialects;
pub use relatch_session as session;
