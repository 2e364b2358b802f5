//! What the clock says: a timer that fires proves nothing, so the clocks are read and everything is looked at anew.

use crate::renewal::Renewing;
use crate::{Command, Event, Session};

impl Session {
    pub(crate) fn woke(&mut self) {
        self.wakes_at_ms = None;
        self.reject_overdue();
        self.go_unlocked();
        let Some(validity) = self.validity.filter(|_| self.is_signed_in()) else { return };
        if self.renews_unseen() {
            if validity.is_stale(self.now) {
                self.begin_renewal();
            }
        } else if validity.is_expired(self.now) && !self.options.asks_login {
            self.end(Event::Expired, None);
        }
    }

    /// Sets the timer for whatever comes next, if that has changed.
    pub(crate) fn schedule(&mut self) {
        let mut delay: Option<u64> = None;
        for until in [self.until_renewal(), self.until_overdue(), self.until_unlocked()] {
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
            return validity.until_end(self.now).filter(|_| !self.options.asks_login);
        }
        if !matches!(self.renewing, Renewing::Idle) {
            return None;
        }
        Some(validity.until_stale(self.now)?.max(self.backoff.remaining(self.now)))
    }
}
