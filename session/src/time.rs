//! What the clock says: a timer that fires proves nothing, so the clocks are read and everything is looked at anew.

use crate::clock::NEVER;
use crate::history::Cause;
use crate::renewal::Renewing;
use crate::store::Then;
use crate::{Command, Event, Session};

impl Session {
    pub(crate) fn woke(&mut self) {
        self.wakes_at_ms = NEVER;
        self.look_at_clocks();
    }

    /// Messages and timers may have been missed: the store is looked at, whatever the clock says.
    pub(crate) fn returned(&mut self) {
        self.read(Then::Nothing);
        self.look_at_clocks();
    }

    fn look_at_clocks(&mut self) {
        self.reject_overdue();
        self.go_unlocked();
        self.look_for_help();
        if self.until_idle() == 0 {
            return self.end_unless_renewed(Event::Idle, Cause::NONE);
        }
        if self.renews_unseen() {
            if self.validity.is_stale(&self.now) && self.renews_by_timer() {
                self.begin_renewal();
            }
        } else if self.has_expired() && !self.may_get_help() {
            self.end_unless_renewed(Event::Expired, Cause::NONE);
        }
    }

    /// Whether anybody has use of a renewal that no call has asked for.
    fn renews_by_timer(&self) -> bool {
        let seen = !self.now.hidden || self.options.when_hidden;
        seen && self.validity.is_worth_a_timer()
    }

    /// Sets the timer for whatever comes next, if that has changed.
    pub(crate) fn schedule(&mut self) {
        let waits = self.until_overdue().min(self.until_unlocked()).min(self.until_help());
        let delay = self.until_renewal().min(self.until_idle()).min(waits);
        let at = self.now.monotonic_ms.saturating_add(delay);
        if at != self.wakes_at_ms {
            self.wakes_at_ms = at;
            self.commands.push(Command::Wake((delay != NEVER).then_some(delay)));
        }
    }

    /// Milliseconds until the session has to do something about its token.
    fn until_renewal(&self) -> u64 {
        if !self.renews_unseen() {
            let ends = !self.may_get_help() && !self.queue.is_ending();
            return if ends { self.until_end(&self.now) } else { NEVER };
        }
        if !matches!(self.renewing, Renewing::Idle) || !self.renews_by_timer() {
            return NEVER;
        }
        self.validity.until_stale(&self.now).max(self.backoff.remaining(&self.now))
    }
}
