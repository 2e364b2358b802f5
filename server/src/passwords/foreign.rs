//! Hashes that other systems stored, as they wrote them, brought into the forms that this server keeps.
//!
//! | from | looks like |
//! |---|---|
//! | anything of PHC form | `$argon2id$…`, `$scrypt$ln=…`, `$pbkdf2-sha256$i=…` |
//! | bcrypt | `$2a$…`, `$2b$…`, `$2y$…` |
//! | Django | `pbkdf2_sha256$…`, `pbkdf2_sha1$…`, `scrypt$…`, `argon2$argon2id$…`, `bcrypt$$2b$…` |
//! | Passlib | `$pbkdf2-sha256$29000$…`, `$pbkdf2-sha512$…`, `$pbkdf2$…` |
//! | Werkzeug (Flask) | `pbkdf2:sha256:600000$…`, `scrypt:32768:8:1$…` |
//! | Spring | `{bcrypt}$2a$…`, `{argon2}$argon2id$…` |
//! | ASP.NET Core Identity, version 3 | base64 that begins with `AQAAAA` |

use super::stored::{Prf, Stored};
use crate::account::PasswordHash;
use argon2::password_hash::phc::{Output, Salt};
use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// What is wrong with a hash that came from elsewhere.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "expected a hash of bcrypt ($2a$, $2b$ or $2y$, cost 4 to 16), argon2, scrypt or PBKDF2, as a PHC string or as \
     Django, Passlib, Werkzeug, Spring or ASP.NET Core Identity store it, at an affordable cost"
)]
pub struct HashFault;

/// Whether a stored hash is one that this server can check, and is affordable: a hash that takes minutes or gigabytes
/// would let its owner stop the server with a login.
///
/// # Errors
/// [`HashFault`] if not.
pub fn check_hash(hash: &str) -> Result<(), HashFault> {
    Stored::read(hash).map(|_| ()).ok_or(HashFault)
}

/// The hash as this server keeps it, of one that another system stored.
///
/// # Errors
/// [`HashFault`] if it is in none of the forms that are understood, or too dear to be checked at a login.
pub fn adopt_hash(foreign: &str) -> Result<PasswordHash, HashFault> {
    let plain = foreign.trim();
    let kept = adopted(plain).unwrap_or_else(|| plain.into());
    check_hash(&kept).map(|()| PasswordHash(kept))
}

fn adopted(text: &str) -> Option<String> {
    if let Some(rest) = text.strip_prefix("{bcrypt}").or_else(|| text.strip_prefix("{argon2}")) {
        return Some(rest.into());
    }
    if let Some(rest) = text.strip_prefix("bcrypt$").or_else(|| text.strip_prefix("argon2")) {
        return rest.starts_with('$').then(|| rest.into());
    }
    let parts: Vec<&str> = text.split('$').collect();
    match parts.as_slice() {
        ["pbkdf2_sha256", rounds, salt, digest] => django(Prf::Sha256, rounds, salt, digest),
        ["pbkdf2_sha1", rounds, salt, digest] => django(Prf::Sha1, rounds, salt, digest),
        ["scrypt", n, salt, r, p, digest] => scrypt(n, r, p, salt.as_bytes(), &base64(digest)?),
        ["", name @ ("pbkdf2" | "pbkdf2-sha256" | "pbkdf2-sha512"), rounds, salt, digest] => {
            passlib(name, rounds, salt, digest)
        }
        [method, salt, digest] => werkzeug(method, salt, digest),
        [blob] => aspnet(&base64(blob)?),
        _ => None,
    }
}

fn django(prf: Prf, rounds: &str, salt: &str, digest: &str) -> Option<String> {
    pbkdf2(prf, rounds.parse().ok()?, salt.as_bytes(), &base64(digest)?)
}

/// Passlib writes a full stop where base64 has a plus sign.
fn passlib(name: &str, rounds: &str, salt: &str, digest: &str) -> Option<String> {
    let prf = match name {
        "pbkdf2" => Prf::Sha1,
        "pbkdf2-sha256" => Prf::Sha256,
        _ => Prf::Sha512,
    };
    let bytes = |text: &str| base64(&text.replace('.', "+"));
    pbkdf2(prf, rounds.parse().ok()?, &bytes(salt)?, &bytes(digest)?)
}

fn werkzeug(method: &str, salt: &str, digest: &str) -> Option<String> {
    let parts: Vec<&str> = method.split(':').collect();
    let (salt, digest) = (salt.as_bytes(), hex(digest)?);
    match parts.as_slice() {
        ["pbkdf2", "sha256", rounds] => pbkdf2(Prf::Sha256, rounds.parse().ok()?, salt, &digest),
        ["pbkdf2", "sha1", rounds] => pbkdf2(Prf::Sha1, rounds.parse().ok()?, salt, &digest),
        ["pbkdf2", "sha512", rounds] => pbkdf2(Prf::Sha512, rounds.parse().ok()?, salt, &digest),
        ["scrypt", n, r, p] => scrypt(n, r, p, salt, &digest),
        _ => None,
    }
}

/// A marker of 1, then PRF, rounds and the salt's length as 32-bit numbers, the highest byte first, salt and digest.
fn aspnet(blob: &[u8]) -> Option<String> {
    let number = |at: usize| Some(u32::from_be_bytes(blob.get(at..at + 4)?.try_into().ok()?));
    let prf = match (blob.first()?, number(1)?) {
        (1, 0) => Prf::Sha1,
        (1, 1) => Prf::Sha256,
        (1, 2) => Prf::Sha512,
        _ => return None,
    };
    let (salt, digest) = blob.get(13..)?.split_at_checked(number(9)? as usize)?;
    pbkdf2(prf, number(5)?, salt, digest)
}

fn pbkdf2(prf: Prf, rounds: u32, salt: &[u8], digest: &[u8]) -> Option<String> {
    let (salt, digest) = (Salt::new(salt).ok()?, Output::new(digest).ok()?);
    Some(format!("${}$i={rounds},l={}${salt}${digest}", prf.name(), digest.len()))
}

fn scrypt(n: &str, r: &str, p: &str, salt: &[u8], digest: &[u8]) -> Option<String> {
    let n: u64 = n.parse().ok().filter(|it: &u64| it.is_power_of_two())?;
    let (r, p): (u32, u32) = (r.parse().ok()?, p.parse().ok()?);
    let (salt, digest) = (Salt::new(salt).ok()?, Output::new(digest).ok()?);
    Some(format!("$scrypt$ln={},r={r},p={p}${salt}${digest}", n.trailing_zeros()))
}

/// With padding or without: each of those systems has its own way.
fn base64(text: &str) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(&ALPHABET, config).decode(text).ok()
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    digits.len().is_multiple_of(2).then(|| digits.chunks(2).map(byte).collect())?
}
