//! Waiting after failures: longer each time, never in step with others, never longer than a cap.

use crate::clock::Moment;
use crate::{Failure, Now};

const FIRST_MS: u64 = 1_000;
const CAP_MS: u64 = 120_000;

/// A server may ask for more than the cap; this much is believed.
const RETRY_AFTER_CAP_MS: u64 = 600_000;

/// How long renewals rest, and why.
#[derive(Default)]
pub(crate) struct Backoff {
    failures: u32,
    rest: Option<Rest>,
}

struct Rest {
    since: Moment,
    millis: u64,
    failure: Failure,
}

impl Backoff {
    /// A renewal failed without ending the session. True if it is the first failure in a row.
    pub(crate) fn failed(&mut self, failure: Failure, now: Now) -> bool {
        self.failures = self.failures.saturating_add(1);
        let ceiling = (FIRST_MS << self.failures.min(16)).min(CAP_MS);
        let jittered = ceiling / 2 + now.fraction(ceiling / 2);
        let asked = failure.retry_after_ms.unwrap_or(0).min(RETRY_AFTER_CAP_MS);
        self.rest = Some(Rest { since: Moment::of(now), millis: jittered.max(asked), failure });
        self.failures == 1
    }

    pub(crate) fn clear(&mut self) {
        *self = Backoff::default();
    }

    /// Milliseconds until the next attempt; 0 if there is nothing to wait for.
    pub(crate) fn remaining(&self, now: Now) -> u64 {
        self.rest.as_ref().map_or(0, |rest| rest.millis.saturating_sub(rest.since.elapsed(now)))
    }

    /// Why renewals rest, with the time that is left, while they do.
    pub(crate) fn failure(&self, now: Now) -> Option<Failure> {
        let remaining = self.remaining(now);
        let rest = self.rest.as_ref().filter(|_| remaining > 0)?;
        Some(Failure { retry_after_ms: Some(remaining), ..rest.failure.clone() })
    }
}
