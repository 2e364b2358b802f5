//! What the clock says: a timer that fires proves nothing, so the clocks are read and everything is looked at anew.

use crate::renewal::Renewing;
use crate::store::Then;
use crate::{Command, Event, Session};

impl Session {
    pub(crate) fn woke(&mut self) {
        self.wakes_at_ms = None;
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
        if self.until_idle() == Some(0) {
            return self.end_unless_renewed(Event::Idle, None);
        }
        let Some(validity) = self.validity.filter(|_| self.is_signed_in()) else { return };
        if self.renews_unseen() {
            if validity.is_stale(self.now) && self.renews_by_timer() {
                self.begin_renewal();
            }
        } else if validity.is_expired(self.now) && !self.may_get_help() {
            self.end_unless_renewed(Event::Expired, None);
        }
    }

    /// Whether anybody has use of a renewal that no call has asked for.
    fn renews_by_timer(&self) -> bool {
        let seen = !self.now.hidden || self.options.when_hidden;
        seen && self.validity.is_some_and(|it| it.is_worth_a_timer())
    }

    /// Sets the timer for whatever comes next, if that has changed.
    pub(crate) fn schedule(&mut self) {
        let mut delay: Option<u64> = None;
        let nexts =
            [self.until_renewal(), self.until_overdue(), self.until_unlocked(), self.until_help(), self.until_idle()];
        for until in nexts {
            delay = match (delay, until) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
        }
        let at = delay.map(|it| self.now.monotonic_ms.saturating_add(it));
        if at != self.wakes_at_ms {
            self.wakes_at_ms = at;
            self.commands.push(Command::Wake(delay));
        }
    }

    /// Milliseconds until the session has to do something about its token.
    fn until_renewal(&self) -> Option<u64> {
        let validity = self.validity.filter(|_| self.is_signed_in())?;
        if !self.renews_unseen() {
            return validity.until_end(self.now).filter(|_| !self.may_get_help() && !self.queue.is_ending());
        }
        if !matches!(self.renewing, Renewing::Idle) || !self.renews_by_timer() {
            return None;
        }
        Some(validity.until_stale(self.now)?.max(self.backoff.remaining(self.now)))
    }
}
