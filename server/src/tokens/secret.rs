//! Random bearer secrets: the codes that are sent to an account's owner.

use crate::store::CodeHash;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::RngExt;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

/// A secret that leaves this server once and is stored as its hash only. Deliberately neither `Debug` nor `Display`.
pub(crate) struct Secret(Zeroizing<String>);

impl Secret {
    /// 256 random bits in base64url: nobody guesses it, so its hash needs neither salt nor cost.
    pub(crate) fn random() -> Secret {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        rand::rng().fill(bytes.as_mut_slice());
        Secret(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice())))
    }

    /// A random UUID, where the API's page shows one.
    pub(crate) fn uuid() -> Secret {
        Secret(Zeroizing::new(Uuid::new_v4().to_string()))
    }

    /// A secret that came back.
    pub(crate) fn presented(text: &str) -> Secret {
        Secret(Zeroizing::new(text.to_owned()))
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    pub(crate) fn code_hash(&self) -> CodeHash {
        CodeHash(self.sha256())
    }

    fn sha256(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_are_known_again_by_their_hash() {
        let (one, other) = (Secret::random(), Secret::random());
        assert_eq!(one.text().len(), 43);
        assert!(one.code_hash() != other.code_hash());
        assert!(Secret::presented(one.text()).code_hash() == one.code_hash());
    }
}
