//! Age by two clocks that both lie: the monotonic one may stand still while the machine sleeps, the wall clock may be
//! set. Whichever says that more time has passed is believed: at worst a token is renewed early.

use crate::Now;

/// Ahead-of-time renewal starts this much before the end at the most.
const MAX_AHEAD_MS: u64 = 300_000;

/// No token is taken for shorter-lived than this, so that no lifetime and no skew makes a loop of renewals.
const MIN_LIFETIME_MS: u64 = 1_000;

/// Shorter-lived tokens are renewed when somebody needs one.
const MIN_TIMED_MS: u64 = 10_000;

/// In place of milliseconds, of what does not come. Not an `Option`, which travels through memory in the wasm and is taken apart
/// wherever two times are compared.
pub(crate) const NEVER: u64 = u64::MAX;

/// A moment by both clocks.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    wall_ms: u64,
    monotonic_ms: u64,
}

impl Moment {
    pub(crate) const fn of(now: &Now) -> Moment {
        Moment { wall_ms: now.wall_ms, monotonic_ms: now.monotonic_ms }
    }

    /// How much time has passed since, by the clock that says more.
    // Compiled once: the wasm would else have a copy wherever it is called.
    #[inline(never)]
    pub(crate) fn elapsed(self, now: &Now) -> u64 {
        let wall = now.wall_ms.saturating_sub(self.wall_ms);
        wall.max(now.monotonic_ms.saturating_sub(self.monotonic_ms))
    }

    /// How much by the clock that says less: so much has passed whichever of them lies, unless both do.
    fn surely_elapsed(self, now: &Now) -> u64 {
        self.ran(now).min(now.wall_ms.saturating_sub(self.wall_ms))
    }

    /// How much of that this machine has been running: what is waited for another tab is not over sooner because a clock was set.
    pub(crate) const fn ran(self, now: &Now) -> u64 {
        now.monotonic_ms.saturating_sub(self.monotonic_ms)
    }
}

/// How long ago something was that another tab may have written down, by the wall clock.
#[derive(Clone, Copy)]
pub(crate) struct Age {
    since: Moment,
    /// How old it was already when this tab heard of it.
    then_ms: u64,
}

impl Age {
    /// Of something that was at `at_ms` (wall clock), heard of now.
    pub(crate) const fn of(at_ms: u64, now: &Now) -> Age {
        Age { since: Moment::of(now), then_ms: now.wall_ms.saturating_sub(at_ms) }
    }

    pub(crate) fn millis(self, now: &Now) -> u64 {
        self.then_ms.saturating_add(self.since.elapsed(now))
    }
}

/// When the token that is held came, and how long it is good and fresh.
#[derive(Clone, Copy)]
pub(crate) struct Validity {
    age: Age,
    lifetime_ms: u64,
    fresh_ms: u64,
}

impl Validity {
    /// Of a token received at `received_at_ms` (wall clock) and taken up now.
    pub(crate) fn new(lifetime_ms: Option<u64>, received_at_ms: u64, ahead_permille: u64, now: &Now) -> Validity {
        let lifetime_ms = lifetime_ms.unwrap_or(NEVER).max(MIN_LIFETIME_MS);
        let ahead = (lifetime_ms / 1000 * ahead_permille.min(1000)).min(MAX_AHEAD_MS);
        // However early an app wishes: a token that is stale when it comes would be renewed without end.
        let ahead = ahead.min(lifetime_ms / 3);
        // Tabs and machines that got their tokens at the same time do not renew at the same time.
        let jitter = now.fraction(ahead / 2);
        Validity {
            age: Age::of(received_at_ms, now),
            lifetime_ms,
            fresh_ms: lifetime_ms.saturating_sub(ahead.saturating_add(jitter)),
        }
    }

    /// Of no token, or of one that does not end.
    pub(crate) const fn endless(now: &Now) -> Validity {
        Validity { age: Age::of(now.wall_ms, now), lifetime_ms: NEVER, fresh_ms: NEVER }
    }

    /// Milliseconds until both clocks say that the token has ended. One of them alone may have been set, or have slept.
    pub(crate) fn until_sure_end(&self, now: &Now) -> u64 {
        self.left_of(self.lifetime_ms, self.age.then_ms.saturating_add(self.age.since.surely_elapsed(now)))
    }

    /// Whether it is time to renew.
    pub(crate) fn is_stale(&self, now: &Now) -> bool {
        self.until_stale(now) == 0
    }

    /// Whether renewing it by a timer makes sense: a token that lives for seconds would be renewed all day for nobody.
    pub(crate) fn is_worth_a_timer(&self) -> bool {
        self.lifetime_ms >= MIN_TIMED_MS
    }

    /// Milliseconds until the token ends.
    pub(crate) fn until_end(&self, now: &Now) -> u64 {
        self.left_of(self.lifetime_ms, self.age.millis(now))
    }

    /// Milliseconds until it is time to renew.
    pub(crate) fn until_stale(&self, now: &Now) -> u64 {
        self.left_of(self.fresh_ms, self.age.millis(now))
    }

    fn left_of(&self, millis: u64, age_ms: u64) -> u64 {
        if self.lifetime_ms == NEVER { NEVER } else { millis.saturating_sub(age_ms) }
    }
}
