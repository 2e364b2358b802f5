//! What a realm chooses about its keys and its tokens' verification.

use super::RealmConfig;
use crate::config::reader::Reader;
use crate::keys::SigningAlgorithm;
use relatch_dialects::Value;

/// Clocks that differ by more are broken, not skewed.
const MOST_LEEWAY_SECS: u64 = 300;

/// An hour to ten years.
const ROTATION_SECS: (u64, u64) = (3600, 315_360_000);

pub(super) fn read(section: &mut Reader, realm: &mut RealmConfig) {
    if let Some(alg) = section.one_of("alg", &SigningAlgorithm::names()) {
        realm.sign_with(&alg);
    }
    realm.leeway_secs = section.integer("leeway_secs", 0, MOST_LEEWAY_SECS).unwrap_or(0);
    realm.rotate_every_secs = section.integer("rotate_every_secs", ROTATION_SECS.0, ROTATION_SECS.1);
    realm.issuer = section.string("issuer");
    if realm.issuer.as_deref().is_some_and(|it| !is_issuer(it)) {
        section.fault("issuer", "expected an https URL without query and fragment (RFC 8414 section 2)");
    }
}

impl RealmConfig {
    /// Chooses the algorithm (`alg`). One that is not the dialect's changes the header, which is no longer the one
    /// that the API's page fixes then, so that it names its key as well.
    pub fn sign_with(&mut self, alg: &str) {
        if alg != self.issue.alg {
            self.issue.header = header(&self.issue.header, alg);
            self.issue.alg = alg.into();
            self.names_key = true;
        }
    }
}

/// The dialect's header with another algorithm: everything else that it has stays.
fn header(header: &Value, alg: &str) -> Value {
    let Value::Object(members) = header else { return header.clone() };
    let other =
        members.iter().map(|(name, value)| (name.clone(), if name == "alg" { alg.into() } else { value.clone() }));
    Value::Object(other.collect())
}

/// "a URL that uses the "https" scheme and has no query or fragment components" (RFC 8414 section 2).
fn is_issuer(text: &str) -> bool {
    let plain = |it: char| it.is_ascii_graphic() && !matches!(it, '?' | '#' | '"' | '\\' | '<' | '>');
    text.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && text.chars().all(plain)
}
