//! A realm's accounts, as the commands see them.

use super::CommandError;
use crate::account::{Account, AccountId, IdentifierKind};
use crate::audit::Acting;
use crate::clock::Clock;
use crate::config::{Config, RealmConfig};
use crate::passwords::Passwords;
use crate::store::{SqliteStore, Store};
use uuid::Uuid;

/// A realm with the store behind it.
pub(super) struct Directory<'a> {
    pub(super) realm: &'a RealmConfig,
    pub(super) store: SqliteStore,
    pub(super) passwords: Passwords,
    pub(super) clock: Clock,
}

impl<'a> Directory<'a> {
    pub(super) async fn open(config: &'a Config, realm: &str) -> Result<Directory<'a>, CommandError> {
        let found = config.realms.iter().find(|it| it.name == realm);
        let realm = found.ok_or_else(|| unknown_realm(config, realm))?;
        let store = SqliteStore::open(&config.database).await?;
        let passwords = Passwords::new(config.passwords.parallel, config.passwords.waiting);
        Ok(Directory { realm, store, passwords, clock: Clock::system() })
    }

    pub(super) fn store(&self) -> &dyn Store {
        &self.store
    }

    /// Whoever runs this command, on the record.
    pub(super) fn acting(&self) -> Acting<'_> {
        Acting::new(&self.store, &self.clock, super::actor())
    }

    /// The account that somebody calls by its id, or by any of its identifiers.
    pub(super) async fn account(&self, called: &str) -> Result<Account, CommandError> {
        let realm = &self.realm.name;
        let found = match called.parse::<Uuid>() {
            Ok(id) => self.store().account(realm, AccountId(id)).await?,
            Err(_) => self.store().find_account(realm, &IdentifierKind::ALL, called).await?,
        };
        found.ok_or_else(|| CommandError::Failed(format!("realm {realm} has no account {called:?}")))
    }
}

fn unknown_realm(config: &Config, realm: &str) -> CommandError {
    let known: Vec<&str> = config.realms.iter().map(|it| it.name.as_str()).collect();
    CommandError::Usage(format!("--realm: expected one of {}, got {realm:?}", known.join(", ")))
}
