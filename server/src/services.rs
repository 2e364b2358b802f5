//! What the server does, operation by operation. Services speak in meanings and values: they know no HTTP, no SQL and
//! no dialect's documents, so that one handler serves every API there is.
//!
//! How to add an operation: a module here with a method on [`Server`], its row in `http/operations.rs`, and its
//! template in the dialects that have it.

mod authentication;
mod cutoffs;
mod identity;
mod login;
mod logout;
mod organization;
mod outbox;
mod profile;
mod refusal;
mod renewal;
mod server;
mod session;
mod user;
mod validation;

pub(crate) use cutoffs::Cutoffs;
pub(crate) use identity::Identity;
pub use outbox::{FileOutbox, Letter, MemoryOutbox, Outbox, Sending};
pub(crate) use profile::Access;
pub(crate) use refusal::{Failure, Refusal};
pub use server::Server;
