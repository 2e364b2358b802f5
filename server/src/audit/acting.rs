//! Acting on the record.

use super::{Action, AuditEntry, AuditOutcome};
use crate::account::AccountId;
use crate::clock::Clock;
use crate::store::{Store, StoreError};
use std::fmt;

/// By which way somebody acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// The command line.
    CommandLine,
    /// The admin API.
    AdminApi,
}

impl Channel {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Channel::CommandLine => "command-line",
            Channel::AdminApi => "admin-api",
        }
    }
}

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// By which way.
    pub channel: Channel,
    /// The operating system's user, or the name of the admin token.
    pub name: String,
    /// From which network address, where there is one.
    pub address: Option<String>,
}

/// Somebody who acts on a store, and whose acts are recorded.
pub struct Acting<'a> {
    /// On what.
    pub store: &'a dyn Store,
    /// The time of the entries.
    pub clock: &'a Clock,
    /// Who.
    pub actor: Actor,
}

impl Acting<'_> {
    /// Records that the act begins, does it, and records how it went. What cannot be recorded is not done.
    ///
    /// Written after the act alone, the entry would be missing exactly when the process died in between.
    ///
    /// # Errors
    /// What the act fails with, or [`StoreError`] if the log cannot be written.
    pub async fn carry_out<T, E: From<StoreError>>(
        &self,
        subject: Subject<'_>,
        action: Action,
        act: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let account = subject.account;
        self.carry_out_on(subject, action, act, |_| account).await
    }

    /// The same for an act from whose outcome is known to whom it was done.
    ///
    /// # Errors
    /// As for [`carry_out`](Self::carry_out).
    pub async fn carry_out_on<T, E: From<StoreError>>(
        &self,
        subject: Subject<'_>,
        action: Action,
        act: impl Future<Output = Result<T, E>>,
        account: impl FnOnce(&T) -> Option<AccountId>,
    ) -> Result<T, E> {
        let mut entry = self.entry(subject, action);
        self.store.append_audit(&entry, self.clock.now_ms()).await?;
        let done = act.await;
        entry.outcome = if done.is_ok() { AuditOutcome::Done } else { AuditOutcome::Failed };
        entry.account = done.as_ref().ok().and_then(account).or(entry.account);
        if let Err(error) = self.store.append_audit(&entry, self.clock.now_ms()).await {
            // The act is done or not, whatever the log can say of it; that it began is in there.
            tracing::error!(%error, action = action.name(), "how an act went could not be recorded");
        }
        done
    }

    fn entry(&self, subject: Subject<'_>, action: Action) -> AuditEntry {
        AuditEntry {
            actor: self.actor.clone(),
            action,
            outcome: AuditOutcome::Begun,
            realm: subject.realm.map(Into::into),
            account: subject.account,
            detail: subject.detail,
        }
    }
}

// Deliberately not derived: a store has nothing to show.
impl fmt::Debug for Acting<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Acting").field("actor", &self.actor).finish_non_exhaustive()
    }
}

/// To whom something is done.
#[derive(Clone, Debug, Default)]
pub struct Subject<'a> {
    /// In which realm.
    pub realm: Option<&'a str>,
    /// To which account, once it has an identity.
    pub account: Option<AccountId>,
    /// More about it. Never a secret.
    pub detail: Option<String>,
}

impl<'a> Subject<'a> {
    /// An account of a realm.
    pub fn account(realm: &'a str, account: AccountId) -> Subject<'a> {
        Subject { realm: Some(realm), account: Some(account), detail: None }
    }

    /// A realm.
    pub fn realm(realm: &'a str) -> Subject<'a> {
        Subject { realm: Some(realm), ..Subject::default() }
    }

    /// The same with more about it.
    pub fn with_detail(self, detail: impl Into<String>) -> Subject<'a> {
        Subject { detail: Some(detail.into()), ..self }
    }
}
