//! Access tokens: JWTs in compact form (RFC 7515 section 3.1, RFC 7519).
//!
//! `jsonwebtoken` signs and verifies the bytes. Its `encode` and `decode` are passed by: the former writes a header of
//! its own order where the API's page fixes it, the latter takes the algorithm from the token's header and the time
//! from the machine.

use super::{TokenId, jws};
use crate::json;
use crate::keys::Key;
use crate::realm::Realm;
use relatch_dialects::{Value, Values};

/// Why a token cannot be issued: the dialect or its key is unfit, which no request can mend.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokenError {
    /// The dialect's claims ask for a value that no account has.
    #[error("the dialect's claims ask for {0}, which is not known")]
    Claim(String),
    /// The claims are no object, or name no end.
    #[error("the dialect's claims are not an object with `exp`, so that no token could be verified")]
    Shape,
    /// No key, or an algorithm that is not known.
    #[error("the realm has no key that can sign")]
    Key,
}

/// The claims that verification looks at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Claims {
    pub(crate) token_id: TokenId,
    expires_at_secs: u64,
    /// The later of `iat` and `nbf`, where the token has them.
    good_from_secs: u64,
    leeway_secs: u64,
    key_ends_ms: Option<i64>,
}

impl Claims {
    /// Whether the token is good at that time, to the second and with the realm's leeway at both ends. "The current
    /// date/time MUST be before the expiration date/time" (RFC 7519 section 4.1.4). It ends with its key, too.
    pub(crate) fn holds_at(&self, now_secs: i64) -> bool {
        let key_lives = self.key_ends_ms.is_none_or(|ends_ms| now_secs.saturating_mul(1000) < ends_ms);
        let in_time = |now: u64| {
            now < self.expires_at_secs.saturating_add(self.leeway_secs)
                && now.saturating_add(self.leeway_secs) >= self.good_from_secs
        };
        key_lives && u64::try_from(now_secs).is_ok_and(in_time)
    }
}

/// A signed token with the claims of the realm's dialect, filled with `values`, and `jti`.
pub(crate) fn issue(realm: &Realm, token_id: TokenId, values: Values) -> Result<String, TokenError> {
    let values = values.with("token_id", token_id.to_string());
    let mut claims = realm.dialect.claims(&values).map_err(TokenError::Claim)?;
    let Value::Object(members) = &mut claims else { return Err(TokenError::Shape) };
    if !members.iter().any(|(name, _)| name == "jti") {
        members.push(("jti".into(), token_id.to_string().into()));
    }
    if claims.get("exp").and_then(Value::as_u64).is_none() {
        return Err(TokenError::Shape);
    }
    let now_ms = token_id.issued_at_ms;
    jws::seal(&realm.keys, &realm.issue.header, realm.names_key, &claims, now_ms).ok_or(TokenError::Key)
}

/// The claims of a token that this realm has signed, expired or not; `None` for everything else. Algorithm and key are
/// the realm's, never the token's.
pub(crate) fn open(realm: &Realm, token: &str) -> Option<Claims> {
    let keys = realm.keys.keys();
    if let Some(claims) = realm.seen.claims(&keys, token) {
        return Some(Claims { leeway_secs: realm.leeway_secs, ..claims });
    }
    let claims = verified(realm, &keys, token)?;
    realm.seen.keep(&keys, token, claims);
    Some(claims)
}

fn verified(realm: &Realm, keys: &[Key], token: &str) -> Option<Claims> {
    let opened = jws::open(realm.keys.algorithm(), keys, token)?;
    let typ = |header: &Value| header.get("typ").and_then(Value::as_str).map(str::to_ascii_lowercase);
    // Another kind of token under the same key is no access token (RFC 8725 section 3.11).
    if typ(&opened.header).is_some_and(|it| Some(it) != typ(&realm.issue.header)) {
        return None;
    }
    claims(&json::parse(&opened.payload)?, realm.leeway_secs, opened.key_ends_ms)
}

/// A claim that is there has to be well-formed: a half-understood restriction is no restriction.
fn claims(payload: &Value, leeway_secs: u64, key_ends_ms: Option<i64>) -> Option<Claims> {
    let time = |name| payload.get(name).map_or(Some(0), Value::as_u64);
    Some(Claims {
        token_id: TokenId::parse(payload.get("jti")?.as_str()?)?,
        expires_at_secs: payload.get("exp")?.as_u64()?,
        good_from_secs: time("iat")?.max(time("nbf")?),
        leeway_secs,
        key_ends_ms,
    })
}

#[cfg(test)]
impl Claims {
    /// Good from the start of time until then.
    pub(super) const fn until(token_id: TokenId, expires_at_secs: u64) -> Claims {
        Claims { token_id, expires_at_secs, good_from_secs: 0, leeway_secs: 0, key_ends_ms: None }
    }
}

/// Reads bytes as the claims that a right signature would vouch for.
pub(super) fn fuzzed_claims(payload: &[u8]) {
    if let Some(claims) = json::parse(payload).and_then(|it| claims(&it, u64::MAX, None)) {
        let _ = (claims.holds_at(i64::MIN), claims.holds_at(i64::MAX));
    }
}
