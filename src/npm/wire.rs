//! What is said by number: the members of `Ask` and `Tell` in `npm/src/wire.ts`, in the same order.

/// What the facade asks for.
pub(super) mod ask {
    pub(in crate::npm) const JUDGE: u64 = 0;
    pub(in crate::npm) const EXPIRED: u64 = 1;
    pub(in crate::npm) const HISTORY: u64 = 2;
    pub(in crate::npm) const STOP: u64 = 3;
    pub(in crate::npm) const START: u64 = 4;
    pub(in crate::npm) const HEARD: u64 = 5;
    pub(in crate::npm) const LOGIN: u64 = 6;
    pub(in crate::npm) const AUTHORIZE: u64 = 7;
    pub(in crate::npm) const REFUSED: u64 = 8;
    pub(in crate::npm) const RENEW: u64 = 9;
    pub(in crate::npm) const LOGOUT: u64 = 10;
    pub(in crate::npm) const CANCEL: u64 = 11;
    pub(in crate::npm) const SUPPLY: u64 = 12;
    pub(in crate::npm) const CONTEXT: u64 = 13;
    pub(in crate::npm) const ACTIVE: u64 = 14;
    #[cfg(feature = "full")]
    pub(in crate::npm) const ANSWER: u64 = 15;
    #[cfg(feature = "full")]
    pub(in crate::npm) const OBSERVED: u64 = 16;
}

/// What it is told.
pub(super) mod tell {
    pub(in crate::npm) const SETTLED: u32 = 0;
    pub(in crate::npm) const FAILED: u32 = 1;
    pub(in crate::npm) const CHANGED: u32 = 2;
    pub(in crate::npm) const ASKED: u32 = 3;
    pub(in crate::npm) const EXCHANGED: u32 = 4;
    pub(in crate::npm) const FOUND: u32 = 5;
}
