//! What a key is made of, and what is done with it. Secrets are bytes; private keys are PKCS#8 (RFC 5958) in DER,
//! whatever they came as.

use super::SigningAlgorithm;
use super::ready::Ready;
use crate::store::SigningKey;
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, KeypairBytes};
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, crypto};
use p256::elliptic_curve::rand_core::OsRng;
use rand::RngExt;
use rsa::pkcs1::{DecodeRsaPrivateKey as _, EncodeRsaPrivateKey as _};
use rsa::traits::PublicKeyParts as _;
use std::fmt;
use zeroize::Zeroizing;

/// "A key of size 2048 bits or larger MUST be used" (RFC 7518 section 3.3).
const RSA_BITS: usize = 2048;

/// A key that is ready for use. `Debug` shows its id and algorithm only.
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) algorithm: SigningAlgorithm,
    /// From when on it signs.
    pub(crate) signs_from_ms: i64,
    /// Until when it verifies, if something has taken its place.
    pub(crate) verifies_until_ms: Option<i64>,
    /// The public half, for algorithms that have one.
    pub(crate) public: Option<Jwk>,
    signs: EncodingKey,
    verifies: DecodingKey,
    ready: Option<Ready>,
    signature_bytes: usize,
}

impl Key {
    /// Makes a stored key ready; it must not be sealed any more.
    ///
    /// # Errors
    /// Why it is unfit: an algorithm that is not known, a secret that is too short, a private key that is none.
    pub(crate) fn of(stored: &SigningKey) -> Result<Key, String> {
        let algorithm = SigningAlgorithm::named(&stored.alg).ok_or("its algorithm is not known")?;
        let Material { signs, ready, modulus_bytes } = material(algorithm, &stored.secret)?;
        let public = public_half(algorithm, &signs)?;
        let verifies = match &public {
            None => DecodingKey::from_secret(&stored.secret),
            Some(jwk) => DecodingKey::from_jwk(jwk).map_err(|_| "its public half cannot be told")?,
        };
        Ok(Key {
            id: if stored.id.is_empty() { thumbprint(public.as_ref()) } else { stored.id.clone() },
            algorithm,
            signs_from_ms: stored.signs_from_ms,
            verifies_until_ms: stored.verifies_until_ms,
            public,
            signs,
            verifies,
            ready,
            signature_bytes: algorithm.signature_bytes.unwrap_or(modulus_bytes),
        })
    }

    /// Another's public key, or secret, from its JWK (RFC 7517): it verifies and does not sign.
    #[cfg(test)]
    pub(crate) fn of_jwk(algorithm: SigningAlgorithm, id: &str, jwk: &serde_json::Value) -> Option<Key> {
        use base64::Engine;
        let jwk: Jwk = serde_json::from_value(jwk.clone()).ok()?;
        let members = serde_json::to_value(&jwk).ok()?;
        let bytes = |name: &str| {
            let text = members[name].as_str().unwrap_or_default();
            base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).ok()
        };
        let (modulus, secret) = (bytes("n")?, bytes("k")?);
        Some(Key {
            id: id.into(),
            algorithm,
            signs_from_ms: i64::MAX,
            verifies_until_ms: None,
            signs: EncodingKey::from_secret(&[]),
            verifies: DecodingKey::from_jwk(&jwk).ok()?,
            ready: Ready::secret(algorithm.jws, &secret),
            public: Some(jwk),
            signature_bytes: algorithm.signature_bytes.unwrap_or(modulus.len()),
        })
    }

    /// The signature of a message in base64url.
    pub(crate) fn sign(&self, message: &str) -> Option<String> {
        match &self.ready {
            Some(ready) => ready.sign(message),
            None => crypto::sign(message.as_bytes(), &self.signs, self.algorithm.jws).ok(),
        }
    }

    /// Whether that is the message's signature: in canonical base64url without padding, of exactly the length that
    /// this key's signatures have. Bytes are compared in constant time by the algorithms' crates.
    pub(crate) fn verifies(&self, message: &str, signature: &str) -> bool {
        let length = (self.signature_bytes * 4).div_ceil(3);
        let by_public_key =
            || crypto::verify(signature, message.as_bytes(), &self.verifies, self.algorithm.jws).unwrap_or(false);
        signature.len() == length
            && self.ready.as_ref().and_then(|it| it.verifies(message, signature)).unwrap_or_else(by_public_key)
    }

    /// Whether it may sign at that time.
    pub(crate) fn signs_at(&self, now_ms: i64) -> bool {
        self.signs_from_ms <= now_ms && self.verifies_at(now_ms)
    }

    /// Whether what it has signed counts at that time.
    pub(crate) fn verifies_at(&self, now_ms: i64) -> bool {
        self.verifies_until_ms.is_none_or(|until_ms| now_ms < until_ms)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("id", &self.id).field("alg", &self.algorithm.name).finish_non_exhaustive()
    }
}

