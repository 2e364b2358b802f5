//! Signing out whoever is not there: by what any tab has last seen of its user.

use crate::clock::{Age, NEVER};
use crate::history::Cause;
use crate::store::Work;
use crate::{Event, Session};

impl Session {
    /// The user did something in this tab. Told to the others through the store, ten times in the time that would end it.
    pub(crate) fn active(&mut self) {
        let Some(idle_ms) = self.options.idle_ms else { return };
        // Whoever comes back after that is not there any more: a key that is pressed then revives nothing.
        if self.until_idle() == 0 {
            return self.end_unless_renewed(Event::Idle, Cause::NONE);
        }
        self.active = Age::of(self.now.wall_ms, &self.now);
        if let Some(record) = &mut self.record
            && self.now.wall_ms.abs_diff(record.active_at_ms) >= idle_ms / 10
        {
            record.active_at_ms = self.now.wall_ms;
            self.enqueue(Work::Active);
        }
    }

    /// Some tab has seen the user at that time, of the wall clock; this one perhaps later.
    pub(crate) fn was_active(&mut self, at_ms: u64) {
        let age = Age::of(at_ms, &self.now);
        if age.millis(&self.now) < self.active.millis(&self.now) {
            self.active = age;
        }
    }

    /// Milliseconds until the user has been away for too long.
    pub(crate) fn until_idle(&self) -> u64 {
        match self.options.idle_ms {
            Some(idle_ms) if self.is_signed_in() && !self.queue.is_ending() => {
                idle_ms.saturating_sub(self.active.millis(&self.now))
            }
            _ => NEVER,
        }
    }
}
