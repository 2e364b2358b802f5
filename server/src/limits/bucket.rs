//! A leaky bucket in one number: the moment at which the last failure will have been forgiven (the generic cell rate
//! algorithm's theoretical arrival time). It slides without keeping the times of single failures.

use super::{Quota, secs};

/// So many failures in so long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    limit: u32,
    window_secs: u32,
}

impl Bucket {
    pub(super) fn new(limit: u32, window_secs: u32) -> Bucket {
        Bucket { limit: limit.max(1), window_secs: window_secs.max(1) }
    }

    fn window_ms(self) -> i64 {
        i64::from(self.window_secs) * 1000
    }

    /// After how long one failure is forgiven.
    fn each_ms(self) -> i64 {
        (self.window_ms() / i64::from(self.limit)).max(1)
    }

    pub(super) fn add(self, level_ms: i64, now_ms: i64) -> i64 {
        let most_ms = now_ms.saturating_add(self.window_ms());
        level_ms.max(now_ms).saturating_add(self.each_ms()).min(most_ms)
    }

    pub(super) fn give_back(self, level_ms: i64) -> i64 {
        level_ms.saturating_sub(self.each_ms())
    }

    pub(super) fn is_full(self, level_ms: i64, now_ms: i64) -> bool {
        self.remaining(level_ms, now_ms) == 0
    }

    /// Until there is room for one, in milliseconds.
    pub(super) fn wait_ms(self, level_ms: i64, now_ms: i64) -> i64 {
        (level_ms - now_ms - self.each_ms() * (i64::from(self.limit) - 1)).max(0)
    }

    pub(super) fn quota(self, level_ms: i64, now_ms: i64) -> Quota {
        let remaining = self.remaining(level_ms, now_ms);
        let reset_secs = secs(level_ms.saturating_sub(now_ms));
        Quota { limit: self.limit, window_secs: self.window_secs, remaining, reset_secs }
    }

    fn remaining(self, level_ms: i64, now_ms: i64) -> u32 {
        let used = level_ms.saturating_sub(now_ms).max(0).unsigned_abs().div_ceil(self.each_ms().unsigned_abs());
        self.limit.saturating_sub(u32::try_from(used).unwrap_or(u32::MAX))
    }
}
