//! What has happened to the session: bounded, and without a secret by construction, since it holds no text.

use crate::{Event, Failure, FailureKind, Now};

const CAPACITY: usize = 50;

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When, in milliseconds of the wall clock.
    pub at_ms: u64,
    /// What.
    pub event: Event,
    /// The failure behind it, if there was one.
    pub cause: Option<FailureKind>,
    /// The HTTP status of the answer behind it, if there was one.
    pub status: Option<u16>,
}

/// What was behind something that happened, as far as the history keeps it.
#[derive(Clone, Copy)]
pub(crate) struct Cause {
    pub(crate) kind: Option<FailureKind>,
    pub(crate) status: Option<u16>,
}

impl Cause {
    pub(crate) const NONE: Cause = Cause { kind: None, status: None };

    pub(crate) const fn of(failure: &Failure) -> Cause {
        Cause { kind: Some(failure.kind), status: failure.status }
    }
}

#[derive(Default)]
pub(crate) struct History(Vec<Entry>);

impl History {
    pub(crate) fn note(&mut self, now: &Now, event: Event, cause: Cause) {
        if self.0.len() >= CAPACITY {
            self.0.remove(0);
        }
        self.0.push(Entry { at_ms: now.wall_ms, event, cause: cause.kind, status: cause.status });
    }

    /// Adds to the last entry what was behind it.
    pub(crate) fn explain(&mut self, cause: Cause) {
        if let Some(last) = self.0.last_mut() {
            (last.cause, last.status) = (cause.kind, cause.status);
        }
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.0.iter()
    }
}
