//! Setting a new password: by who knows the old one, or by who gets the account's letters.

use super::outbox::Letter;
use super::{Chain, Refusal, Server};
use crate::account::{Account, IdentifierKind, PasswordHash};
use crate::audit::Actor;
use crate::passwords::PolicyFault;
use crate::realm::Realm;
use crate::store::CodePurpose;
use crate::tokens::Secret;
use relatch_dialects::{Meaning, Message, Reason, Values};

/// An hour: whoever asks for this letter is waiting for it.
const RESET_LIFETIME_MS: i64 = 60 * 60 * 1000;

impl Server {
    /// Sets a new password for who has a good token and knows the old one. Every session of the account ends, this one
    /// too: whoever else was in is out.
    pub(crate) async fn change_password(
        &self,
        realm: &Realm,
        token: &str,
        current: &str,
        new: &str,
    ) -> Result<Message, Refusal> {
        let account = self.authenticate(realm, token).await?;
        let checked = async {
            let fits = self.fits(realm, Some(&account), current, true).await?;
            if fits { Ok(()) } else { Err(Meaning::WrongPassword.into()) }
        };
        self.limited_for(realm, account.id, checked).await?;
        let hash = self.hash_new(realm, &account, new).await?;
        if !self.acting(Actor::owner(&account)).change_password(&account, &hash).await? {
            return Err(Meaning::WrongPassword.into());
        }
        Ok(Message::new(Meaning::Done))
    }

    /// Sends a letter with a reset code, if there is an account of that name with an address. The answer is the same for
    /// everybody, and comes before anything is looked up.
    pub(crate) fn request_password_reset(&self, realm: &Realm, identifier: &str) -> Result<Message, Refusal> {
        let Ok(place) = std::sync::Arc::clone(&self.letters).try_acquire_owned() else {
            return Err(crate::passwords::PasswordError::Overloaded.into());
        };
        let (server, realm, identifier) = (self.clone(), realm.clone(), identifier.to_owned());
        tokio::spawn(async move {
            let _place = place;
            if let Err(Refusal::Failed(failure)) = server.send_reset(&realm, &identifier).await {
                tracing::error!(error = %Chain(&failure), "a letter for a new password could not be sent");
            }
        });
        Ok(Message::new(Meaning::Done))
    }

    async fn send_reset(&self, realm: &Realm, identifier: &str) -> Result<(), Refusal> {
        let found = self.find(realm, identifier).await?;
        let Some(account) = found.filter(|it| it.enabled && (it.email.is_some() || it.phone.is_some())) else {
            return Ok(());
        };
        let (code, now_ms) = (Secret::random(), self.clock.now_ms());
        let ends_ms = now_ms.saturating_add(RESET_LIFETIME_MS);
        self.store.put_code(account.id, CodePurpose::PasswordReset, code.code_hash(), now_ms, ends_ms).await?;
        Ok(self.outbox.send(Letter::password_reset(&account, code.text(), now_ms)).await?)
    }

    /// Sets a new password for who has a reset code, which is used up, and ends every session of the account. A password
    /// that the realm refuses uses nothing up.
    pub(crate) async fn reset_password(&self, realm: &Realm, code: &str, new: &str) -> Result<Message, Refusal> {
        let (hash, now_ms) = (Secret::presented(code).code_hash(), self.clock.now_ms());
        let found = self.store.code_account(&realm.name, CodePurpose::PasswordReset, hash, now_ms).await?;
        let account = found.filter(|it| it.enabled).ok_or(Meaning::BadCredentials)?;
        let hashed = self.hash_new(realm, &account, new).await?;
        // Of two that come with one code, one goes on: each new password takes the codes from before with it, and this one is set
        // only in place of the password that was read together with the code.
        if !self.acting(Actor::owner(&account)).reset_password(&account, &hashed).await? {
            return Err(Meaning::BadCredentials.into());
        }
        Ok(Message::new(Meaning::Done))
    }

    async fn hash_new(&self, realm: &Realm, account: &Account, new: &str) -> Result<PasswordHash, Refusal> {
        let identifiers: Vec<&str> = IdentifierKind::ALL.into_iter().filter_map(|it| account.identifier(it)).collect();
        realm.password_policy.check(new, &identifiers).map_err(|fault| unfit(&fault))?;
        Ok(self.passwords.hash(new, realm.password_scheme).await?)
    }
}

/// The fault in words, for the dialects that have a place for a sentence.
fn unfit(fault: &PolicyFault) -> Refusal {
    let reason = match fault {
        PolicyFault::Chars { .. } | PolicyFault::Bytes(_) => Reason::PasswordLength,
        _ => Reason::PasswordMalformed,
    };
    let mut message = Message::invalid(reason);
    message.values = Values::new().with("message", format!("{fault}."));
    Refusal::Told(message)
}
