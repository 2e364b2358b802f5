//! `check-config`: what a configuration without faults amounts to.

use super::Outcome;
use super::output::say;
use crate::config::{Config, RealmConfig};

pub(super) fn report(config: &Config) -> Outcome {
    say(&format!("the configuration is fine: {} on {}", config.listen, config.database.display()));
    for realm in &config.realms {
        say(&line(realm));
        realm.dialect.unplayable().iter().for_each(|it| say(&format!("  not played: {it}")));
    }
    Ok(())
}

fn line(realm: &RealmConfig) -> String {
    let mount = if realm.mount.is_empty() { "/" } else { &realm.mount };
    let lifetime = realm.lifetime_secs.unwrap_or(realm.issue.lifetime_secs);
    let key = if realm.secret.is_some() { "the configured key" } else { "a key of its own making" };
    let (name, dialect, alg) = (&realm.name, realm.dialect.name(), &realm.issue.alg);
    format!("realm {name} at {mount} speaks {dialect}: {alg} with {key}, {lifetime} s")
}
