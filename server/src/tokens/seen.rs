//! Tokens whose signature was found right a moment ago. Of these nothing is decided here but that: what has to hold at
//! each request (the time, the key's end, the session, the account) is asked at each request, by who asks for the claims.

use super::access::Claims;
use crate::keys::Key;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::fmt;
use std::sync::{Arc, Weak};
use subtle::ConstantTimeEq;

/// So many bytes for each realm: some 18,000 tokens of usual length, and fewer of longer ones.
const BYTES: u64 = 8 * 1024 * 1024;

/// For the first size of the table, which grows.
const USUAL_TOKENS: usize = 1_000;

/// What a token costs beside its text.
const OVERHEAD: u64 = 200;

/// The tokens of one realm. Clones share them.
#[derive(Clone)]
pub(crate) struct Seen(Arc<Cache<Box<str>, Arc<Entry>, Length>>);

struct Entry {
    signature: Box<str>,
    /// The keys as they were. Any others, and this is as good as not there: weak, so that ended secrets are not kept, and
    /// yet their place in memory is not given to others.
    keys: Weak<[Key]>,
    claims: Claims,
}

#[derive(Clone)]
struct Length;

impl Weighter<Box<str>, Arc<Entry>> for Length {
    fn weight(&self, message: &Box<str>, entry: &Arc<Entry>) -> u64 {
        OVERHEAD + message.len() as u64 + entry.signature.len() as u64
    }
}

impl Default for Seen {
    fn default() -> Seen {
        Seen(Arc::new(Cache::with_weighter(USUAL_TOKENS, BYTES, Length)))
    }
}

impl Seen {
    /// The claims of exactly that token, if one of exactly these keys has verified it. Found by what is signed, and the
    /// signature compared in constant time, as a MAC that is computed is: a lookup by the whole token would compare both
    /// byte by byte until they differ.
    pub(super) fn claims(&self, keys: &Arc<[Key]>, token: &str) -> Option<Claims> {
        let (message, signature) = token.rsplit_once('.')?;
        let entry = self.0.get(message)?;
        let is_same = entry.signature.as_bytes().ct_eq(signature.as_bytes());
        (bool::from(is_same) && std::ptr::addr_eq(entry.keys.as_ptr(), Arc::as_ptr(keys))).then_some(entry.claims)
    }

    /// Keeps what was found of a token that one of these keys has verified.
    pub(super) fn keep(&self, keys: &Arc<[Key]>, token: &str, claims: Claims) {
        let Some((message, signature)) = token.rsplit_once('.') else { return };
        let entry = Entry { signature: signature.into(), keys: Arc::downgrade(keys), claims };
        self.0.insert(message.into(), Arc::new(entry));
    }
}

/// Neither how many nor which.
impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seen")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::SigningAlgorithm;
    use crate::store::SessionId;
    use crate::tokens::TokenId;
    use uuid::Uuid;

    fn keys() -> Arc<[Key]> {
        let algorithm = SigningAlgorithm::named("HS256").unwrap();
        let jwk = serde_json::json!({ "kty": "oct", "k": "c2VjcmV0IHRoYXQgaXMgbG9uZyBlbm91Z2ggZm9yIGl0", "n": "" });
        Key::of_jwk(algorithm, "a", &jwk).into_iter().collect()
    }

    fn claims() -> Claims {
        Claims::until(TokenId { session: SessionId(Uuid::from_u128(7)), generation: 1, issued_at_ms: 1 }, 60)
    }

    #[test]
    fn only_the_very_token_is_found_again() {
        let (seen, keys) = (Seen::default(), keys());
        assert!(seen.claims(&keys, "head.body.sign").is_none());
        seen.keep(&keys, "head.body.sign", claims());
        assert!(seen.claims(&keys, "head.body.sign").is_some());
        for other in
            ["head.body.sigm", "head.body.", "head.body.sign.", "head.body.signs", "head.bodi.sign", "head.body", ""]
        {
            assert!(seen.claims(&keys, other).is_none(), "{other}");
        }
    }

    #[test]
    fn other_keys_know_nothing_of_it_even_if_they_are_alike() {
        let (seen, before) = (Seen::default(), keys());
        seen.keep(&before, "head.body.sign", claims());
        assert!(seen.claims(&keys(), "head.body.sign").is_none());
        drop(before);
        for _ in 0..100 {
            assert!(seen.claims(&keys(), "head.body.sign").is_none(), "their place in memory is not mistaken for them");
        }
    }

    #[test]
    fn it_is_bounded_by_bytes() {
        let (seen, keys) = (Seen::default(), keys());
        let body = "b".repeat(8_000);
        for at in 0..3_000 {
            seen.keep(&keys, &format!("{at}.{body}.sign"), claims());
        }
        assert!(seen.0.weight() <= BYTES && seen.0.len() > 100, "{} tokens", seen.0.len());
    }
}
