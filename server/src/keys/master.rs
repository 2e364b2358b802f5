//! The master key, under which signing keys are sealed at rest: whoever reads the database alone cannot sign.

use crate::store::{SigningKey, Store, StoreError};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use hmac::{Hmac, KeyInit as _, Mac};
use rand::RngExt;
use sha2::Sha256;
use std::fmt;
use zeroize::Zeroizing;

/// XChaCha20-Poly1305's: long enough to be drawn at random for as many keys as there will ever be.
const NONCE_BYTES: usize = 24;

/// What a master key is known by in the database: a MAC by it, which tells nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MasterKeyName(pub [u8; 16]);

/// A deployment's master key. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct MasterKey {
    cipher: XChaCha20Poly1305,
    name: MasterKeyName,
}

impl MasterKey {
    /// A key written as the base64 of exactly 32 bytes, such as `openssl rand -base64 32` prints.
    ///
    /// # Errors
    /// What was expected. Never the text itself.
    pub fn parse(text: &str) -> Result<MasterKey, String> {
        let bytes = STANDARD.decode(text.trim()).map(Zeroizing::new).ok().filter(|it| it.len() == 32);
        let made = bytes.and_then(|bytes| {
            let cipher = XChaCha20Poly1305::new_from_slice(&bytes).ok()?;
            Some(MasterKey { cipher, name: named(&bytes)? })
        });
        made.ok_or_else(|| "expected 32 random bytes in base64, such as `openssl rand -base64 32` prints".into())
    }

    /// The same key with its secret sealed; one that is sealed already stays as it is.
    ///
    /// # Errors
    /// [`StoreError::Key`] if the cipher refuses, which it does for no key of a sane length.
    pub fn seal(&self, realm: &str, key: SigningKey) -> Result<SigningKey, StoreError> {
        if key.sealed {
            return Ok(key);
        }
        let mut nonce = [0; NONCE_BYTES];
        rand::rng().fill(nonce.as_mut_slice());
        let bound = bound_to(realm, &key);
        let payload = Payload { msg: key.secret.as_slice(), aad: &bound };
        let text =
            self.cipher.encrypt(&nonce.into(), payload).map_err(|_| unfit(realm, &key, "it cannot be sealed"))?;
        let secret = Zeroizing::new([nonce.as_slice(), &text].concat());
        Ok(SigningKey { secret, sealed: true, master: Some(self.name), ..key })
    }

    /// The same key with its secret in the open.
    ///
    /// # Errors
    /// [`StoreError::Key`] if it was sealed under another master key, for another realm or under another id, or was
    /// changed.
    pub fn unseal(&self, realm: &str, key: SigningKey) -> Result<SigningKey, StoreError> {
        if !key.sealed {
            return Ok(key);
        }
        let refused = || unfit(realm, &key, "it was sealed under another master key, or was changed since");
        let (nonce, text) = key.secret.split_at_checked(NONCE_BYTES).ok_or_else(refused)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| refused())?;
        let payload = Payload { msg: text, aad: &bound_to(realm, &key) };
        let secret = self.cipher.decrypt(&nonce.into(), payload).map_err(|_| refused())?;
        Ok(SigningKey { secret: Zeroizing::new(secret), sealed: false, master: None, ..key })
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MasterKey").finish_non_exhaustive()
    }
}

fn named(bytes: &[u8]) -> Option<MasterKeyName> {
    let mut mac = Hmac::<Sha256>::new_from_slice(bytes).ok()?;
    mac.update(b"relatch master key name 1");
    mac.finalize().into_bytes().first_chunk().copied().map(MasterKeyName)
}

/// What a sealed secret belongs to, so that no row's secret opens in another row. NUL is in none of the three.
fn bound_to(realm: &str, key: &SigningKey) -> Vec<u8> {
    format!("relatch signing key\0{realm}\0{}\0{}", key.id, key.alg).into_bytes()
}

