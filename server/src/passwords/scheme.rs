//! Which hash new passwords get.

use super::PasswordError;
use super::stored::Stored;
use crate::account::PasswordHash;
use argon2::{Algorithm, Version};

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

    /// Whether a stored hash is of this very kind and cost. One that is not is replaced at the next login, the only
    /// moment at which the password is at hand.
    pub fn made(self, hash: &PasswordHash) -> bool {
        match (self, Stored::read(&hash.0)) {
            (PasswordScheme::Bcrypt { cost }, Some(Stored::Bcrypt { cost: stored, .. })) => cost == stored,
            (
                PasswordScheme::Argon2id { memory_kib, passes, lanes },
                Some(Stored::Argon2 { algorithm: Algorithm::Argon2id, version: Version::V0x13, params, .. }),
            ) => (params.m_cost(), params.t_cost(), params.p_cost()) == (memory_kib, passes, lanes),
            _ => false,
        }
    }
}

/// What bcrypt looks at: 18 words of 32 bits.
pub(super) const BCRYPT_MAX_BYTES: usize = 72;
