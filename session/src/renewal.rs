//! Renewing: one at a time for all tabs, only the exchange under the lock, and the truth read again under it.
//!
//! Before a renewal leaves, the record has a lease ([`Pause`] without failures), for the tabs that are not given the lock: because
//! there is none, or because whoever holds it is frozen or slow. They wait until the lease is over, and then take one of their own,
//! which a tab that has the lock honours too.

use crate::backoff::MAX_PAUSE_MS;
use crate::clock::{Moment, NEVER};
use crate::exchanges::Purpose;
use crate::history::Cause;
use crate::store::{Incoming, Then, Work};
use crate::{Announcement, Answered, Command, Event, Failure, FailureKind, Lock, Now, Pause, Record, Session};
use relatch_dialects::{Meaning, Renewal};

/// What was read longer ago than this may be old: the tab was frozen, or the machine asleep, between asking and hearing.
const SLOW_MS: u64 = 1_000;

/// A disk that is slow every time is believed in the end.
const MAX_SLOW: u8 = 5;

/// Beside the request's own deadline, what a lease leaves for storing the answer.
const LEASE_MARGIN_MS: u64 = 5_000;

/// How often another tab's lease is looked at: that its renewal is over is not heard of everywhere.
const LOOK_MS: u64 = 1_000;

/// In a lease's mark: it was taken under the lock.
const UNDER_LOCK: u16 = 1;

/// How far the renewal is.
#[derive(Clone, Copy)]
pub(crate) enum Renewing {
    /// There is none.
    Idle,
    /// Waiting for the lock, since then.
    Locking(Moment),
    /// Reading the store, or putting a lease there.
    Preparing,
    /// Another tab has a lease, which is looked at again in so many milliseconds.
    Waiting(Moment, u64),
    /// The request is under way, or its tokens are being stored.
    Sending,
    /// It failed, perhaps for the first time in a row, and the other tabs are being told through the store.
    Failing(bool),
}

impl Session {
    /// Whether the session can go on without anybody noticing.
    pub(crate) fn renews_unseen(&self) -> bool {
        match self.options.renewal {
            Renewal::Endpoint => self.unrenewable != self.generation(),
            Renewal::Login => self.credentials.is_some(),
            Renewal::None => false,
        }
    }

    /// Begins a renewal, unless one is under way or the last one failed just now.
    pub(crate) fn begin_renewal(&mut self) {
        if matches!(self.renewing, Renewing::Idle) && self.is_signed_in() && self.backoff.remaining(&self.now) == 0 {
            self.renewing = Renewing::Locking(Moment::of(&self.now));
            self.slow_reads = 0;
            self.lease = None;
            self.lock_asked = true;
            self.commands.push(Command::Lock(Lock::Renewal));
        }
    }

    /// The lock is ours, or there are none here.
    pub(crate) fn locked_for_renewal(&mut self, granted: bool) {
        match self.renewing {
            Renewing::Locking(_) => {
                self.lock_held = granted;
                self.prepare();
            }
            // Not waited for any more: given back, whatever this side believes about it.
            _ => {
                self.lock_asked = true;
                self.unlock();
            }
        }
    }

    fn prepare(&mut self) {
        self.renewing = Renewing::Preparing;
        self.read_anew(Then::Renew);
    }

    /// Lets the lock go, or stops waiting for it.
    pub(crate) fn unlock(&mut self) {
        self.lock_held = false;
        if std::mem::take(&mut self.lock_asked) {
            self.commands.push(Command::Unlock(Lock::Renewal));
        }
    }

    /// Milliseconds until the lock has been waited for long enough, or another tab's lease is to be looked at.
    pub(crate) fn until_unlocked(&self) -> u64 {
        let (since, millis) = match self.renewing {
            Renewing::Locking(since) => (since, self.options.lock_deadline_ms),
            Renewing::Waiting(since, millis) => (since, millis),
            _ => return NEVER,
        };
        millis.saturating_sub(since.ran(&self.now))
    }

