//! The algorithms that a realm can sign with. Below this table nothing enumerates them but `material`.

use jsonwebtoken::Algorithm;

/// A JWS algorithm (RFC 7518 section 3.1, RFC 8037 section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SigningAlgorithm {
    /// Its name in a token's header.
    pub name: &'static str,
    /// The fewest bytes of a secret: "a key of the same size as the hash output … or larger MUST be used" (RFC 7518
    /// section 3.2). `None` for algorithms with a key pair.
    pub secret_bytes: Option<usize>,
    pub(super) jws: Algorithm,
    /// How long its signatures are; `None` where that depends on the key.
    pub(super) signature_bytes: Option<usize>,
}

const fn row(
    name: &'static str,
    jws: Algorithm,
    secret_bytes: Option<usize>,
    signature_bytes: Option<usize>,
) -> SigningAlgorithm {
    SigningAlgorithm { name, secret_bytes, jws, signature_bytes }
}

const TABLE: [SigningAlgorithm; 6] = [
    row("HS256", Algorithm::HS256, Some(32), Some(32)),
    row("HS384", Algorithm::HS384, Some(48), Some(48)),
    row("HS512", Algorithm::HS512, Some(64), Some(64)),
    row("RS256", Algorithm::RS256, None, None),
    row("ES256", Algorithm::ES256, None, Some(64)),
    row("EdDSA", Algorithm::EdDSA, None, Some(64)),
];

impl SigningAlgorithm {
    /// The algorithm of that name, spelt exactly so.
    pub fn named(name: &str) -> Option<SigningAlgorithm> {
        TABLE.into_iter().find(|it| it.name == name)
    }

    /// Every name.
    pub fn names() -> [&'static str; 6] {
        TABLE.map(|it| it.name)
    }

    /// Whether whoever verifies need not be able to sign.
    pub const fn is_asymmetric(&self) -> bool {
        self.secret_bytes.is_none()
    }
}
