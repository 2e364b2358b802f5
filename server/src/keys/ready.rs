//! Signatures by keys that are made ready once. jsonwebtoken makes its signer anew for each text: for a secret that
//! hashes the key again, which is half of a short token's work, and for RSA it reads the private key out of its DER and
//! works out its parts again. The other algorithms' keys are cheap to read, and stay with it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::Algorithm;
use p256::elliptic_curve::rand_core::OsRng;
use rsa::signature::{RandomizedSigner, SignatureEncoding};
use sha2::{Sha256, Sha384, Sha512};

/// A key that has been hashed, or read, already. Deliberately not `Debug`: it is the secret.
pub(super) enum Ready {
    Hs256(Hmac<Sha256>),
    Hs384(Hmac<Sha384>),
    Hs512(Hmac<Sha512>),
    Rs256(Box<rsa::pkcs1v15::SigningKey<rsa::sha2::Sha256>>),
}

impl Ready {
    /// `None` for algorithms whose keys are not kept ready.
    pub(super) fn secret(algorithm: Algorithm, secret: &[u8]) -> Option<Ready> {
        match algorithm {
            Algorithm::HS256 => Hmac::new_from_slice(secret).ok().map(Ready::Hs256),
            Algorithm::HS384 => Hmac::new_from_slice(secret).ok().map(Ready::Hs384),
            Algorithm::HS512 => Hmac::new_from_slice(secret).ok().map(Ready::Hs512),
            _ => None,
        }
    }

    pub(super) fn rsa(key: rsa::RsaPrivateKey) -> Ready {
        Ready::Rs256(Box::new(rsa::pkcs1v15::SigningKey::new(key)))
    }

    /// The signature of a message in base64url.
    pub(super) fn sign(&self, message: &str) -> Option<String> {
        let message = message.as_bytes();
        Some(match self {
            Ready::Hs256(mac) => encoded(&mac.clone().chain_update(message).finalize().into_bytes()),
            Ready::Hs384(mac) => encoded(&mac.clone().chain_update(message).finalize().into_bytes()),
            Ready::Hs512(mac) => encoded(&mac.clone().chain_update(message).finalize().into_bytes()),
            // With randomness, by which the crate blinds the computation against who measures its time.
            Ready::Rs256(key) => encoded(&key.try_sign_with_rng(&mut OsRng, message).ok()?.to_vec()),
        })
    }

    /// Whether that is the message's MAC, compared in constant time; `None` where a public key has to tell.
    pub(super) fn verifies(&self, message: &str, signature: &str) -> Option<bool> {
        // Strict: neither padding nor bits that belong to no byte.
        let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return Some(false) };
        let message = message.as_bytes();
        match self {
            Ready::Hs256(mac) => Some(mac.clone().chain_update(message).verify_slice(&signature).is_ok()),
            Ready::Hs384(mac) => Some(mac.clone().chain_update(message).verify_slice(&signature).is_ok()),
            Ready::Hs512(mac) => Some(mac.clone().chain_update(message).verify_slice(&signature).is_ok()),
            Ready::Rs256(_) => None,
        }
    }
}

fn encoded(signature: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(signature)
}
