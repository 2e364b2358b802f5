//! The audit log: who did what to whom. It holds the acts of operators, by the command line or the admin API; what
//! users do with their own accounts is in the log of requests. Never a password, a token or a code.
//!
//! How to add an act: a variant of [`Action`], and a call of [`Acting::carry_out`] around what it does.

mod acting;
mod acts;
mod entry;

pub use acting::{Acting, Actor, Channel, Subject};
pub use entry::{Action, AuditEntry, AuditOutcome, AuditQuery, AuditRecord};
