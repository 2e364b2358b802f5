//! Login.

use super::session::{Generation, Reach};
use super::validation::code_end_ms;
use super::{Refusal, Server};
use crate::account::Account;
use crate::realm::Realm;
use crate::store::{CodePurpose, NewSession, SessionId, StoreError};
use crate::tokens::{self, Secret};
use relatch_dialects::{Meaning, Message, Values};

impl Server {
    /// Begins a session for whom identifier and password belong to.
    ///
    /// One path for everybody: an unknown identifier costs a password check as a known one does, and what state an
    /// account is in is told only to who knows its password. How much of it all is told is the dialect's business.
    pub(crate) async fn login(&self, realm: &Realm, identifier: &str, password: &str) -> Result<Message, Refusal> {
        let account = self.check_password(realm, identifier, password).await?;
        if !account.enabled {
            return Err(Meaning::AccountDisabled.into());
        }
        if realm.issue.validation && !account.validated {
            return Err(self.not_validated(&account).await?);
        }
        let account = self.with_todays_hash(realm, account, password).await?;
        self.begin_session(realm, &account).await
    }

    async fn check_password(&self, realm: &Realm, identifier: &str, password: &str) -> Result<Account, Refusal> {
        let account = self.find(realm, identifier).await?;
        let welcome = account.as_ref().is_some_and(|it| it.enabled && (it.validated || !realm.issue.validation));
        match (self.fits(realm, account.as_ref(), password, welcome).await?, account) {
            (true, Some(account)) => Ok(account),
            (_, Some(_)) => Err(Meaning::WrongPassword.into()),
            (_, None) => Err(Meaning::UnknownUser.into()),
        }
    }

    /// A text that can be no identifier is one that nobody has.
    pub(super) async fn find(&self, realm: &Realm, identifier: &str) -> Result<Option<Account>, Refusal> {
        match self.store.find_account(&realm.name, &realm.identifiers, identifier).await {
            Err(StoreError::Identifier(_)) => Ok(None),
            found => Ok(found?),
        }
    }

    /// The code with which the owner can ask for the validation letter again. Each login gives a fresh one.
    async fn not_validated(&self, account: &Account) -> Result<Refusal, Refusal> {
        let (code, now_ms) = (Secret::uuid(), self.clock.now_ms());
        self.store.put_code(account.id, CodePurpose::Resend, code.code_hash(), now_ms, code_end_ms(now_ms)).await?;
        let values = Values::new().with("resend_code", code.text());
        Ok(Refusal::Told(Message::with(Meaning::AccountNotValidated, values)))
    }

    async fn begin_session(&self, realm: &Realm, account: &Account) -> Result<Message, Refusal> {
        let now_ms = self.clock.now_ms();
        let (id, reach) = (SessionId::random(), Reach::at(realm, now_ms));
        let by = tokens::renewable(&realm.refresh_keys.keys(), now_ms);
        let session =
            NewSession { id, renewable: by.clone(), expires_at_ms: reach.expires_at_ms, ends_at_ms: reach.ends_at_ms };
        if !self.store.create_session(account, session, now_ms).await? {
            return Err(self.changed_meanwhile(realm, account).await?);
        }
        let generation = Generation { session: id, number: 1, ends_at_ms: reach.ends_at_ms, now_ms };
        self.session_message(realm, account, &generation, by.as_ref())
    }

    /// The account was disabled, or its password changed, between the check and the session.
    async fn changed_meanwhile(&self, realm: &Realm, account: &Account) -> Result<Refusal, Refusal> {
        let enabled = self.store.account(&realm.name, account.id).await?.is_some_and(|it| it.enabled);
        Ok(if enabled { Meaning::WrongPassword } else { Meaning::AccountDisabled }.into())
    }
}
