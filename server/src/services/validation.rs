//! Validation of an account: a code was sent to its owner, who brings it back with the password.

use super::outbox::Letter;
use super::{Refusal, Server};
use crate::account::Account;
use crate::audit::Actor;
use crate::realm::Realm;
use crate::store::CodePurpose;
use crate::tokens::Secret;
use relatch_dialects::{Meaning, Message, Value, Values};

/// A day: long enough for a letter that is read in the evening.
const CODE_LIFETIME_MS: i64 = 24 * 60 * 60 * 1000;

/// When a code ends that is made now.
pub(super) const fn code_end_ms(now_ms: i64) -> i64 {
    now_ms.saturating_add(CODE_LIFETIME_MS)
}

impl Server {
    /// Validates the account that the code was sent to, if the password is its own. A code that is unknown costs as
    /// much as one with a wrong password, and the answer is the same.
    pub(crate) async fn validate(&self, realm: &Realm, code: &str, password: &str) -> Result<Message, Refusal> {
        let (hash, now_ms) = (Secret::presented(code).code_hash(), self.clock.now_ms());
        let found = self.store.code_account(&realm.name, CodePurpose::Validation, hash, now_ms).await?;
        let welcome = found.as_ref().is_some_and(|it| it.enabled);
        let fits = self.fits(realm, found.as_ref(), password, welcome).await?;
        let Some(account) = found.filter(|_| fits) else { return Err(Meaning::BadCredentials.into()) };
        if !account.enabled {
            return Err(Meaning::AccountDisabled.into());
        }
        if !self.acting(Actor::owner(&account)).validate(&account, hash).await? {
            return Err(Meaning::BadCredentials.into());
        }
        let email = account.email.map_or(Value::Null, Value::from);
        Ok(Message::with(Meaning::Done, Values::new().with("email", email)))
    }

    /// Sends the validation letter again to who holds a resend code. An unknown code is answered in the same way: it
    /// would tell otherwise which codes are good.
    pub(crate) async fn resend_validation(&self, realm: &Realm, resend_code: &str) -> Result<Message, Refusal> {
        let (hash, now_ms) = (Secret::presented(resend_code).code_hash(), self.clock.now_ms());
        let found = self.store.code_account(&realm.name, CodePurpose::Resend, hash, now_ms).await?;
        if let Some(account) = found.filter(|it| it.enabled && !it.validated) {
            self.send_validation(&account, now_ms).await?;
        }
        Ok(Message::new(Meaning::Done))
    }

    async fn send_validation(&self, account: &Account, now_ms: i64) -> Result<(), Refusal> {
        let code = Secret::random();
        self.store.put_code(account.id, CodePurpose::Validation, code.code_hash(), now_ms, code_end_ms(now_ms)).await?;
        Ok(self.outbox.send(Letter::validation(account, code.text(), now_ms)).await?)
    }
}
