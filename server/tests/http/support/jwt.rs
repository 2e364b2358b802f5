//! Tokens, taken apart and forged.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::Value;
use std::str::FromStr;
use zeroize::Zeroizing;

/// The signing secret of a realm in these tests.
pub(crate) fn secret_of(realm: &str) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(format!("{realm:-<64}").into_bytes())
}

/// The header of a token, as the text that it is.
pub(crate) fn header(token: &str) -> String {
    part(token, 0)
}

/// The claims of a token.
pub(crate) fn claims(token: &str) -> Value {
    serde_json::from_str(&part(token, 1)).expect("JSON")
}

fn part(token: &str, at: usize) -> String {
    let part = token.split('.').nth(at).expect("three parts");
    String::from_utf8(URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("UTF-8")
}

/// A token made of a good one.
#[derive(Clone)]
pub(crate) struct Forged {
    pub(crate) header: Value,
    pub(crate) claims: Value,
    pub(crate) secret: Vec<u8>,
    /// The algorithm that really signs; empty for none.
    pub(crate) signed_with: String,
}

impl Forged {
    /// The same token again, signed with the realm's own key.
    pub(crate) fn of(realm: &str, token: &str) -> Forged {
        let header: Value = serde_json::from_str(&header(token)).expect("JSON");
        let signed_with = header["alg"].as_str().expect("alg").into();
        Forged { claims: claims(token), secret: secret_of(realm).to_vec(), header, signed_with }
    }

    pub(crate) fn with_header(mut self, name: &str, value: Value) -> Forged {
        self.header[name] = value;
        self
    }

    pub(crate) fn with_claim(mut self, name: &str, value: Value) -> Forged {
        self.claims[name] = value;
        self
    }

    pub(crate) fn without_claim(mut self, name: &str) -> Forged {
        self.claims.as_object_mut().expect("an object").remove(name);
        self
    }

    pub(crate) fn signed_with(mut self, alg: &str) -> Forged {
        self.signed_with = alg.into();
        self
    }

    pub(crate) fn with_secret(mut self, secret: &[u8]) -> Forged {
        self.secret = secret.into();
        self
    }

    pub(crate) fn token(&self) -> String {
        sign(&self.header.to_string(), &self.claims.to_string(), &self.secret, &self.signed_with)
    }

    /// Signed over texts that need not be what they should.
    pub(crate) fn token_of_texts(&self, header: &str, claims: &str) -> String {
        sign(header, claims, &self.secret, &self.signed_with)
    }
}

fn sign(header: &str, claims: &str, secret: &[u8], alg: &str) -> String {
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    if alg.is_empty() {
        return format!("{message}.");
    }
    let alg = Algorithm::from_str(alg).expect("an algorithm");
    let signature = crypto::sign(message.as_bytes(), &EncodingKey::from_secret(secret), alg).expect("a signature");
    format!("{message}.{signature}")
}
