//! One person's data as a whole: handed out, or removed.

use super::Server;
use super::acts::ActKind;
use crate::account::{Account, AccountId};
use crate::store::{EndReason, Session, Store, StoreError};
use serde_json::{Value as Json, json};

impl Server {
    /// All that is kept about a person, as one JSON object: the account with the dialect's fields, and its sessions. Hashes
    /// of passwords, tokens and codes are left out: they say nothing about the person, and are worth stealing.
    /// `None` if there is no such account.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    pub async fn export_account(&self, realm: &str, id: AccountId) -> Result<Option<Json>, StoreError> {
        let Some(account) = self.store.account(realm, id).await? else { return Ok(None) };
        let exported = export(self.store.as_ref(), &account).await?;
        self.did(ActKind::Exported, &account);
        Ok(Some(exported))
    }

    /// Removes a person: account, identifiers, sessions and codes. Tokens are refused from then on. False if there is no
    /// such account.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    pub async fn delete_account(&self, realm: &str, id: AccountId) -> Result<bool, StoreError> {
        let Some(account) = self.store.account(realm, id).await? else { return Ok(false) };
        let deleted = delete(self.store.as_ref(), &account, self.clock.now_ms()).await?;
        if deleted {
            self.did(ActKind::Deleted, &account);
        }
        Ok(deleted)
    }
}

/// All that the store has about an account's owner.
pub(crate) async fn export(store: &dyn Store, account: &Account) -> Result<Json, StoreError> {
    let session = |it: Session| {
        let (ended_at, end_reason) = it.ended.unzip();
        json!({
            "id": it.id.to_string(),
            "created_at": iso8601(it.created_at_ms),
            "expires_at": iso8601(it.expires_at_ms),
            "ended_at": ended_at.and_then(iso8601),
            "end_reason": end_reason.map(EndReason::name),
        })
    };
    let sessions: Vec<Json> =
        store.sessions_of(&account.realm, account.id, u32::MAX).await?.into_iter().map(session).collect();
    Ok(json!({ "account": as_json(account), "sessions": sessions }))
}

/// Removes an account. It is disabled first, so that whatever follows revocations learns of it.
pub(crate) async fn delete(store: &dyn Store, account: &Account, now_ms: i64) -> Result<bool, StoreError> {
    store.set_enabled(account.id, false, now_ms).await?;
    store.delete_account(account.id).await
}

/// An account with everything but its password's hash.
pub(crate) fn as_json(account: &Account) -> Json {
    json!({
        "id": account.id.to_string(),
        "number": account.number,
        "realm": account.realm,
        "username": account.username,
        "email": account.email,
        "phone": account.phone,
        "enabled": account.enabled,
        "validated": account.validated,
        "roles": account.roles,
        "organization": account.organization,
        "memberships": account.memberships,
        "fields": Json::from(&account.extension),
        "created_at": iso8601(account.created_at_ms),
        "password_changed_at": iso8601(account.password_changed_at_ms),
    })
}

fn iso8601(at_ms: i64) -> Option<String> {
    jiff::Timestamp::from_millisecond(at_ms).ok().map(|it| it.to_string())
}
