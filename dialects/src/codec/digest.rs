//! Hashes and MACs, by the names that documents have for them.

use hmac::{EagerHash, Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

/// The digest of a text; `None` for a name that is no hash.
pub(super) fn hash(name: &str, text: &str) -> Option<Vec<u8>> {
    Some(match name {
        "$md5" => Md5::digest(text).to_vec(),
        "$sha1" => Sha1::digest(text).to_vec(),
        "$sha256" => Sha256::digest(text).to_vec(),
        "$sha512" => Sha512::digest(text).to_vec(),
        _ => return None,
    })
}

/// The MAC of a text; `None` for a name that is no MAC.
pub(super) fn mac(name: &str, key: &str, text: &str) -> Option<Vec<u8>> {
    match name {
        "$hmac-sha1" => keyed::<Sha1>(key, text),
        "$hmac-sha256" => keyed::<Sha256>(key, text),
        "$hmac-sha512" => keyed::<Sha512>(key, text),
        _ => None,
    }
}

/// A key may have any length (RFC 2104 section 2).
fn keyed<H: EagerHash>(key: &str, text: &str) -> Option<Vec<u8>>
where
    Hmac<H>: KeyInit + Mac,
{
    let mut mac = <Hmac<H> as KeyInit>::new_from_slice(key.as_bytes()).ok()?;
    mac.update(text.as_bytes());
    Some(mac.finalize().into_bytes().to_vec())
}

/// As it stands in a text.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
