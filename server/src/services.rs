//! What the server does, operation by operation. Services speak in meanings and values: they know no HTTP, no SQL and
//! no dialect's documents, so that one handler serves every API there is.
//!
//! How to add an operation: a module here with a method on [`Server`], its row in `http/operations.rs`, and its
//! template in the dialects that have it.

mod authentication;
mod credentials;
mod cutoffs;
mod identity;
mod limiting;
mod login;
mod logout;
mod mail;
mod organization;
mod outbox;
mod password;
mod person;
mod profile;
mod refusal;
mod renewal;
mod server;
mod session;
mod sign_out;
mod standing;
mod upkeep;
mod user;
mod validation;

pub(crate) use cutoffs::Cutoffs;
pub(crate) use identity::Identity;
pub(crate) use limiting::{Attempt, RETRY_AFTER};
pub use mail::MailOutbox;
pub use outbox::{FileOutbox, Letter, MemoryOutbox, Outbox, Sending};
pub(crate) use person::gathered;
pub(crate) use profile::{Access, Profile};
pub(crate) use refusal::{Chain, Failure, Refusal};
pub use server::Server;
pub(crate) use standing::Written;
pub use upkeep::Upkeep;
