//! The session of one user at one API, as a state machine: inputs in, commands out.
//!
//! Deterministic and pure: no clock ([`Now`] comes in), no network, no storage, no JSON, no web types. Only the
//! session decides; a host only obeys. `docs/architecture.md` walks through it.

mod answers;
mod backoff;
mod calls;
mod challenge;
mod clock;
mod command;
mod context;
mod exchanges;
mod following;
mod history;
mod idle;
mod input;
mod login;
mod logout;
mod observed;
mod options;
mod record;
mod renewal;
mod session;
mod siblings;
mod store;
mod time;

pub(crate) use exchanges::Exchanges;

pub use challenge::Challenge;
pub use command::{Command, Event, Lock, Outcome, Snapshot, Status};
pub use history::Entry;
pub use input::{Answered, Failure, FailureKind, Input, Now, Saved, StoreFailed};
pub use options::Options;
pub use record::{Announcement, Grant, Login, Pause, Record, Stored};
pub use session::Session;

/// Names one thing that the app asked for, until [`Command::Settle`] answers it. The host chooses it.
pub type CallId = u32;

/// Names one request that the session sent, until [`Input::Answered`] reports on it. The session chooses it.
pub type ExchangeId = u32;
