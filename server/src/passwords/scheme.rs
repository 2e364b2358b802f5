//! Which hash new passwords get, and which stored ones are understood.

use super::PasswordError;
use argon2::password_hash::phc::PasswordHash as Phc;

/// How new passwords are hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PasswordScheme {
    /// argon2id (RFC 9106).
    Argon2id {
        /// Memory in KiB.
        memory_kib: u32,
        /// Passes over it.
        passes: u32,
        /// Lanes.
        lanes: u32,
    },
    /// bcrypt, in its `$2b$` form.
    Bcrypt {
        /// The binary logarithm of its rounds, 4 to 31.
        cost: u32,
    },
}

impl PasswordScheme {
    /// argon2id as OWASP's Password Storage Cheat Sheet recommends it: 19 MiB, two passes, one lane.
    pub const ARGON2ID: PasswordScheme = PasswordScheme::Argon2id { memory_kib: 19 * 1024, passes: 2, lanes: 1 };
    /// bcrypt as the same source has it: ten, and more if the machine is fast.
    pub const BCRYPT: PasswordScheme = PasswordScheme::Bcrypt { cost: 10 };

    /// Whether a new password can be hashed whole.
    ///
    /// # Errors
    /// [`PasswordError::Malformed`] if it is empty or has a NUL, [`PasswordError::TooLong`] for bcrypt beyond
    /// 72 bytes.
    pub fn accepts(self, password: &str) -> Result<(), PasswordError> {
        match self {
            _ if password.is_empty() || password.contains('\0') => Err(PasswordError::Malformed),
            PasswordScheme::Bcrypt { .. } if password.len() > BCRYPT_MAX_BYTES => {
                Err(PasswordError::TooLong(password.len()))
            }
            _ => Ok(()),
        }
    }
}

/// What bcrypt looks at: 18 words of 32 bits.
pub(super) const BCRYPT_MAX_BYTES: usize = 72;

/// What is wrong with a hash that came from elsewhere.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("expected a bcrypt hash ($2a$, $2b$ or $2y$, cost 4 to 16) or an argon2 one ($argon2id$…)")]
pub struct HashFault;

/// Whether a stored or imported hash is one that this server can check, and is affordable: a hash that takes
/// minutes or gigabytes would let its owner stop the server with a login.
///
/// # Errors
/// [`HashFault`] if not.
pub fn check_hash(hash: &str) -> Result<(), HashFault> {
    let known = if hash.starts_with("$argon2") { argon2_is_known(hash) } else { bcrypt_is_known(hash) };
    known.then_some(()).ok_or(HashFault)
}

pub(super) fn is_argon2(hash: &str) -> bool {
    hash.starts_with("$argon2")
}

fn bcrypt_is_known(hash: &str) -> bool {
    // Sixty characters: "$2b$12$", 22 of salt, 31 of digest.
    let form = ["$2a$", "$2b$", "$2y$"].iter().any(|prefix| hash.starts_with(prefix)) && hash.len() == 60;
    form && hash.parse::<bcrypt::HashParts>().is_ok_and(|parts| (4..=16).contains(&parts.get_cost()))
}

fn argon2_is_known(hash: &str) -> bool {
    let Ok(parsed) = Phc::new(hash) else { return false };
    let Ok(params) = argon2::Params::try_from(&parsed) else { return false };
    parsed.hash.is_some() && params.m_cost() <= 256 * 1024 && params.t_cost() <= 16
}
