//! The clocks of a schedule. All tabs are of one machine and share both of its clocks; the server has one of its own.

/// Where every schedule begins, by the wall clock.
const EPOCH_MS: i64 = 1_772_700_000_000;

/// Virtual time, in milliseconds.
pub(crate) struct Clock {
    /// The machine's monotonic clock, by which everything is ordered.
    pub(crate) monotonic_ms: u64,
    /// How much of the world's time that clock has missed in sleep.
    slept_ms: u64,
    /// How far the wall clock has been set.
    set_ms: i64,
    /// How far the server's clock is off.
    server_ms: i64,
    /// How often any clock has lied.
    pub(crate) lies: u32,
}

impl Clock {
    pub(crate) const fn new() -> Clock {
        Clock { monotonic_ms: 5_000, slept_ms: 0, set_ms: 0, server_ms: 0, lies: 0 }
    }

    pub(crate) const fn wall_ms(&self) -> u64 {
        (EPOCH_MS + self.true_ms() + self.set_ms) as u64
    }

    pub(crate) const fn server_ms(&self) -> u64 {
        (EPOCH_MS + self.true_ms() + self.server_ms) as u64
    }

    const fn true_ms(&self) -> i64 {
        (self.monotonic_ms + self.slept_ms) as i64
    }

    /// The machine sleeps, and its monotonic clock stands still.
    pub(crate) const fn sleep(&mut self, millis: u64) {
        self.slept_ms += millis;
        self.lies += 1;
    }

    /// Somebody sets the wall clock.
    pub(crate) const fn set(&mut self, millis: i64) {
        self.set_ms += millis;
        self.lies += 1;
    }

    /// Somebody sets the server's clock.
    pub(crate) const fn set_server(&mut self, millis: i64) {
        self.server_ms += millis;
    }
}
