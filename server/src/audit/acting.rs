//! Acting on the record.

use super::{Action, Actor, AuditEntry, AuditOutcome};
use crate::account::{Account, AccountId};
use crate::clock::Clock;
use crate::store::{Store, StoreError};
use std::fmt;

/// Somebody who acts on a store, and whose acts are recorded. What they can do is in its methods.
pub struct Acting<'a> {
    pub(super) store: &'a dyn Store,
    /// For acts and entries.
    clock: &'a Clock,
    actor: Actor,
}

/// A change that is about to be made, by this store: it writes the entry in the transaction of the change.
pub(super) struct Begun {
    pub(super) store: Box<dyn Store>,
    pub(super) now_ms: i64,
    entry: AuditEntry,
}

impl<'a> Acting<'a> {
    /// Whoever `actor` is, on that store.
    pub const fn new(store: &'a dyn Store, clock: &'a Clock, actor: Actor) -> Acting<'a> {
        Acting { store, clock, actor }
    }

    pub(super) fn begin(&self, action: Action, subject: Subject<'_>) -> Begun {
        let (entry, now_ms) = (self.entry(action, subject), self.clock.now_ms());
        Begun { store: self.store.recording(entry.clone(), now_ms), now_ms, entry }
    }

    /// Tells of a change that was made or not. What changed nothing, or failed, is in no transaction: of that, those
    /// who are answerable for it leave an entry of its own. A process that dies before it has changed nothing.
    pub(super) async fn end<T>(
        &self,
        begun: Begun,
        done: Result<T, StoreError>,
        has_changed: impl FnOnce(&T) -> bool,
    ) -> Result<T, StoreError> {
        let outcome = match done.as_ref().map(has_changed) {
            Ok(true) => AuditOutcome::Done,
            Ok(false) => AuditOutcome::Unchanged,
            Err(_) => AuditOutcome::Failed,
        };
        let entry = AuditEntry { outcome, ..begun.entry };
        tell(&entry);
        if outcome != AuditOutcome::Done
            && entry.actor.channel.is_answerable()
            && let Err(error) = self.store.append_audit(&entry, self.clock.now_ms()).await
        {
            tracing::error!(%error, action = entry.action.name(), "what came to nothing could not be recorded");
        }
        done
    }

    /// Records what was done outside the store's transactions, and gives it back: what cannot be recorded is not to be
    /// handed out. Whatever was done and is not given back, because the process died in between, nobody has got.
    ///
    /// # Errors
    /// What `done` is, or [`StoreError`] if the log cannot be written.
    pub(crate) async fn record<T, E: From<StoreError>>(
        &self,
        action: Action,
        subject: Subject<'_>,
        done: Result<T, E>,
    ) -> Result<T, E> {
        let outcome = if done.is_ok() { AuditOutcome::Done } else { AuditOutcome::Failed };
        let entry = AuditEntry { outcome, ..self.entry(action, subject) };
        let recorded = self.store.append_audit(&entry, self.clock.now_ms()).await;
        tell(&entry);
        let value = done?;
        recorded?;
        Ok(value)
    }

    fn entry(&self, action: Action, subject: Subject<'_>) -> AuditEntry {
        AuditEntry {
            actor: self.actor.clone(),
            action,
            outcome: AuditOutcome::Done,
            realm: subject.realm.map(Into::into),
            account: subject.account,
            detail: subject.detail,
        }
    }
}

fn tell(entry: &AuditEntry) {
    tracing::info!(
        action = entry.action.name(),
        outcome = entry.outcome.name(),
        channel = entry.actor.channel.name(),
        actor = entry.actor.name,
        realm = entry.realm,
        account = entry.account.map(tracing::field::display),
        detail = entry.detail,
        "an act"
    );
}

// Deliberately not derived: a store has nothing to show.
impl fmt::Debug for Acting<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Acting").field("actor", &self.actor).finish_non_exhaustive()
    }
}

/// To whom something is done.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subject<'a> {
    /// In which realm.
    pub(crate) realm: Option<&'a str>,
    /// To which account, once it has an identity.
    pub(crate) account: Option<AccountId>,
    /// More about it. Never a secret, and no name: the log forgets nothing.
    pub(crate) detail: Option<String>,
}

impl<'a> Subject<'a> {
    /// An account.
    pub(crate) fn account(account: &'a Account) -> Subject<'a> {
        Subject { realm: Some(&account.realm), account: Some(account.id), detail: None }
    }

    /// A realm.
    pub(crate) fn realm(realm: &'a str) -> Subject<'a> {
        Subject { realm: Some(realm), ..Subject::default() }
    }

    /// The same with more about it.
    #[must_use]
    pub(crate) fn with_detail(self, detail: impl Into<String>) -> Subject<'a> {
        Subject { detail: Some(detail.into()), ..self }
    }
}
