//! The program as it is used: by its command line, and by killing it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that cannot go on has failed")]

mod accounts;
mod admin;
mod backups;
mod checking;
mod durability;
mod importing;
mod keys;
mod killing;
mod mail;
mod operations;
mod running;
mod support;
mod tls;
#[cfg(feature = "otlp")]
mod traces;