/// Seals the keys that were stored before there was a master key, if there is one now.
pub(super) async fn seal_plain_ones(
    master: Option<&MasterKey>,
    realm: &str,
    store: &dyn Store,
    stored: &[SigningKey],
) -> Result<(), StoreError> {
    let Some(master) = master else { return Ok(()) };
    for key in stored.iter().filter(|it| !it.sealed) {
        store.seal_signing_key(realm, master.seal(realm, key.clone())?).await?;
    }
    Ok(())
}

/// A stored key with its secret in the open.
pub(super) fn opened(master: Option<&MasterKey>, realm: &str, key: SigningKey) -> Result<SigningKey, StoreError> {
    match master {
        Some(master) => master.unseal(realm, key),
        None if key.sealed => Err(unfit(realm, &key, "it is sealed, and no master key is configured")),
        None => Ok(key),
    }
}

/// Seals every key of the store under another master key, those that lie in the open too; all of them, or none if `old` is
/// not the one that they are sealed under. Those that `new` opens already stay as they are, so that it can be done again
/// when nobody knows whether it was done. Returns how many were sealed.
///
/// Processes that have `old` go on with the keys that they have read, and can neither store nor read another one.
///
/// # Errors
/// [`StoreError::Key`] with the first key that opens under neither; else [`StoreError`] if the store fails.
pub async fn reseal(store: &dyn Store, old: Option<&MasterKey>, new: &MasterKey) -> Result<u64, StoreError> {
    let sealed = |realm: &str, key: SigningKey| {
        if key.sealed && new.unseal(realm, key.clone()).is_ok() {
            return Ok(key);
        }
        new.seal(realm, opened(old, realm, key)?)
    };
    store.reseal_signing_keys(&sealed).await
}

/// A key that cannot be used, and why.
pub(super) fn unfit(realm: &str, key: &SigningKey, reason: &str) -> StoreError {
    StoreError::Key { realm: realm.into(), id: key.id.clone(), reason: reason.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn master(byte: u8) -> MasterKey {
        MasterKey::parse(&STANDARD.encode([byte; 32])).unwrap()
    }

    fn key() -> SigningKey {
        SigningKey::new("k1", "HS256", Zeroizing::new(vec![7; 64]), 5)
    }

    #[test]
    fn a_sealed_key_opens_under_its_master_key_and_shows_nothing_before() {
        let sealed = master(1).seal("a", key()).unwrap();
        assert!(sealed.sealed && !sealed.secret.windows(4).any(|it| it == [7; 4]));
        assert!(master(1).unseal("a", sealed.clone()).unwrap() == key());
        assert!(master(1).seal("a", key()).unwrap().secret != sealed.secret, "no two are alike");
    }

    #[test]
    fn a_sealed_key_opens_nowhere_else() {
        let sealed = master(1).seal("a", key()).unwrap();
        assert!(master(2).unseal("a", sealed.clone()).is_err());
        assert!(master(1).unseal("b", sealed.clone()).is_err());
        assert!(master(1).unseal("a", SigningKey { id: "k2".into(), ..sealed.clone() }).is_err());
        assert!(master(1).unseal("a", SigningKey { alg: "HS512".into(), ..sealed.clone() }).is_err());
        let mut changed = sealed.clone();
        *changed.secret.last_mut().unwrap() ^= 1;
        assert!(master(1).unseal("a", changed).is_err());
        let short = SigningKey { secret: Zeroizing::new(vec![0; 3]), ..sealed };
        assert!(master(1).unseal("a", short).is_err());
    }

    #[test]
    fn a_master_key_has_one_name_and_shows_nothing_in_it() {
        let bytes = [1; 32];
        assert_eq!(master(1).name, master(1).name);
        assert_ne!(master(1).name, master(2).name);
        assert!(!master(1).name.0.windows(4).any(|it| bytes.windows(4).any(|own| own == it)));
    }

    #[test]
    fn a_master_key_of_another_length_is_refused_without_being_shown() {
        for text in ["", "c2hvcnQ=", &STANDARD.encode([1; 31]), &STANDARD.encode([1; 33]), "not base64!"] {
            let reason = MasterKey::parse(text).err().unwrap();
            assert!(text.is_empty() || !reason.contains(text), "{reason}");
        }
    }
}
