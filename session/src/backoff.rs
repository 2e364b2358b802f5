//! Waiting after failures: longer each time, never in step with others, never longer than a cap.

use crate::clock::Moment;
use crate::{Failure, FailureKind, Now, Pause};
use relatch_dialects::Meaning;

const FIRST_MS: u64 = 1_000;
const CAP_MS: u64 = 120_000;

/// A server may ask for more than the cap; this much is believed.
const RETRY_AFTER_CAP_MS: u64 = 600_000;

/// The longest that one tab can make the others wait.
pub(crate) const MAX_PAUSE_MS: u64 = RETRY_AFTER_CAP_MS;

/// How long renewals rest, and why.
#[derive(Default)]
pub(crate) struct Backoff {
    failures: u32,
    rest: Option<Rest>,
}

struct Rest {
    since: Moment,
    millis: u64,
    failure: Box<Failure>,
}

impl Backoff {
    /// A renewal failed without ending the session. True if it is the first failure in a row.
    pub(crate) fn failed(&mut self, failure: Box<Failure>, now: &Now) -> bool {
        self.failures = self.failures.saturating_add(1);
        let ceiling = (FIRST_MS << self.failures.min(16)).min(CAP_MS);
        let jittered = ceiling / 2 + now.fraction(ceiling / 2);
        let asked = failure.retry_after_ms.unwrap_or(0).min(RETRY_AFTER_CAP_MS);
        self.rest = Some(Rest { since: Moment::of(now), millis: jittered.max(asked), failure });
        self.failures == 1
    }

    /// The same, as the other tabs are told.
    pub(crate) fn pause(&self, now: &Now) -> Pause {
        let until_ms = now.wall_ms.saturating_add(self.remaining(now));
        let status = self.rest.as_ref().and_then(|it| it.failure.status).unwrap_or(0);
        Pause { until_ms, failures: self.failures, status }
    }

    /// Another tab has failed. True if there is anything left to wait for.
    pub(crate) fn adopt(&mut self, pause: Pause, now: &Now) -> bool {
        let millis = pause.remaining(now);
        if pause.failures == 0 || millis == 0 {
            return false;
        }
        let (kind, status) = match pause.status {
            0 => (FailureKind::Network, None),
            429 => (FailureKind::Meant(Meaning::RateLimited), Some(429)),
            other @ ..500 => (FailureKind::UnexpectedAnswer, Some(other)),
            other => (FailureKind::Meant(Meaning::ServerError), Some(other)),
        };
        let mut failure = Failure::of(kind);
        failure.status = status;
        (self.failures, self.rest) = (pause.failures, Some(Rest { since: Moment::of(now), millis, failure }));
        true
    }

    pub(crate) fn clear(&mut self) {
        *self = Backoff::default();
    }

    /// Milliseconds until the next attempt; 0 if there is nothing to wait for.
    pub(crate) fn remaining(&self, now: &Now) -> u64 {
        self.rest.as_ref().map_or(0, |rest| rest.millis.saturating_sub(rest.since.elapsed(now)))
    }

    /// Why renewals rest, with the time that is left, while they do.
    pub(crate) fn failure(&self, now: &Now) -> Option<Box<Failure>> {
        if self.remaining(now) == 0 { None } else { self.last(now) }
    }

    /// The last failure, with the time that is left until the next attempt.
    pub(crate) fn last(&self, now: &Now) -> Option<Box<Failure>> {
        let mut failure = self.rest.as_ref()?.failure.clone();
        failure.retry_after_ms = Some(self.remaining(now));
        Some(failure)
    }
}
