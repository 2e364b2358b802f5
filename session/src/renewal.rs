//! Renewing: one at a time for all tabs, only the exchange under the lock, and the truth read again under it.

use crate::clock::Moment;
use crate::exchanges::Purpose;
use crate::store::Incoming;
use crate::{Answered, Command, Event, Failure, FailureKind, Session, StoreFailed, Stored};
use relatch_dialects::{Meaning, Renewal, Values};

/// How far the renewal is.
#[derive(Clone, Copy)]
pub(crate) enum Renewing {
    /// There is none.
    Idle,
    /// Waiting for the lock, since then.
    Locking(Moment),
    /// Reading the store without the lock: whoever holds it is frozen or dead.
    Unlocked,
    /// The request is under way, or its tokens are being stored.
    Sending,
}

impl Session {
    /// Whether the session can go on without anybody noticing.
    pub(crate) fn renews_unseen(&self) -> bool {
        match self.options.renewal {
            Renewal::Endpoint => true,
            Renewal::Login => self.credentials.is_some(),
            Renewal::None => false,
        }
    }

    /// Begins a renewal, unless one is under way or the last one failed just now.
    pub(crate) fn begin_renewal(&mut self) {
        if matches!(self.renewing, Renewing::Idle) && self.is_signed_in() && self.backoff.remaining(self.now) == 0 {
            self.renewing = Renewing::Locking(Moment::of(self.now));
            self.lock_asked = true;
            self.commands.push(Command::Lock);
        }
    }

    /// The lock is ours: unless another tab was faster, the request leaves in this very step.
    pub(crate) fn locked(&mut self, stored: Result<Option<Stored>, StoreFailed>) {
        match self.renewing {
            Renewing::Locking(_) => self.exchange(stored),
            // Not waited for any more: given back, whatever this side believes about it.
            _ => {
                self.lock_asked = true;
                self.unlock();
            }
        }
    }

    /// Lets the lock go, or stops waiting for it.
    pub(crate) fn unlock(&mut self) {
        if std::mem::take(&mut self.lock_asked) {
            self.commands.push(Command::Unlock);
        }
    }

    /// Milliseconds until waiting for the lock has taken too long.
    pub(crate) fn until_unlocked(&self) -> Option<u64> {
        let Renewing::Locking(since) = self.renewing else { return None };
        Some(self.options.lock_deadline_ms.saturating_sub(since.elapsed(self.now)))
    }

    /// "Nobody hangs" goes before "only one tab sends": a lock that is not given in time is done without.
    pub(crate) fn go_unlocked(&mut self) {
        if self.until_unlocked() == Some(0) {
            self.renewing = Renewing::Unlocked;
            self.unlock();
            self.load();
        }
    }

    pub(crate) fn exchange(&mut self, stored: Result<Option<Stored>, StoreFailed>) {
        if self.follow(stored.ok().flatten()) || !self.is_signed_in() {
            return self.settle_renewal();
        }
        let Some((operation, values)) = self.renewal_request() else {
            return self.settle_renewal();
        };
        let Some((login, attempt)) = self.record.as_ref().map(|it| (it.login, it.attempt.clone())) else { return };
        self.renewing = Renewing::Sending;
        self.send(operation, values, false, attempt, Purpose::Renewal(login));
    }

    fn renewal_request(&self) -> Option<(&'static str, Values)> {
        match self.options.renewal {
            Renewal::Endpoint => self.grant().map(|it| ("renew", it.values)),
            Renewal::Login => self.credentials.clone().map(|it| ("login", it)),
            Renewal::None => None,
        }
    }

    pub(crate) fn renewal_answered(&mut self, answered: Result<Answered, Failure>) {
        match answered {
            Ok(answered) if answered.message.meaning == Meaning::Session => self.renewed(answered),
            answered => {
                let failure = Failure::from_answer(answered);
                match failure.kind {
                    FailureKind::Meant(meaning) if ends_at_renewal(meaning) => self.renewal_refused(meaning, &failure),
                    FailureKind::Meant(Meaning::Challenge) => self.renewal_challenged(&failure),
                    _ => self.renewal_failed(failure),
                }
            }
        }
    }

    fn renewed(&mut self, answered: Answered) {
        let Some(record) = self.record.as_ref().filter(|_| !self.has_arrivals()) else {
            // Another login is being stored: this renewal's tokens must not be written over it.
            self.settle_renewal();
            return self.revoke(answered.message.values, None);
        };
        let (login, generation) = (record.login, record.generation + 1);
        let mut values = record.values.clone();
        values.merge(answered.message.values.clone());
        let record = self.record_of(login, generation, values, &answered);
        self.store(Incoming { record, event: Event::Renewed, call: None, credentials: None });
    }

    fn renewal_refused(&mut self, meaning: Meaning, failure: &Failure) {
        let event = match (meaning, self.options.renewal) {
            (Meaning::AccountDisabled, _) => Event::AccountDisabled,
            (_, Renewal::Login) => Event::CredentialsRefused,
            _ => Event::SessionEnded,
        };
        self.end(event, Some(failure));
    }

    /// Kept credentials are not enough any more: a person has to take the next step.
    fn renewal_challenged(&mut self, failure: &Failure) {
        self.credentials = None;
        self.settle_renewal();
        match self.options.asks_login {
            true => self.ask_login(Event::CredentialsRefused),
            false => self.end(Event::Expired, Some(failure)),
        }
    }

    /// The session stays; calls that cannot go on without new tokens fail, and may be tried again.
    fn renewal_failed(&mut self, failure: Failure) {
        self.settle_renewal();
        self.guarded = false;
        if self.backoff.failed(failure.clone(), self.now) {
            self.emit(Event::RenewalFailed, Some(failure.kind), failure.status);
        }
        let failure = self.backoff.failure(self.now).unwrap_or(failure);
        self.reject_parked(&failure);
    }
}

/// The answers to a renewal that end a session, whether it was an endpoint or kept credentials that asked.
const fn ends_at_renewal(meaning: Meaning) -> bool {
    matches!(
        meaning,
        Meaning::TokenMissing
            | Meaning::TokenMalformed
            | Meaning::TokenExpired
            | Meaning::TokenExpiredOrForbidden
            | Meaning::SessionEnded
            | Meaning::Forbidden
            | Meaning::BadCredentials
            | Meaning::UnknownUser
            | Meaning::WrongPassword
            | Meaning::AccountDisabled
            | Meaning::AccountNotValidated
            | Meaning::AccountLocked
    )
}
