//! Refresh tokens: computed, never stored. Number n of a session is a MAC (HMAC-SHA-256, RFC 2104) over the session and
//! n, keyed by a secret of this purpose alone, with the session's salt in it. So the database alone yields no token,
//! nor does the secret alone; and a successor that got lost on its way can be computed again.
//!
//! Whether a token is the newest of its session is for the services to decide: here is only told whether it is one.

use crate::store::{Renewable, Salt, SessionId, SigningKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use rand::RngExt;
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

/// Under which name the secrets are kept beside the signing keys. Deliberately none of JWS: a key is never used with
/// another algorithm than its own.
pub(crate) const REFRESH_ALG: &str = "relatch-refresh-1";

/// Says what the MAC is for, so that it can be taken for nothing else.
const CONTEXT: &[u8] = b"relatch refresh token 1";

/// One byte for the form, the session, its generation, the MAC: 57 bytes, which base64url writes without a rest.
const FORM: u8 = 1;
const ID_BYTES: usize = 16;
const GENERATION_BYTES: usize = 8;
const MAC_BYTES: usize = 32;
const BYTES: usize = 1 + ID_BYTES + GENERATION_BYTES + MAC_BYTES;

/// A refresh token that came, as it was read: nothing in it has been proved yet.
pub(crate) struct Presented {
    pub(crate) session: SessionId,
    pub(crate) generation: u64,
    mac: [u8; MAC_BYTES],
}

impl Presented {
    /// Reads the form; `None` for every text that is none of ours.
    pub(crate) fn parse(text: &str) -> Option<Presented> {
        let bytes: [u8; BYTES] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (form, rest) = bytes.split_first()?;
        let (session, rest) = rest.split_first_chunk::<ID_BYTES>()?;
        let (generation, mac) = rest.split_first_chunk::<GENERATION_BYTES>()?;
        let presented = Presented {
            session: SessionId(Uuid::from_bytes(*session)),
            generation: u64::from_be_bytes(*generation),
            mac: mac.try_into().ok()?,
        };
        (*form == FORM).then_some(presented)
    }

    /// Whether this server has made it, for a session with that salt. In constant time for each key.
    ///
    /// Any live key counts and not only the one that the session names: that is the one of its newest token, and what comes
    /// may be the one before, or a later one, if the database is from a backup.
    pub(crate) fn is_genuine(&self, keys: &[SigningKey], salt: &Salt, now_ms: i64) -> bool {
        let live = keys.iter().filter(|key| key.verifies_at(now_ms));
        let mut macs = live.filter_map(|key| mac(key, salt, self.session, self.generation));
        macs.any(|mac| mac.verify_slice(&self.mac).is_ok())
    }
}

/// The refresh token of a session's generation; `None` if the secret that the session names is not at hand.
pub(crate) fn refresh_token(
    keys: &[SigningKey],
    by: &Renewable,
    session: SessionId,
    generation: u64,
) -> Option<Zeroizing<String>> {
    let key = keys.iter().find(|it| it.id == by.key_id)?;
    let mac = mac(key, &by.salt, session, generation)?.finalize().into_bytes();
    let mut bytes = Zeroizing::new(Vec::with_capacity(BYTES));
    bytes.push(FORM);
    bytes.extend_from_slice(session.0.as_bytes());
    bytes.extend_from_slice(&generation.to_be_bytes());
    bytes.extend_from_slice(&mac);
    Some(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice())))
}

/// How a session that begins now will be renewed; `None` without a secret.
pub(crate) fn renewable(keys: &[SigningKey], now_ms: i64) -> Option<Renewable> {
    let mut salt = [0; 16];
    rand::rng().fill(salt.as_mut_slice());
    Some(Renewable { key_id: current(keys, now_ms)?.into(), salt: Salt(salt) })
}

/// The name of the secret that tokens are computed with now.
pub(crate) fn current(keys: &[SigningKey], now_ms: i64) -> Option<&str> {
    keys.iter().find(|it| it.signs_at(now_ms)).map(|it| it.id.as_str())
}