/// A new secret or private key from the system's own source of randomness.
///
/// # Errors
/// If that source fails.
pub(crate) fn generate(algorithm: SigningAlgorithm) -> Result<Zeroizing<Vec<u8>>, String> {
    let failed = |_| "a key could not be made".to_owned();
    match algorithm.jws {
        Algorithm::RS256 => {
            let key = rsa::RsaPrivateKey::new(&mut OsRng, RSA_BITS).map_err(|_| failed(()))?;
            der(key.to_pkcs8_der())
        }
        Algorithm::ES256 => der(p256::SecretKey::random(&mut OsRng).to_pkcs8_der()),
        Algorithm::EdDSA => {
            let mut seed = Zeroizing::new([0; 32]);
            rand::rng().fill(seed.as_mut_slice());
            ed25519_der(&seed)
        }
        // As long as the hash of the strongest of them, so good for each (RFC 7518 section 3.2).
        _ => {
            let mut secret = Zeroizing::new(vec![0; 64]);
            rand::rng().fill(secret.as_mut_slice());
            Ok(secret)
        }
    }
}

fn der(document: rsa::pkcs8::Result<rsa::pkcs8::SecretDocument>) -> Result<Zeroizing<Vec<u8>>, String> {
    document.map(|it| Zeroizing::new(it.as_bytes().to_vec())).map_err(|_| "a key could not be written".into())
}

/// The private key alone (RFC 8410 section 7): jsonwebtoken knows Ed25519 by the length of that form.
fn ed25519_der(seed: &[u8; 32]) -> Result<Zeroizing<Vec<u8>>, String> {
    der(KeypairBytes { secret_key: *seed, public_key: None }.to_pkcs8_der())
}

/// A private key in PEM (RFC 7468): PKCS#8, or for RSA also PKCS#1 and for EC also SEC1, as openssl writes them.
///
/// # Errors
/// What was expected. Never the text itself.
pub(crate) fn from_pem(algorithm: SigningAlgorithm, text: &str) -> Result<Zeroizing<Vec<u8>>, String> {
    let expected = |kind: &str| format!("expected {kind} private key in PEM, without a passphrase");
    match algorithm.jws {
        Algorithm::RS256 => {
            let key = rsa::RsaPrivateKey::from_pkcs8_pem(text).ok();
            let key = key.or_else(|| rsa::RsaPrivateKey::from_pkcs1_pem(text).ok());
            der(key.ok_or_else(|| expected("an RSA"))?.to_pkcs8_der())
        }
        Algorithm::ES256 => {
            let key = p256::SecretKey::from_pkcs8_pem(text).ok();
            let key = key.or_else(|| p256::SecretKey::from_sec1_pem(text).ok());
            der(key.ok_or_else(|| expected("a P-256"))?.to_pkcs8_der())
        }
        Algorithm::EdDSA => {
            let key = ed25519_dalek::SigningKey::from_pkcs8_pem(text).map_err(|_| expected("an Ed25519"))?;
            ed25519_der(key.as_bytes())
        }
        _ => Err(format!("{} signs with a secret: name one with secret_file or secret_env", algorithm.name)),
    }
}

/// A private key or secret, read.
struct Material {
    /// As jsonwebtoken wants it.
    signs: EncodingKey,
    ready: Option<Ready>,
    /// RSA: how long its signatures are.
    modulus_bytes: usize,
}

fn material(algorithm: SigningAlgorithm, bytes: &[u8]) -> Result<Material, String> {
    let plain = |signs| Material { signs, ready: None, modulus_bytes: 0 };
    match algorithm.jws {
        Algorithm::RS256 => {
            let key = rsa::RsaPrivateKey::from_pkcs8_der(bytes).map_err(|_| "it is no RSA private key")?;
            let modulus_bytes = key.size();
            if modulus_bytes * 8 < RSA_BITS {
                return Err(format!("RS256 needs at least {RSA_BITS} bits (RFC 7518 section 3.3)"));
            }
            let document = key.to_pkcs1_der().map_err(|_| "it cannot be written in PKCS#1")?;
            let signs = EncodingKey::from_rsa_der(document.as_bytes());
            Ok(Material { signs, ready: Some(Ready::rsa(key)), modulus_bytes })
        }
        Algorithm::ES256 => {
            p256::SecretKey::from_pkcs8_der(bytes).map_err(|_| "it is no P-256 private key")?;
            Ok(plain(EncodingKey::from_ec_der(bytes)))
        }
        Algorithm::EdDSA => {
            ed25519_dalek::SigningKey::from_pkcs8_der(bytes).map_err(|_| "it is no Ed25519 private key")?;
            Ok(plain(EncodingKey::from_ed_der(bytes)))
        }
        jws => match algorithm.secret_bytes {
            Some(least) if bytes.len() < least => Err(format!(
                "{} needs a secret of at least {least} bytes; this one has {} (RFC 7518 section 3.2)",
                algorithm.name,
                bytes.len()
            )),
            _ => Ok(Material { ready: Ready::secret(jws, bytes), ..plain(EncodingKey::from_secret(bytes)) }),
        },
    }
}

fn public_half(algorithm: SigningAlgorithm, key: &EncodingKey) -> Result<Option<Jwk>, String> {
    if !algorithm.is_asymmetric() {
        return Ok(None);
    }
    Jwk::from_encoding_key(key, algorithm.jws).map(Some).map_err(|_| "its public half cannot be told".into())
}

/// A name that everybody who has the public key can work out (RFC 7638).
fn thumbprint(public: Option<&Jwk>) -> String {
    public.and_then(|jwk| jwk.thumbprint(ThumbprintHash::SHA256).ok()).unwrap_or_else(|| "configured".into())
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
