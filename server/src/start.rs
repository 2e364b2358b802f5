//! From configuration to a server that is ready to answer.

use crate::clock::Clock;
use crate::config::{Config, RealmConfig};
use crate::passwords::Passwords;
use crate::realm::Realm;
use crate::services::{FileOutbox, MailOutbox, Outbox, Server};
use crate::store::{Store, StoreError};
use std::sync::Arc;

impl Server {
    /// Opens every realm of the configuration on `store`. What the configuration exposes on purpose is warned
    /// about in the log.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    pub async fn open(config: &Config, store: Arc<dyn Store>, clock: Clock) -> Result<Server, StoreError> {
        let passwords = Passwords::new(config.passwords.parallel, config.passwords.waiting);
        let mut realms = Vec::with_capacity(config.realms.len());
        for chosen in &config.realms {
            let realm = Realm::open(chosen, store.as_ref(), clock.now_ms()).await?;
            warn_of_unplayed(&realm);
            warn_of_exposure(&realm);
            warn_of_plain_keys(chosen, &realm);
            realms.push(realm);
        }
        let outbox: Arc<dyn Outbox> = match &config.mail {
            Some(mail) => Arc::new(MailOutbox::new(mail.clone())),
            None => Arc::new(FileOutbox::new(config.outbox.clone())),
        };
        let server = Server::new(realms, store, passwords, clock, outbox).with_limits(config.limits.clone());
        server.standings.start().await?;
        server.restore_limits().await?;
        Ok(server)
    }
}

/// Where the configuration names the signing key, the secrets of refresh tokens are in the database all the same.
fn warn_of_plain_keys(config: &RealmConfig, realm: &Realm) {
    let kept = match (realm.keys.is_configured(), realm.refresh_keys.is_used()) {
        (true, false) => return,
        (true, true) => "the secrets of its refresh tokens",
        (false, false) => "its signing keys",
        (false, true) => "its signing keys and the secrets of its refresh tokens",
    };
    if config.master_key.is_none() {
        tracing::warn!(realm = %realm.name, kept, "no master key is configured: what this realm keeps lies in the database in the open");
    }
}

/// What the document describes and nobody here plays: a client that reads it would ask for it.
fn warn_of_unplayed(realm: &Realm) {
    for fault in realm.dialect.unplayable() {
        tracing::warn!(realm = %realm.name, part = fault.pointer, "not played: {}", fault.reason);
    }
}

fn warn_of_exposure(realm: &Realm) {
    if realm.expose_password_hash {
        tracing::warn!(realm = %realm.name, "expose_password_hash is on: every answer with the user shows the stored hash");
    }
}
