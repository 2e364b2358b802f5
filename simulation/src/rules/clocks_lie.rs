//! `clocks-lie`: whatever the clocks say, tokens are renewed only when half of their lifetime has passed by one of them, or the
//! app wished it, or the server refused them; a failed renewal rests a while; no timer fires again and again at one moment;
//! and no call is sent with tokens that have ended by either clock, or, where
//! nothing can bring others, by both.

use crate::rule::Rule;
use crate::tab::Key;
use crate::world::World;
use relatch_dialects::Renewal;
use relatch_session::{Failure, Outcome};

/// The shortest rest after a failure.
const REST_MS: u64 = 1_000;

/// No lifetime is taken for shorter.
const SHORTEST_MS: u64 = 1_000;

/// Timers in one millisecond, with room for those that a freeze has held up.
const BURST: u32 = 20;

impl World {
    pub(super) fn check_rest(&mut self, slot: usize, key: Key) {
        let failed_ms = self.last_failure_ms(slot, key);
        if failed_ms.is_some_and(|it| self.clock.monotonic_ms < it + REST_MS) {
            self.fail(Rule::ClocksLie, format!("tab {slot} renews again without a rest"));
        }
    }

    /// A renewal begins. What the clocks say later, when it leaves, may be something else again.
    pub(super) fn check_renewal_is_due(&mut self, slot: usize) {
        let Some(key) = self.at(slot).key() else { return };
        let taken = self.at(slot).taken.filter(|it| it.key == key);
        let is_old = taken.is_none_or(|it| {
            let half = it.lifetime_ms.map(|it| it.max(SHORTEST_MS) / 2);
            half.is_some_and(|half| self.age_ms(&it) >= half)
        });
        // Another tab may want newer ones than this tab has heard of.
        if is_old || self.watch.reasons.iter().any(|it| it.0 == key.0 && it.1 >= key.1) {
            return;
        }
        match self.watch.vague_reasons.checked_sub(1) {
            Some(left) => self.watch.vague_reasons = left,
            None => self.fail(Rule::ClocksLie, format!("tab {slot} renews tokens that are good")),
        }
    }

    pub(super) fn check_granted_is_good(&mut self, slot: usize, result: &Result<Outcome, Box<Failure>>) {
        let Ok(Outcome::Granted(grant)) = result else { return };
        let key = (grant.login, grant.generation);
        // Tokens that were so long in coming are tried all the same: to wait for the next would be a loop.
        let before_now = |it: &crate::tab::Taken| it.key == key && it.monotonic_ms < self.clock.monotonic_ms;
        let Some(taken) = self.at(slot).taken.filter(before_now) else { return };
        // Where an answer may mean a missing right, nobody is asked to log in because of it: a second try costs nothing.
        let is_try = self.plan.guarded && self.plan.options.renewal != Renewal::Endpoint;
        let age_ms = if self.is_helpless() { self.sure_age_ms(&taken) } else { self.age_ms(&taken) };
        if !is_try && taken.lifetime_ms.is_some_and(|it| age_ms >= it.max(SHORTEST_MS)) {
            self.fail(Rule::ClocksLie, format!("tab {slot} sends a call with tokens that have ended"));
        }
    }

    /// Nothing can bring other tokens. What one clock says is no reason to sign anybody out then: the server is asked.
    fn is_helpless(&self) -> bool {
        let options = &self.plan.options;
        let renews = options.renewal == Renewal::Endpoint && self.plan.refresh_tokens;
        !renews && !options.keep_credentials && !options.asks_login
    }

    pub(super) fn check_burst(&mut self, slot: usize) {
        let now = self.clock.monotonic_ms;
        let burst = &mut self.at_mut(slot).burst;
        let count = if burst.0 == now { burst.1 + 1 } else { 1 };
        *burst = (now, count);
        if count > BURST {
            self.fail(Rule::ClocksLie, format!("tab {slot} wakes again and again"));
        }
    }
}
