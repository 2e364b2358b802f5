//! A stored hash, taken apart: which function, what it costs, and what must come out. Two forms are kept: bcrypt's own
//! and PHC strings (argon2, scrypt, PBKDF2). Others are brought into one of these when they are imported.

use argon2::password_hash::phc::{Output, PasswordHash as Phc};
use argon2::{Algorithm, Params, Version};

/// A hash that can be checked.
pub(super) enum Stored {
    Argon2 { algorithm: Algorithm, version: Version, params: Params, salt: Vec<u8>, digest: Output },
    Bcrypt { text: String, cost: u32 },
    Scrypt { params: scrypt::Params, salt: Vec<u8>, digest: Output },
    Pbkdf2 { prf: Prf, rounds: u32, salt: Vec<u8>, digest: Output },
}

/// The hash under PBKDF2's HMAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Prf {
    Sha1,
    Sha256,
    Sha512,
}

impl Prf {
    /// The identifier in a PHC string.
    const ALL: [(&'static str, Prf); 3] =
        [("pbkdf2-sha1", Prf::Sha1), ("pbkdf2-sha256", Prf::Sha256), ("pbkdf2-sha512", Prf::Sha512)];

    pub(super) fn name(self) -> &'static str {
        Prf::ALL.into_iter().find(|(_, it)| *it == self).map_or("", |(name, _)| name)
    }

    /// Bytes of one block of output.
    pub(super) const fn bytes(self) -> usize {
        match self {
            Prf::Sha1 => 20,
            Prf::Sha256 => 32,
            Prf::Sha512 => 64,
        }
    }
}

/// What a login may cost. A hash that takes minutes or gigabytes would let its owner stop the server.
const MAX_MEMORY_KIB: u64 = 256 * 1024;
const MAX_PASSES: u32 = 16;
const MAX_ROUNDS: u32 = 5_000_000;

impl Stored {
    /// Reads a stored hash; `None` if it is no hash that this server checks, or one that is not affordable.
    pub(super) fn read(text: &str) -> Option<Stored> {
        if text.starts_with("$2") { bcrypt_of(text) } else { phc_of(&Phc::new(text).ok()?) }
    }
}

fn bcrypt_of(text: &str) -> Option<Stored> {
    // Sixty characters: "$2b$12$", 22 of salt, 31 of digest.
    let form = ["$2a$", "$2b$", "$2y$"].iter().any(|prefix| text.starts_with(prefix)) && text.len() == 60;
    let cost = text.parse::<bcrypt::HashParts>().ok().filter(|_| form)?.get_cost();
    (4..=16).contains(&cost).then(|| Stored::Bcrypt { text: text.into(), cost })
}

fn phc_of(phc: &Phc) -> Option<Stored> {
    let (salt, digest) = (phc.salt.as_ref()?.to_vec(), phc.hash?);
    match phc.algorithm.as_str() {
        "scrypt" => scrypt_of(phc, salt, digest),
        name if name.starts_with("argon2") => argon2_of(phc, salt, digest),
        name => pbkdf2_of(name, phc, salt, digest),
    }
}

fn argon2_of(phc: &Phc, salt: Vec<u8>, digest: Output) -> Option<Stored> {
    let params = Params::try_from(phc).ok()?;
    let version = phc.version.map_or(Ok(Version::V0x10), Version::try_from).ok()?;
    let affordable = u64::from(params.m_cost()) <= MAX_MEMORY_KIB && params.t_cost() <= MAX_PASSES;
    let algorithm = Algorithm::new(phc.algorithm.as_str()).ok()?;
    affordable.then_some(Stored::Argon2 { algorithm, version, params, salt, digest })
}

fn scrypt_of(phc: &Phc, salt: Vec<u8>, digest: Output) -> Option<Stored> {
    let number = |name| phc.params.get_decimal(name);
    let (log_n, r, p) = (number("ln")?, number("r")?, number("p")?);
    let memory_kib = 1_u64.checked_shl(log_n)?.checked_mul(u64::from(r))? / 8;
    if log_n == 0 || log_n > 24 || memory_kib > MAX_MEMORY_KIB || p > MAX_PASSES {
        return None;
    }
    let params = scrypt::Params::new(u8::try_from(log_n).ok()?, r, p).ok()?;
    Some(Stored::Scrypt { params, salt, digest })
}

fn pbkdf2_of(name: &str, phc: &Phc, salt: Vec<u8>, digest: Output) -> Option<Stored> {
    let (_, prf) = Prf::ALL.into_iter().find(|(it, _)| *it == name)?;
    let rounds = phc.params.get_decimal("i").filter(|it| (1..=MAX_ROUNDS).contains(it))?;
    Some(Stored::Pbkdf2 { prf, rounds, salt, digest })
}
