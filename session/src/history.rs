//! What has happened to the session: bounded, and without a secret by construction, since it holds no text.

use crate::{Event, FailureKind, Now};

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

#[derive(Default)]
pub(crate) struct History(Vec<Entry>);

impl History {
    pub(crate) fn note(&mut self, now: &Now, event: Event, cause: Option<FailureKind>, status: Option<u16>) {
        if self.0.len() >= CAPACITY {
            self.0.remove(0);
        }
        self.0.push(Entry { at_ms: now.wall_ms, event, cause, status });
    }

    /// Adds to the last entry what was behind it.
    pub(crate) fn explain(&mut self, cause: Option<FailureKind>, status: Option<u16>) {
        if let Some(last) = self.0.last_mut() {
            (last.cause, last.status) = (cause, status);
        }
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.0.iter()
    }
}
