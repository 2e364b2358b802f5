//! Access tokens: JWTs in compact form (RFC 7515 section 3.1, RFC 7519).
//!
//! `jsonwebtoken` signs and verifies the bytes, in constant time. Its `encode` and `decode` are passed by: the
//! former writes a header of its own order where the API's page fixes it, the latter takes the algorithm from the
//! token's header and the time from the machine.

use super::TokenId;
use crate::json;
use crate::realm::Realm;
use crate::store::SigningKey;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, crypto};
use relatch_dialects::{Value, Values};
use std::str::FromStr;

/// Longer than any token that is issued here; what is longer is not worth a hash.
const MAX_TOKEN_BYTES: usize = 8 * 1024;

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
}

impl Claims {
    /// Whether the token is good at that time, to the second and without leeway. "The current date/time MUST be
    /// before the expiration date/time" (RFC 7519 section 4.1.4).
    pub(crate) fn holds_at(&self, now_secs: i64) -> bool {
        u64::try_from(now_secs).is_ok_and(|now| now < self.expires_at_secs && now >= self.good_from_secs)
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
    sign(realm, &claims).ok_or(TokenError::Key)
}

fn sign(realm: &Realm, claims: &Value) -> Option<String> {
    let key = realm.keys.first()?;
    let message = format!("{}.{}", encoded(&realm.issue.header), encoded(claims));
    let signature = crypto::sign(message.as_bytes(), &EncodingKey::from_secret(&key.secret), algorithm(key)?).ok()?;
    Some(format!("{message}.{signature}"))
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::Value::from(value).to_string())
}

/// The claims of a token that this realm has signed, expired or not; `None` for everything else. The algorithm and
/// the key are the realm's: "the algorithm … MUST be … acceptable" is decided here, not by the token (RFC 8725
/// section 3.1).
pub(crate) fn open(realm: &Realm, token: &str) -> Option<Claims> {
    if token.len() > MAX_TOKEN_BYTES {
        return None;
    }
    let (message, signature) = token.rsplit_once('.')?;
    let (header, payload) = message.split_once('.')?;
    let key = realm.keys.iter().find(|key| is_signed_by(key, message, signature))?;
    let header = decoded(header)?;
    // A `crit` that is not understood makes the token invalid (RFC 7515 section 4.1.11), and none is understood here.
    let fits = header.get("alg").and_then(Value::as_str) == Some(&key.alg) && header.get("crit").is_none();
    if fits { claims(&decoded(payload)?) } else { None }
}

fn is_signed_by(key: &SigningKey, message: &str, signature: &str) -> bool {
    let verified = |alg| crypto::verify(signature, message.as_bytes(), &DecodingKey::from_secret(&key.secret), alg);
    algorithm(key).is_some_and(|alg| verified(alg).unwrap_or(false))
}

fn decoded(part: &str) -> Option<Value> {
    json::parse(&URL_SAFE_NO_PAD.decode(part).ok()?)
}

/// A claim that is there has to be well-formed: a half-understood restriction is no restriction.
fn claims(payload: &Value) -> Option<Claims> {
    let time = |name| payload.get(name).map_or(Some(0), Value::as_u64);
    Some(Claims {
        token_id: TokenId::parse(payload.get("jti")?.as_str()?)?,
        expires_at_secs: payload.get("exp")?.as_u64()?,
        good_from_secs: time("iat")?.max(time("nbf")?),
    })
}

/// HMAC only, however long the library's list is: a public key must never be taken for a shared secret.
fn algorithm(key: &SigningKey) -> Option<Algorithm> {
    let alg = Algorithm::from_str(&key.alg).ok()?;
    matches!(alg, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512).then_some(alg)
}
