//! The arithmetic. It blocks, for tens of milliseconds: only the pool calls it.

use super::PasswordError;
use super::scheme::{BCRYPT_MAX_BYTES, PasswordScheme};
use super::stored::{Prf, Stored};
use crate::account::PasswordHash;
use argon2::password_hash::phc::{Output, PasswordHash as Phc, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use zeroize::Zeroizing;

/// Memory for argon2, used again and again, so that a flood of logins costs one for each place and no more.
#[derive(Default)]
pub(super) struct Scratch(Vec<Block>);

impl Scratch {
    fn blocks(&mut self, count: usize) -> &mut [Block] {
        if self.0.len() < count {
            // Anew rather than longer: what is in it need not be copied.
            self.0 = Vec::new();
            self.0 = vec![Block::new(); count];
        }
        self.0.get_mut(..count).unwrap_or_default()
    }
}

pub(super) fn hash(
    scratch: &mut Scratch,
    password: &str,
    scheme: PasswordScheme,
) -> Result<PasswordHash, PasswordError> {
    match scheme {
        PasswordScheme::Argon2id { memory_kib, passes, lanes } => {
            let params = Params::new(memory_kib, passes, lanes, None).map_err(|_| PasswordError::Failed)?;
            argon2id(scratch, password, params)
        }
        PasswordScheme::Bcrypt { cost } => bcrypt::hash(password, cost).map_err(|_| PasswordError::Failed),
    }
    .map(PasswordHash)
}

fn argon2id(scratch: &mut Scratch, password: &str, params: Params) -> Result<String, PasswordError> {
    let salt = Salt::generate();
    let mut digest = Zeroizing::new([0; Params::DEFAULT_OUTPUT_LEN]);
    let (algorithm, version) = (Algorithm::Argon2id, Version::V0x13);
    let blocks = scratch.blocks(params.block_count());
    let filled = Argon2::new(algorithm, version, params.clone()).hash_password_into_with_memory(
        password.as_bytes(),
        &salt,
        digest.as_mut_slice(),
        blocks,
    );
    filled.map_err(|_| PasswordError::Failed)?;
    let phc = Phc {
        algorithm: algorithm.ident(),
        version: Some(version.into()),
        params: (&params).try_into().map_err(|_| PasswordError::Failed)?,
        salt: Some(salt),
        hash: Some(Output::new(digest.as_slice()).map_err(|_| PasswordError::Failed)?),
    };
    Ok(phc.to_string())
}

/// Whether the password fits. Digests are compared in constant time, as `Output` and the bcrypt crate do.
pub(super) fn verify(scratch: &mut Scratch, password: &str, stored: &Stored) -> Result<bool, PasswordError> {
    match stored {
        Stored::Bcrypt { text, .. } => verify_bcrypt(password, text),
        Stored::Argon2 { algorithm, version, params, salt, digest } => fits(digest, |out| {
            let blocks = scratch.blocks(params.block_count());
            let argon2 = Argon2::new(*algorithm, *version, params.clone());
            argon2.hash_password_into_with_memory(password.as_bytes(), salt, out, blocks).is_ok()
        }),
        Stored::Scrypt { params, salt, digest } => {
            fits(digest, |out| scrypt::scrypt(password.as_bytes(), salt, params, out).is_ok())
        }
        Stored::Pbkdf2 { prf, rounds, salt, digest } => fits(digest, |out| {
            pbkdf2(*prf, password.as_bytes(), salt, *rounds, out);
            true
        }),
    }
}

pub(super) fn pbkdf2(prf: Prf, password: &[u8], salt: &[u8], rounds: u32, out: &mut [u8]) {
    match prf {
        Prf::Sha1 => pbkdf2::pbkdf2_hmac::<Sha1>(password, salt, rounds, out),
        Prf::Sha256 => pbkdf2::pbkdf2_hmac::<Sha256>(password, salt, rounds, out),
        Prf::Sha512 => pbkdf2::pbkdf2_hmac::<Sha512>(password, salt, rounds, out),
    }
}

/// Works an argon2id of that size off, for its cost alone.
pub(super) fn spend_argon2(scratch: &mut Scratch, memory_kib: u32, passes: u32) {
    let Ok(params) = Params::new(memory_kib.max(Params::MIN_M_COST), passes.max(1), 1, None) else { return };
    let blocks = scratch.blocks(params.block_count());
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    // What comes out is not looked at, so neither is a failure, which these inputs cannot have.
    let _ = std::hint::black_box(argon2.hash_password_into_with_memory(b"nobody", &[0; 16], &mut [0; 32], blocks));
}

fn fits(digest: &Output, compute: impl FnOnce(&mut [u8]) -> bool) -> Result<bool, PasswordError> {
    let mut out = Zeroizing::new(vec![0; digest.len()]);
    if !compute(&mut out) {
        return Err(PasswordError::UnknownHash);
    }
    Ok(Output::new(&out).map_err(|_| PasswordError::UnknownHash)? == *digest)
}

/// A password that bcrypt would cut off, or that has a NUL (bcrypt repeats the password with a NUL after it,
/// so that `a` and `a\0a` are one to it), takes its time like any other and is wrong.
fn verify_bcrypt(password: &str, stored: &str) -> Result<bool, PasswordError> {
    let fits = bcrypt::verify(password, stored).map_err(|_| PasswordError::UnknownHash)?;
    Ok(fits && password.len() <= BCRYPT_MAX_BYTES && !password.contains('\0'))
}
