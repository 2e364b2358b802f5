//! What the cases share.

use relatch_server::account::{Account, NewAccount, PasswordHash};
use relatch_server::store::{NewSession, Renewable, Salt, SessionId, Store};

/// 2026-03-05T10:15:30Z, in milliseconds.
pub(crate) const NOW: i64 = 1_772_705_730_000;
pub(crate) const HOUR: i64 = 3_600_000;

pub(crate) fn named(realm: &str, username: &str) -> NewAccount {
    NewAccount { username: Some(username.into()), ..NewAccount::new(realm, PasswordHash("$2b$…".into())) }
}

pub(crate) async fn create(store: &dyn Store, account: NewAccount) -> Account {
    store.create_accounts(&[account], NOW).await.unwrap().remove(0)
}

pub(crate) async fn reread(store: &dyn Store, account: &Account) -> Account {
    store.account(&account.realm, account.id).await.unwrap().unwrap()
}

/// A session that can be renewed, expires in an hour, and ends in three.
pub(crate) fn new_session() -> NewSession {
    let renewable = Some(Renewable { key_id: "key".into(), salt: Salt([7; 16]) });
    NewSession { id: SessionId::random(), renewable, expires_at_ms: NOW + HOUR, ends_at_ms: NOW + 3 * HOUR }
}

pub(crate) async fn begin(store: &dyn Store, account: &Account) -> SessionId {
    let session = new_session();
    let id = session.id;
    assert!(store.create_session(account, session, NOW).await.unwrap());
    id
}
