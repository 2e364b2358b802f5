//! One person's data as a whole.

use crate::account::Account;
use crate::shown::{Session, User};
use crate::store::{Store, StoreError};
use serde_json::{Value as Json, json};

/// All that the store has about an account's owner.
pub(crate) async fn gathered(store: &dyn Store, account: &Account) -> Result<Json, StoreError> {
    let sessions = store.sessions_of(&account.realm, account.id, u32::MAX).await?;
    let sessions: Vec<Session> = sessions.iter().map(Session::from).collect();
    Ok(json!({ "account": User::from(account), "sessions": sessions }))
}
