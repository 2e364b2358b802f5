//! What can be done to accounts, sessions and keys: the one place that the command line, the admin API, the services
//! and embedding programs share.

use super::{Acting, Action, Subject};
use crate::account::{Account, NewAccount, PasswordHash};
use crate::keys::{self, KeyPurpose, MasterKey};
use crate::realm::Realm;
use crate::services::gathered;
use crate::store::{CodeHash, EndReason, Retirement, SessionId, StoreError};

/// Each leaves one entry in the audit log; a change and its entry are one transaction.
impl Acting<'_> {
    /// Creates an account.
    ///
    /// # Errors
    /// As for [`create_accounts`](crate::store::Accounts::create_accounts).
    pub async fn add(&self, new: &NewAccount) -> Result<Account, StoreError> {
        let begun = self.begin(Action::UserAdd, Subject::realm(&new.realm));
        let created = begun.store.create_accounts(std::slice::from_ref(new), begun.now_ms).await;
        let added = created.and_then(|mut it| it.pop().ok_or(StoreError::Unavailable(sqlx::Error::RowNotFound)));
        self.end(begun, added, |_| true).await
    }

    /// Creates many accounts of a realm, all or none.
    ///
    /// # Errors
    /// As for [`create_accounts`](crate::store::Accounts::create_accounts).
    pub async fn import(&self, realm: &str, new: &[NewAccount]) -> Result<Vec<Account>, StoreError> {
        let subject = Subject::realm(realm).with_detail(format!("{} accounts", new.len()));
        let begun = self.begin(Action::UserImport, subject);
        let created = begun.store.create_accounts(new, begun.now_ms).await;
        self.end(begun, created, |it| !it.is_empty()).await
    }

    /// Shuts an account out and ends its sessions, or lets it in again. False if there is none any more.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails; nothing has changed then.
    pub async fn set_enabled(&self, account: &Account, enabled: bool) -> Result<bool, StoreError> {
        let action = if enabled { Action::UserEnable } else { Action::UserDisable };
        let begun = self.begin(action, Subject::account(account));
        let done = begun.store.set_enabled(account.id, enabled, begun.now_ms).await;
        self.end(begun, done, |it| *it).await
    }

    /// Sets a password that has been hashed already, and ends every session. False if there is no such account any more.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails; nothing has changed then.
    pub async fn set_password(&self, account: &Account, hash: &PasswordHash) -> Result<bool, StoreError> {
        let begun = self.begin(Action::UserSetPassword, Subject::account(account));
        let done = begun.store.set_password(account.id, hash, begun.now_ms).await;
        self.end(begun, done, |it| *it).await
    }

    /// The same by who knew the old one, unless it has been changed since `account` was read.
    pub(crate) async fn change_password(&self, account: &Account, hash: &PasswordHash) -> Result<bool, StoreError> {
        self.replace_password(Subject::account(account), account, hash).await
    }

    /// The same by who got the account's letters. No letter from before is good after it.
    pub(crate) async fn reset_password(&self, account: &Account, hash: &PasswordHash) -> Result<bool, StoreError> {
        self.replace_password(Subject::account(account).with_detail("by a letter"), account, hash).await
    }

    async fn replace_password(
        &self,
        subject: Subject<'_>,
        account: &Account,
        hash: &PasswordHash,
    ) -> Result<bool, StoreError> {
        let begun = self.begin(Action::UserSetPassword, subject);
        let done = begun.store.change_password(account, hash, begun.now_ms).await;
        self.end(begun, done, |it| *it).await
    }

    /// Marks an account as validated, if that code is still good for it.
    pub(crate) async fn validate(&self, account: &Account, code: CodeHash) -> Result<bool, StoreError> {
        let begun = self.begin(Action::UserValidate, Subject::account(account));
        let done = begun.store.validate_account(account.id, code, begun.now_ms).await;
        self.end(begun, done, |it| *it).await
    }

    /// Hands out all that is kept about an account's owner, as one JSON object: the account with the dialect's fields,
    /// and its sessions. Hashes of passwords, tokens and codes are left out: they say nothing about the person, and are
    /// worth stealing.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails; nothing is handed out then, nor if it cannot be recorded.
    pub async fn export(&self, account: &Account) -> Result<serde_json::Value, StoreError> {
        let exported = gathered(self.store, account).await;
        self.record(Action::UserExport, Subject::account(account), exported).await
    }

    /// Removes an account with identifiers, sessions and codes. Tokens are refused from then on. False if there is none
    /// any more.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails; nothing has changed then.
    pub async fn delete(&self, account: &Account) -> Result<bool, StoreError> {
        let begun = self.begin(Action::UserDelete, Subject::account(account));
        let done = begun.store.delete_account(account.id).await;
        self.end(begun, done, |it| *it).await
    }

    /// Ends one session of an account; false if it has ended already.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails; it has not ended then.
    pub async fn end_session(&self, account: &Account, session: SessionId) -> Result<bool, StoreError> {
        self.end_one(Action::SessionEnd, account, session, EndReason::SignedOut).await
    }

    /// Ends a session that is in two hands; false if it has ended already.
    pub(crate) async fn end_stolen(&self, account: &Account, session: SessionId) -> Result<bool, StoreError> {
        self.end_one(Action::SessionTheft, account, session, EndReason::Theft).await
    }

    async fn end_one(
        &self,
        action: Action,
        account: &Account,
        session: SessionId,
        reason: EndReason,
    ) -> Result<bool, StoreError> {
        let begun = self.begin(action, Subject::account(account).with_detail(format!("session {session}")));
        let done = begun.store.end_session(session, reason, begun.now_ms).await;
        self.end(begun, done, |it| *it).await
    }

    /// Ends every session of an account, in force at the next request; returns how many there were. Its owner may log in
    /// again at once.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails; then none has ended.
    pub async fn sign_out(&self, account: &Account) -> Result<u64, StoreError> {
        let begun = self.begin(Action::SignOut, Subject::account(account));
        let ended = begun.store.end_sessions(account.id, EndReason::SignedOut, begun.now_ms).await;
        self.end(begun, ended, |it| *it > 0).await
    }

    /// Makes a key of a realm that takes over in `notice_ms` milliseconds, and ends the others of that purpose when the last
    /// token that they can have made by then has ended; returns its id. `None` if `unless_since_ms` is given and a key is
    /// as young as that, because another process was quicker.
    ///
    /// # Errors
    /// [`StoreError::Key`] if it is the configuration that names the realm's key, or the realm has none of that purpose; else
    /// [`StoreError`] if the store fails.
    pub async fn rotate_keys(
        &self,
        realm: &Realm,
        purpose: KeyPurpose,
        notice_ms: i64,
        unless_since_ms: Option<i64>,
    ) -> Result<Option<String>, StoreError> {
        let begun = self.begin(Action::KeyRotate, Subject::realm(&realm.name));
        let from_ms = begun.now_ms.saturating_add(notice_ms);
        let made = keys::rotate(realm, purpose, begun.store.as_ref(), begun.now_ms, from_ms, unless_since_ms).await;
        self.end(begun, made, Option::is_some).await
    }

    /// Ends a key: the tokens that it made are refused. See
    /// [`retire_signing_key`](crate::store::Keys::retire_signing_key).
    ///
    /// # Errors
    /// [`StoreError`] if the store fails; it has not ended then.
    pub async fn retire_key(&self, realm: &str, id: &str, ends_sessions: bool) -> Result<Retirement, StoreError> {
        let subject = Subject::realm(realm).with_detail(format!("key {id}"));
        let begun = self.begin(Action::KeyRetire, subject);
        let done = begun.store.retire_signing_key(realm, id, begun.now_ms, ends_sessions).await;
        self.end(begun, done, |it| matches!(it, Retirement::Done(_))).await
    }

    /// Seals every key of every realm under another master key, all or nothing; returns how many are other than before.
    pub(crate) async fn reseal_keys(&self, old: Option<&MasterKey>, new: &MasterKey) -> Result<u64, StoreError> {
        let begun = self.begin(Action::KeyReseal, Subject::default());
        let sealed = keys::reseal(begun.store.as_ref(), old, new).await;
        self.end(begun, sealed, |it| *it > 0).await
    }
}
