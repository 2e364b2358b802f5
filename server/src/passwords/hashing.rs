//! The arithmetic. It blocks, for tens of milliseconds: only the pool calls it.

use super::scheme::{BCRYPT_MAX_BYTES, is_argon2};
use super::{PasswordError, PasswordScheme};
use crate::account::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc};
use argon2::{Algorithm, Argon2, Params, Version};

pub(super) fn hash(password: &str, scheme: PasswordScheme) -> Result<PasswordHash, PasswordError> {
    match scheme {
        PasswordScheme::Argon2id { memory_kib, passes, lanes } => argon2id(password, memory_kib, passes, lanes),
        PasswordScheme::Bcrypt { cost } => bcrypt::hash(password, cost).map_err(|_| PasswordError::Failed),
    }
    .map(PasswordHash)
}

/// A hash of that scheme that no password fits. It is made at the least cost and then says that it cost more: a
/// check believes it and takes as long as against a real one, while a server starts without having hashed.
pub(super) fn dummy(scheme: PasswordScheme) -> Result<PasswordHash, PasswordError> {
    let password = uuid::Uuid::new_v4().to_string();
    let (cheap, least, full) = match scheme {
        PasswordScheme::Argon2id { memory_kib, passes, lanes } => {
            (argon2id(&password, 8, 1, 1)?, "$m=8,t=1,p=1$".into(), format!("$m={memory_kib},t={passes},p={lanes}$"))
        }
        PasswordScheme::Bcrypt { cost } => {
            let cheap = bcrypt::hash(&password, 4).map_err(|_| PasswordError::Failed)?;
            (cheap, "$04$".to_owned(), format!("${cost:02}$"))
        }
    };
    Ok(PasswordHash(cheap.replacen(&least, &full, 1)))
}

fn argon2id(password: &str, memory_kib: u32, passes: u32, lanes: u32) -> Result<String, PasswordError> {
    let params = Params::new(memory_kib, passes, lanes, None).map_err(|_| PasswordError::Failed)?;
    let hash: phc::PasswordHash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password(password.as_bytes())
        .map_err(|_| PasswordError::Failed)?;
    Ok(hash.to_string())
}

pub(super) fn verify(password: &str, stored: &PasswordHash) -> Result<bool, PasswordError> {
    if is_argon2(&stored.0) { verify_argon2(password, &stored.0) } else { verify_bcrypt(password, &stored.0) }
}

fn verify_argon2(password: &str, stored: &str) -> Result<bool, PasswordError> {
    let parsed = phc::PasswordHash::new(stored).map_err(|_| PasswordError::UnknownHash)?;
    // Its variant, version and costs are those of the stored string, not of this instance.
    match Argon2::default().verify_password(password.as_bytes(), &parsed) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
        Err(_) => Err(PasswordError::UnknownHash),
    }
}

/// A password that bcrypt would cut off, or that has a NUL (bcrypt repeats the password with a NUL after it,
/// so that `a` and `a\0a` are one to it), takes its time like any other and is wrong.
fn verify_bcrypt(password: &str, stored: &str) -> Result<bool, PasswordError> {
    let fits = bcrypt::verify(password, stored).map_err(|_| PasswordError::UnknownHash)?;
    Ok(fits && password.len() <= BCRYPT_MAX_BYTES && !password.contains('\0'))
}