/// Every part has a fixed length, so that no two inputs are one text.
fn mac(key: &SigningKey, salt: &Salt, session: SessionId, generation: u64) -> Option<Hmac<Sha256>> {
    let key = Some(key).filter(|it| it.alg == REFRESH_ALG)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key.secret).ok()?;
    mac.update(CONTEXT);
    mac.update(&salt.0);
    mac.update(session.0.as_bytes());
    mac.update(&generation.to_be_bytes());
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(id: &str, byte: u8) -> SigningKey {
        SigningKey::new(id, REFRESH_ALG, Zeroizing::new(vec![byte; 64]), 0)
    }

    const SESSION: SessionId = SessionId(Uuid::from_u128(7));

    fn by(key: &str, salt: u8) -> Renewable {
        Renewable { key_id: key.into(), salt: Salt([salt; 16]) }
    }

    #[test]
    fn a_token_is_known_again_and_computed_again() {
        let (keys, by) = ([key("a", 1)], by("a", 9));
        let token = refresh_token(&keys, &by, SESSION, 3).unwrap();
        assert_eq!((token.len(), refresh_token(&keys, &by, SESSION, 3)), (76, Some(token.clone())));
        let presented = Presented::parse(&token).unwrap();
        assert_eq!((presented.session, presented.generation), (SESSION, 3));
        assert!(presented.is_genuine(&keys, &by.salt, 0));
    }

    #[test]
    fn another_secret_salt_session_or_generation_is_another_token() {
        let (keys, own) = ([key("a", 1), key("b", 2)], by("a", 9));
        let token = refresh_token(&keys, &own, SESSION, 3).unwrap();
        let presented = Presented::parse(&token).unwrap();
        assert!(!presented.is_genuine(&keys[1..], &own.salt, 0), "the secret");
        assert!(!presented.is_genuine(&keys, &Salt([8; 16]), 0), "the salt");
        assert!(!presented.is_genuine(&[], &own.salt, 0), "no secret at all");
        for (at, what) in [(1, "the session"), (24, "the generation"), (25, "the MAC"), (56, "its last bit")] {
            let mut bytes = URL_SAFE_NO_PAD.decode(token.as_bytes()).unwrap();
            bytes[at] ^= 1;
            let forged = Presented::parse(&URL_SAFE_NO_PAD.encode(bytes)).unwrap();
            assert!(!forged.is_genuine(&keys, &own.salt, 0), "{what}");
        }
    }

    #[test]
    fn a_secret_counts_until_it_ends_and_makes_tokens_from_its_time_on() {
        let old = SigningKey { verifies_until_ms: Some(20), ..key("a", 1) };
        let new = SigningKey { signs_from_ms: 10, ..key("b", 2) };
        let keys = [new, old];
        let token = refresh_token(&keys, &by("a", 9), SESSION, 3).unwrap();
        let presented = Presented::parse(&token).unwrap();
        assert!(presented.is_genuine(&keys, &Salt([9; 16]), 19) && !presented.is_genuine(&keys, &Salt([9; 16]), 20));
        assert_eq!((current(&keys, 9), current(&keys, 10)), (Some("a"), Some("b")));
    }

    #[test]
    fn a_signing_key_computes_no_refresh_token() {
        let signing = SigningKey { alg: "HS256".into(), ..key("a", 1) };
        assert_eq!(refresh_token(&[signing], &by("a", 9), SESSION, 1), None);
    }

    #[test]
    fn what_has_another_form_is_no_token() {
        let token = refresh_token(&[key("a", 1)], &by("a", 9), SESSION, 1).unwrap();
        let mut other_form = URL_SAFE_NO_PAD.decode(token.as_bytes()).unwrap();
        other_form[0] = 2;
        for text in [
            String::new(),
            "unknown".into(),
            format!("{}=", *token),
            format!("{}\n", *token),
            token[..75].into(),
            format!("{}A", *token),
            token.replace('A', "+"),
            URL_SAFE_NO_PAD.encode(other_form),
        ] {
            assert!(Presented::parse(&text).is_none(), "{text}");
        }
    }
}
