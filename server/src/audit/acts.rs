//! What operators do to accounts, each on the record: the one place that the command line and the admin API share.

use super::{Acting, Action, Subject};
use crate::account::{Account, NewAccount, PasswordHash};
use crate::services::delete_person;
use crate::store::{EndReason, SessionId, StoreError};

impl Acting<'_> {
    /// Creates an account.
    pub(crate) async fn add(&self, new: &NewAccount) -> Result<Account, StoreError> {
        let subject = Subject::realm(&new.realm).with_detail(named(new));
        let act = async {
            let mut created = self.store.create_accounts(std::slice::from_ref(new), self.clock.now_ms()).await?;
            created.pop().ok_or(StoreError::Unavailable(sqlx::Error::RowNotFound))
        };
        self.carry_out_on(subject, Action::UserAdd, act, |account| Some(account.id)).await
    }

    /// Creates many, all or none.
    pub(crate) async fn import(&self, realm: &str, new: &[NewAccount]) -> Result<Vec<Account>, StoreError> {
        let subject = Subject::realm(realm).with_detail(format!("{} accounts", new.len()));
        self.carry_out(subject, Action::UserImport, self.store.create_accounts(new, self.clock.now_ms())).await
    }

    /// Shuts an account out, or lets it in again.
    pub(crate) async fn set_enabled(&self, account: &Account, enabled: bool) -> Result<bool, StoreError> {
        let action = if enabled { Action::UserEnable } else { Action::UserDisable };
        let act = self.store.set_enabled(account.id, enabled, self.clock.now_ms());
        self.carry_out(about(account), action, act).await
    }

    /// Sets a password that has been hashed already.
    pub(crate) async fn set_password(&self, account: &Account, hash: &PasswordHash) -> Result<bool, StoreError> {
        let act = self.store.set_password(account.id, hash, self.clock.now_ms());
        self.carry_out(about(account), Action::UserSetPassword, act).await
    }

    /// Deletes an account and all that belongs to it.
    pub(crate) async fn delete(&self, account: &Account) -> Result<bool, StoreError> {
        let act = delete_person(self.store, account, self.clock.now_ms());
        self.carry_out(about(account), Action::UserDelete, act).await
    }

    /// Ends one session; false if it has ended already.
    pub(crate) async fn end_session(&self, account: &Account, session: SessionId) -> Result<bool, StoreError> {
        let subject = about(account).with_detail(format!("session {session}"));
        let act = self.store.end_session(session, EndReason::SignedOut, self.clock.now_ms());
        self.carry_out(subject, Action::SessionEnd, act).await
    }

    /// Ends every session; returns how many there were.
    pub(crate) async fn sign_out(&self, account: &Account) -> Result<u64, StoreError> {
        let act = self.store.end_sessions(account.id, EndReason::SignedOut, self.clock.now_ms());
        self.carry_out(about(account), Action::SignOut, act).await
    }
}

fn about(account: &Account) -> Subject<'_> {
    Subject::account(&account.realm, account.id)
}

/// The first of the identifiers, since there is no id yet.
fn named(new: &NewAccount) -> String {
    let first = [&new.username, &new.email, &new.phone].into_iter().flatten().next();
    first.cloned().unwrap_or_default()
}
