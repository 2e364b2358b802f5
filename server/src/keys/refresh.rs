//! The secrets that refresh tokens are computed with. They are kept and sealed like signing keys, and are none: they are
//! in no ring, so that nothing signs with them, publishes them or rotates them.

use super::MasterKey;
use super::master::{opened, seal_plain_ones};
use crate::config::RealmConfig;
use crate::store::{SigningKey, Store, StoreError};
use crate::tokens::REFRESH_ALG;
use rand::RngExt;
use relatch_dialects::Renewal;
use uuid::Uuid;
use zeroize::Zeroizing;

/// As long as a block of SHA-256: more would be hashed down (RFC 2104 section 3).
const SECRET_BYTES: usize = 64;

/// A realm's secrets, the newest first; a new one if there is none yet. None where no token is renewed by endpoint.
///
/// # Errors
/// [`StoreError`] if the store fails; [`StoreError::Key`] if one does not open under the master key.
pub(crate) async fn refresh_keys(
    config: &RealmConfig,
    store: &dyn Store,
    now_ms: i64,
) -> Result<Vec<SigningKey>, StoreError> {
    if config.dialect.renewal() != Renewal::Endpoint {
        return Ok(Vec::new());
    }
    let (realm, master) = (config.name.as_str(), config.master_key.as_ref());
    let mut stored = store.signing_keys(realm, REFRESH_ALG).await?;
    if stored.is_empty() {
        stored.push(store.ensure_signing_key(realm, fresh(master, realm)?, now_ms).await?);
    }
    seal_plain_ones(master, realm, store, &stored).await?;
    stored.into_iter().map(|key| opened(master, realm, key)).collect()
}

fn fresh(master: Option<&MasterKey>, realm: &str) -> Result<SigningKey, StoreError> {
    let mut secret = Zeroizing::new(vec![0; SECRET_BYTES]);
    rand::rng().fill(secret.as_mut_slice());
    let key = SigningKey::new(&Uuid::new_v4().to_string(), REFRESH_ALG, secret, 0);
    master.map_or(Ok(key.clone()), |master| master.seal(realm, key))
}
