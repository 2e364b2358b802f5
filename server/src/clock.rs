//! The only place of the server that asks what time it is. Not a timer: it tells time and wakes nobody.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Wall time. Clones share one source, so a test that moves its clock moves everybody's.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    pub const fn system() -> Clock {
        Clock(Source::System)
    }

    /// A clock that stands still at `start_ms` (milliseconds since the Unix epoch) until it is moved.
    pub fn manual(start_ms: i64) -> Clock {
        Clock(Source::Manual(Arc::new(AtomicI64::new(start_ms))))
    }

    /// Milliseconds since the Unix epoch; negative before it.
    pub fn now_ms(&self) -> i64 {
        match &self.0 {
            Source::System => system_ms(),
            Source::Manual(now_ms) => now_ms.load(Ordering::SeqCst),
        }
    }

    /// Whole seconds since the Unix epoch, as `iat` and `exp` count them (RFC 7519 section 2, NumericDate).
    pub fn now_secs(&self) -> i64 {
        self.now_ms().div_euclid(1000)
    }

    /// Moves a manual clock by `by_ms` milliseconds, backwards if negative. The machine's clock stays as it is.
    pub fn advance_ms(&self, by_ms: i64) {
        if let Source::Manual(now_ms) = &self.0 {
            now_ms.fetch_add(by_ms, Ordering::SeqCst);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the edge at which time comes in")]
fn system_ms() -> i64 {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_stands_still_until_it_is_moved_and_its_clones_move_with_it() {
        let clock = Clock::manual(1_999);
        let twin = clock.clone();
        assert_eq!(clock.now_secs(), 1);
        clock.advance_ms(2);
        assert_eq!((twin.now_ms(), twin.now_secs()), (2_001, 2));
        twin.advance_ms(-4_000);
        assert_eq!((clock.now_ms(), clock.now_secs()), (-1_999, -2));
    }

    #[test]
    fn the_machines_clock_is_not_moved_by_advancing() {
        let clock = Clock::system();
        let before_ms = clock.now_ms();
        clock.advance_ms(1_000_000_000);
        assert!(clock.now_ms() - before_ms < 1_000_000);
    }
}
