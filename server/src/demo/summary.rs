//! What the page needs to know about the demo: `GET /demo/config`.

use super::realms::GUARDED_PATH;
use super::stage::Stage;
use crate::account::{Account, IdentifierKind};
use crate::demo_accounts::DEMO_PASSWORD;
use crate::realm::Realm;
use crate::store::StoreError;
use relatch_dialects::Renewal;
use serde_json::{Value, json};

/// More accounts than the demo makes.
const MAX_ACCOUNTS: u32 = 20;

pub(super) async fn of(stage: &Stage) -> Result<Value, StoreError> {
    let mut realms = Vec::new();
    for realm in stage.server.realms() {
        let accounts = stage.server.store.list_accounts(&realm.name, 0, MAX_ACCOUNTS).await?;
        realms.push(realm_summary(realm, &accounts));
    }
    Ok(json!({ "password": DEMO_PASSWORD, "realms": realms }))
}

fn realm_summary(realm: &Realm, accounts: &[Account]) -> Value {
    let identifier = realm.identifiers.first().copied().unwrap_or(IdentifierKind::Username);
    let accounts: Vec<Value> = accounts.iter().map(|it| account_summary(it, identifier)).collect();
    let path = |name| realm.dialect.operation(name).and_then(|it| Some(it.routes.first()?.1.clone()));
    json!({
        "name": realm.name,
        "title": realm.dialect.title(),
        "mount": realm.mount,
        "lifetime_secs": realm.lifetime_secs,
        "refresh_lifetime_secs": realm.refresh_lifetime_secs,
        "renewal": match realm.dialect.renewal() {
            Renewal::Endpoint => "endpoint",
            Renewal::Login => "login",
            Renewal::None => "none",
        },
        "identifier": identifier.name(),
        "profile": path("profile"),
        "guarded": GUARDED_PATH,
        "accounts": accounts,
    })
}

fn account_summary(account: &Account, identifier: IdentifierKind) -> Value {
    json!({
        "username": account.username,
        "identifier": account.identifier(identifier),
        "enabled": account.enabled,
        "validated": account.validated,
        "roles": account.roles,
    })
}