    /// "Nobody hangs" goes before "only one tab sends": a lock that is not given in time is done without. A time that is over by
    /// far has not been waited: nothing ran, and whoever has the lock is given the chance to go on as well.
    pub(crate) fn go_unlocked(&mut self) {
        if self.until_unlocked() != 0 {
            return;
        }
        let longest = self.options.lock_deadline_ms + SLOW_MS;
        if let Renewing::Locking(since) = &mut self.renewing
            && self.slow_reads == 0
            && since.ran(&self.now) > longest
        {
            self.slow_reads = 1;
            *since = Moment::of(&self.now);
            return;
        }
        self.unlock();
        self.prepare();
    }

    /// Whether what was asked for then has come too late to be the truth now.
    pub(crate) fn is_slow(&self, since: Moment) -> bool {
        since.elapsed(&self.now) > SLOW_MS && self.slow_reads < MAX_SLOW
    }

    /// The store has been read: unless another tab was faster, the request leaves in this very step.
    pub(crate) fn exchange(&mut self, slow: bool) {
        if !matches!(self.renewing, Renewing::Preparing) {
            return;
        }
        if slow {
            self.slow_reads += 1;
            return self.prepare();
        }
        if self.backoff.remaining(&self.now) > 0 {
            return self.give_up_renewal();
        }
        if self.queue.has_login() {
            return self.settle_renewal();
        }
        let Some(stored) = self.stored() else { return self.send_renewal() };
        match stored.pause {
            Some(lease) if self.is_lease_of_ours(lease) => self.send_renewal(),
            Some(lease) if self.is_barred_by(lease) => {
                self.unlock();
                self.renewing = Renewing::Waiting(Moment::of(&self.now), lease.remaining(&self.now).min(LOOK_MS));
            }
            _ => self.take_lease(),
        }
    }

    /// It has to outlast the request. A store that is slow every time is not waited for.
    fn is_lease_of_ours(&self, lease: Pause) -> bool {
        let lasts = lease.remaining(&self.now) > self.options.request_deadline_ms;
        Some(lease) == self.lease && (lasts || self.slow_reads >= MAX_SLOW)
    }

    fn take_lease(&mut self) {
        let lasts = self.options.request_deadline_ms + LEASE_MARGIN_MS + self.now.fraction(1_000);
        let until_ms = self.now.wall_ms.saturating_add(lasts);
        // Two tabs that set one in the same millisecond must not take each other's for their own.
        let mark = self.now.random as u16 & !UNDER_LOCK | if self.lock_held { UNDER_LOCK } else { 0 };
        let lease = Pause { until_ms, failures: 0, status: mark };
        self.lease = Some(lease);
        self.enqueue(Work::Pause(lease));
    }

    /// What the store holds of this generation.
    fn stored(&self) -> Option<&Record> {
        let ours = self.record.as_ref()?;
        self.queue.record_of(ours.login).filter(|it| it.generation == ours.generation)
    }

    /// Whether another tab's pause is in force. Whoever has the lock need not heed a lease that was taken under it: that tab is no more.
    fn is_barred_by(&self, pause: Pause) -> bool {
        let is_left = self.lock_held && pause.failures == 0 && pause.status & UNDER_LOCK != 0;
        pause.remaining(&self.now) > 0 && Some(pause) != self.lease && !is_left
    }

    /// A lease that another tab holds is not written over, also not by the news of a failure; nor such news by a lease. And what was
    /// overtaken by another tab's newer tokens says nothing about those.
    pub(crate) fn may_pause(&self, pause: Pause, found: &Record) -> bool {
        let is_wanted = match self.renewing {
            Renewing::Preparing => Some(pause) == self.lease,
            Renewing::Failing(_) => pause.failures > 0,
            _ => false,
        };
        let stays = |it: &Pause| self.is_barred_by(*it) && (pause.failures == 0 || it.failures == 0);
        is_wanted && !found.pause.as_ref().is_some_and(stays)
    }

    /// The store has the pause, or something newer.
    pub(crate) fn paused(&mut self, pause: Pause, failed: bool, slow: bool) {
        match self.renewing {
            // Of a renewal before this one.
            Renewing::Preparing if Some(pause) != self.lease => {}
            Renewing::Preparing if failed => self.send_renewal(),
            Renewing::Preparing => self.exchange(slow),
            Renewing::Failing(first) if pause.failures > 0 => {
                self.settle_renewal();
                self.announce(Announcement::Changed);
                if let Some(failure) = self.backoff.last(&self.now) {
                    if first {
                        self.emit(Event::RenewalFailed, Cause::of(&failure));
                    }
                    self.reject_parked(failure);
                }
            }
            _ => {}
        }
    }

