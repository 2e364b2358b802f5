//! The five realms.

use super::DemoOptions;
use crate::config::{Guard, Origins, RealmConfig};
use crate::passwords::PasswordScheme;
use relatch_dialects::{DOCUMENTS, Dialect, Value};

/// The endpoint, in every realm, that only the highest role may see.
pub(super) const GUARDED_PATH: &str = "/admin";

/// A realm for each dialect that comes with Relatch, under its name, open to every origin.
///
/// # Errors
/// Which document is at fault and why: they are checked by the tests, so that this never happens in a release.
pub(super) fn configs(options: &DemoOptions) -> Result<Vec<RealmConfig>, String> {
    DOCUMENTS.iter().map(|(name, document)| config(document, options).map_err(|why| format!("{name}: {why}"))).collect()
}

fn config(document: &str, options: &DemoOptions) -> Result<RealmConfig, String> {
    let json: serde_json::Value = serde_json::from_str(document).map_err(|error| error.to_string())?;
    let dialect = Dialect::load(&Value::from(&json)).map_err(|fault| fault.to_string())?;
    let realm = RealmConfig::of(dialect)?;
    let highest = realm.issue.roles.first().map(|it| it.name.clone());
    Ok(RealmConfig {
        origins: Origins::Any,
        lifetime_secs: options.lifetime_secs,
        guarded: vec![Guard { path: GUARDED_PATH.into(), roles: highest.into_iter().collect() }],
        password_scheme: scheme(realm.password_scheme, options.cheap_hashes),
        ..realm
    })
}

const fn scheme(usual: PasswordScheme, cheap: bool) -> PasswordScheme {
    match usual {
        PasswordScheme::Argon2id { .. } if cheap => PasswordScheme::Argon2id { memory_kib: 8, passes: 1, lanes: 1 },
        PasswordScheme::Bcrypt { .. } if cheap => PasswordScheme::Bcrypt { cost: 4 },
        usual => usual,
    }
}
