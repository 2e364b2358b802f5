//! The memory that argon2 works in.

use super::hashing::Scratch;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How long memory is kept for who comes next.
pub(super) const KEEP: Duration = Duration::from_secs(5);

/// What nobody hashes in just now. It belongs to the places rather than the threads, so that there is one for each place at
/// most, whichever threads work.
#[derive(Default)]
pub(super) struct Memory(Mutex<Idle>);

#[derive(Default)]
struct Idle {
    all: Vec<Scratch>,
    since: Option<Instant>,
}

impl Memory {
    pub(super) fn lend<T>(&self, job: impl FnOnce(&mut Scratch) -> T) -> T {
        let mut scratch = self.idle().all.pop().unwrap_or_default();
        let done = job(&mut scratch);
        let mut idle = self.idle();
        idle.all.push(scratch);
        idle.since = Some(Instant::now());
        done
    }

    /// Gives back to the system what was not needed for a while.
    pub(super) fn tidy(&self) {
        let mut idle = self.idle();
        if idle.since.is_some_and(|it| it.elapsed() >= KEEP) {
            idle.all = Vec::new();
        }
    }

    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Memory").field("idle", &self.idle().all.len()).finish()
    }
}
