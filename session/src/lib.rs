//! The session of one user at one API, as a state machine: inputs in, commands out.
//!
//! Deterministic and pure: no clock ([`Now`] comes in), no network, no storage, no JSON, no web types. Only the
//! session decides; a host only obeys. `docs/architecture.md` walks through it.

mod command;
mod input;
mod record;

pub use command::{Command, Event, Outcome, Snapshot, Status};
pub use input::{Answered, Failure, FailureKind, Input, Now, StoreFailed};
pub use record::{Announcement, Grant, Login, Record, Stored};

/// Names one thing that the app asked for, until [`Command::Settle`] answers it. The host chooses it.
pub type CallId = u32;

/// Names one request that the session sent, until [`Input::Answered`] reports on it. The session chooses it.
pub type ExchangeId = u32;
