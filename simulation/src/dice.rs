//! All the chance there is in a schedule, from one seed. Not cryptographic.

/// SplitMix64: every seed is a good one, also 0 and 1.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        it ^ (it >> 31)
    }

    pub(crate) const fn next_u128(&mut self) -> u128 {
        (self.next() as u128) << 64 | self.next() as u128
    }

    /// A number below `sides`.
    pub(crate) const fn roll(&mut self, sides: u64) -> u64 {
        self.next() % sides
    }

    /// True that often in a thousand.
    pub(crate) const fn chance(&mut self, permille: u64) -> bool {
        self.roll(1000) < permille
    }

    /// A number below two to the power of `bits`, of every order of magnitude alike.
    pub(crate) const fn magnitude(&mut self, bits: u64) -> u64 {
        let magnitude = self.roll(bits) + 1;
        self.roll(1 << magnitude)
    }

    pub(crate) fn pick<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        of.get(self.roll(of.len().max(1) as u64) as usize).copied()
    }
}
