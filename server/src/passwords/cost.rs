//! What a failed login costs in a realm: the dearest stored hash of each kind that the realm's accounts have, whoever
//! asks. Somebody with a cheaper hash, or with none, has the rest worked off without a use.
//!
//! The rest is counted, not timed: sleeping until a measured time has passed would show through under load, when a
//! hash takes longer and a sleep does not. Between kinds nothing is converted, since how many rounds of one are worth a
//! pass of another differs from machine to machine; a realm in the middle of a migration therefore pays for both.

use super::hashing::{self, Scratch};
use super::scheme::PasswordScheme;
use super::stored::{Prf, Stored};

/// What one failure costs in a realm: a share for each kind, in the order of the kinds, so that everybody's rest is worked
/// off in one order, whatever order the store tells them in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailureCost(Vec<Share>);

/// The dearest hash of one kind: the one of the most units, and among equals the one of the most memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Share {
    kind: Kind,
    /// argon2: KiB times passes. bcrypt: rounds. scrypt: N r p. PBKDF2: rounds times blocks.
    units: u64,
    /// argon2: KiB at once.
    memory_kib: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Argon2,
    Bcrypt,
    Scrypt,
    Pbkdf2(Prf),
}

impl FailureCost {
    /// The cost in a realm whose accounts have hashes of these kinds, as
    /// [`password_kinds`](crate::store::People::password_kinds) tells them; of `usual` where there are none.
    pub fn of(kinds: &[String], usual: PasswordScheme) -> FailureCost {
        let mut shares: Vec<Share> = Vec::new();
        for share in kinds.iter().filter_map(|it| Share::of_kind(it)) {
            match shares.iter_mut().find(|it| it.kind == share.kind) {
                Some(dearest) => *dearest = share.max(*dearest),
                None => shares.push(share),
            }
        }
        shares.sort_unstable();
        if shares.is_empty() {
            shares.push(Share::of_scheme(usual));
        }
        FailureCost(shares)
    }

    /// Works off what `done` has not cost yet.
    pub(super) fn work_off(&self, scratch: &mut Scratch, done: Option<&Stored>) {
        let done = done.map(Share::of);
        for share in &self.0 {
            let paid = done.filter(|it| it.kind == share.kind).map_or(0, |it| it.units);
            share.spend(scratch, share.units.saturating_sub(paid));
        }
    }
}

impl Share {
    /// A kind is a stored hash up to its salt; any salt and digest make it whole.
    fn of_kind(kind: &str) -> Option<Share> {
        let rest = if kind.starts_with("$2") {
            "CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"
        } else {
            "AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        };
        Stored::read(&format!("{kind}{rest}")).map(|it| Share::of(&it))
    }

    fn of(stored: &Stored) -> Share {
        let (kind, units, memory_kib) = match stored {
            Stored::Argon2 { params, .. } => {
                (Kind::Argon2, u64::from(params.m_cost()) * u64::from(params.t_cost()), params.m_cost())
            }
            Stored::Bcrypt { cost, .. } => (Kind::Bcrypt, 1 << cost, 0),
            Stored::Scrypt { params, .. } => {
                (Kind::Scrypt, params.n() * u64::from(params.r()) * u64::from(params.p()), 0)
            }
            Stored::Pbkdf2 { prf, rounds, digest, .. } => {
                (Kind::Pbkdf2(*prf), u64::from(*rounds) * digest.len().div_ceil(prf.bytes()) as u64, 0)
            }
        };
        Share { kind, units, memory_kib }
    }

    fn of_scheme(scheme: PasswordScheme) -> Share {
        match scheme {
            PasswordScheme::Argon2id { memory_kib, passes, .. } => {
                Share { kind: Kind::Argon2, units: u64::from(memory_kib) * u64::from(passes), memory_kib }
            }
            PasswordScheme::Bcrypt { cost } => Share { kind: Kind::Bcrypt, units: 1 << cost, memory_kib: 0 },
        }
    }

    fn spend(&self, scratch: &mut Scratch, units: u64) {
        match self.kind {
            Kind::Argon2 => spend_argon2(scratch, units, u64::from(self.memory_kib.max(8))),
            // Powers of two add up to any difference of two costs: 2^12 - 2^10 is 2^11 and 2^10.
            Kind::Bcrypt => powers(units).filter(|it| *it >= 4).for_each(|cost| {
                std::hint::black_box(bcrypt::bcrypt(cost, [0; 16], b"nobody"));
            }),
            Kind::Scrypt => powers(units / 8).filter(|it| *it >= 1).for_each(|log_n| {
                if let Ok(params) = scrypt::Params::new(log_n as u8, 8, 1) {
                    let _ = std::hint::black_box(scrypt::scrypt(b"nobody", &[0; 16], &params, &mut [0; 32]));
                }
            }),
            Kind::Pbkdf2(prf) => {
                let rounds = u32::try_from(units).unwrap_or(u32::MAX);
                if rounds > 0 {
                    let mut out = vec![0; prf.bytes()];
                    hashing::pbkdf2(prf, b"nobody", &[0; 16], rounds, &mut out);
                    std::hint::black_box(out);
                }
            }
        }
    }
}

/// Whole passes over the memory of the dearest, and one pass over the part that is left.
fn spend_argon2(scratch: &mut Scratch, units: u64, memory_kib: u64) {
    let (passes, rest) = (units / memory_kib, units % memory_kib);
    if passes > 0 {
        hashing::spend_argon2(scratch, memory_kib as u32, passes as u32);
    }
    if rest >= 8 {
        hashing::spend_argon2(scratch, rest as u32, 1);
    }
}

/// The exponents of the powers of two that a number is the sum of.
fn powers(number: u64) -> impl Iterator<Item = u32> {
    (0..u64::BITS).filter(move |it| number >> it & 1 == 1)
}
