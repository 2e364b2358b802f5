//! The audit log: who did what to whom. Everything that changes or hands out somebody's account, sessions or keys goes
//! through [`Acting`] and leaves one entry, whoever acts: operators by the command line or the admin API, the program
//! that embeds the server, the owner over HTTP, the server itself. Never a password, a token or a code.
//!
//! The entry of a change is in the transaction of the change ([`Operations::recording`]), so that neither is there
//! without the other, whenever the process dies. What no transaction holds is written down before it is handed out.
//!
//! Not in here: logins, renewals and log-outs, which are the session's row itself; looking at accounts; and what was
//! refused to an owner or a stranger, which the limits count and the log of requests tells: a log that forgets nothing
//! must not grow at a stranger's wish.
//!
//! How to add an act: a variant of [`Action`], and a method in `acts`.
//!
//! [`Operations::recording`]: crate::store::Operations::recording

mod acting;
mod actor;
mod acts;
mod entry;

pub use acting::Acting;
pub(crate) use acting::Subject;
pub use actor::{Actor, Channel};
pub use entry::{Action, AuditEntry, AuditOutcome, AuditQuery, AuditRecord};
