//! `deadlines`: whatever the app asks is answered, once, within a bounded time of the tab's own: waiting for tokens has one
//! deadline, a request another, the store its slowest. The same for holding the lock, and for waiting for it,
//! which begins anew once, after a sleep.

use crate::rule::Rule;
use crate::store::SLOWEST_MS;
use crate::tab::{Tab, Wish};
use crate::world::World;
use relatch_session::Options;

/// What a loop over events may be late.
const SLACK_MS: u64 = 1_000;

impl World {
    /// Time has passed.
    pub(crate) fn check_deadlines(&mut self) {
        let now = self.clock.monotonic_ms;
        if now < self.watch.swept_ms + 250 {
            return;
        }
        self.watch.swept_ms = now;
        let options = &self.plan.options;
        let mut awake = self.tabs.iter().filter(|it| it.alive && !it.frozen);
        let Some(what) = awake.find_map(|it| overdue(it, now, options)) else { return };
        self.fail(Rule::Deadlines, what);
    }
}

fn overdue(tab: &Tab, monotonic_ms: u64, options: &Options) -> Option<String> {
    // An event that was due in a freeze or in sleep is due now.
    let now = tab.awake_ms(monotonic_ms).saturating_sub(SLACK_MS);
    let late = tab.asked.iter().find(|it| now > it.since_ms + bound_ms(it.wish, options));
    if let Some(asked) = late {
        return Some(format!("{:?} of tab {} waits for ever", asked.wish, tab.id.slot));
    }
    if tab.lock_since_ms.is_some_and(|it| now > it + 2 * options.lock_deadline_ms) {
        return Some("the lock is waited for without end".into());
    }
    let hold_ms = options.request_deadline_ms + 8 * SLOWEST_MS;
    tab.lock_held_since_ms.filter(|it| now > it + hold_ms).map(|_| "the lock is held without end".into())
}

const fn bound_ms(wish: Wish, options: &Options) -> u64 {
    let (request_ms, parked_ms) = (options.request_deadline_ms, options.parked_deadline_ms);
    match wish {
        Wish::Login => request_ms + 8 * SLOWEST_MS,
        Wish::Fetch(_) | Wish::Renew => parked_ms + 2 * SLOWEST_MS,
        Wish::Perform => 2 * (request_ms + parked_ms + SLOWEST_MS),
        Wish::Logout => parked_ms + request_ms + SLOWEST_MS,
    }
}