    fn send_renewal(&mut self) {
        let request = match self.options.renewal {
            Renewal::Endpoint => self.grant().map(|it| ("renew", it.values)),
            Renewal::Login => self.credentials.clone().map(|it| ("login", it)),
            Renewal::None => None,
        };
        match (request, &self.record) {
            (Some((operation, values)), Some(record)) => {
                let (login, attempt) = (record.login, record.attempt.clone());
                self.renewing = Renewing::Sending;
                self.send(operation, values, attempt, Purpose::Renewal(login));
            }
            _ => self.settle_renewal(),
        }
    }

    pub(crate) fn renewal_answered(&mut self, answered: Result<Box<Answered>, Box<Failure>>) {
        match answered {
            Ok(answered) if answered.message.meaning == Meaning::Session => self.renewed(answered),
            answered => {
                let failure = Failure::from_answer(answered);
                match failure.kind {
                    FailureKind::Meant(meaning) if ends_at_renewal(meaning) => {
                        self.renewal_refused(meaning, Cause::of(&failure))
                    }
                    FailureKind::Meant(Meaning::Challenge) => self.renewal_impossible(),
                    FailureKind::InvalidArgument => self.renewal_impossible(),
                    _ => self.renewal_failed(failure),
                }
            }
        }
    }

    fn renewed(&mut self, answered: Box<Answered>) {
        let Some(record) = self.record.as_ref().filter(|_| !self.queue.has_asked_for()) else {
            // Another login is being stored: this renewal's tokens must not be written over it.
            self.settle_renewal();
            return self.revoke(answered.message.values, None);
        };
        let mut values = record.values.clone();
        values.overlay(&answered.message.values);
        let record = self.record_of(record.login, record.generation + 1, &values, &answered);
        self.store(Box::new(Incoming { record, event: Event::Renewed, call: None, credentials: None, observed: None }));
    }

    /// Once more the store is asked: a tab that could not wait for this one may have been given what this one was refused.
    fn renewal_refused(&mut self, meaning: Meaning, cause: Cause) {
        let event = match (meaning, self.options.renewal) {
            (Meaning::AccountDisabled, _) => Event::AccountDisabled,
            (_, Renewal::Login) => Event::CredentialsRefused,
            _ => Event::SessionEnded,
        };
        self.end_unless_renewed(event, cause);
    }

    /// Kept credentials are not enough any more, or the API gave no token to renew with: a person has to take the next step.
    fn renewal_impossible(&mut self) {
        self.credentials = None;
        self.unrenewable = self.generation();
        self.settle_renewal();
        if self.has_parked() {
            self.seek_help();
        }
    }

    /// The session stays; calls that cannot go on without new tokens fail, and may be tried again. When the other tabs have been
    /// told, and the lock is free.
    fn renewal_failed(&mut self, failure: Box<Failure>) {
        self.guarded = false;
        self.exchanges.orphan_renewal();
        let first = self.backoff.failed(failure, &self.now);
        let pause = self.backoff.pause(&self.now);
        self.renewing = Renewing::Failing(first);
        self.enqueue(Work::Pause(pause));
    }

    /// Another tab has failed, and all of them wait.
    pub(crate) fn give_up_renewal(&mut self) {
        self.guarded = false;
        self.settle_renewal();
        if let Some(failure) = self.backoff.last(&self.now) {
            self.reject_parked(failure);
        }
    }

    /// The renewal is over, one way or another.
    pub(crate) fn settle_renewal(&mut self) {
        if !matches!(std::mem::replace(&mut self.renewing, Renewing::Idle), Renewing::Idle) {
            self.unlock();
            self.exchanges.orphan_renewal();
        }
    }
}

impl Pause {
    /// Milliseconds that it still lasts. One that lasts too long is the work of a clock that has been set since.
    pub(crate) fn remaining(self, now: &Now) -> u64 {
        Some(self.until_ms.saturating_sub(now.wall_ms)).filter(|it| *it <= MAX_PAUSE_MS).unwrap_or(0)
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
