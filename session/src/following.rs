//! What the store holds, and what other tabs say, taken over if it is newer than what is known here.

use crate::clock::{Age, Validity};
use crate::renewal::Renewing;
use crate::store::{Incoming, Then, Work};
use crate::{Announcement, CallId, Event, FailureKind, Login, Record, Session, Status, Stored};
use relatch_dialects::Values;

impl Session {
    /// The store has been heard of: whatever is new in it is followed.
    pub(crate) fn found(&mut self, found: Option<Stored>) {
        let before = std::mem::replace(&mut self.queue.base, found.clone());
        match found {
            // The last word on its login, and on the one that stood in its place.
            Some(Stored::Tombstone(login)) => {
                let replaced = match before {
                    Some(Stored::Session(it)) => Some(it.login),
                    _ => None,
                };
                self.follow_end(|it| it.login == login || Some(it.login) == replaced);
            }
            Some(Stored::Session(record)) => self.follow(record, before),
            // A store that was cleared says nothing: the session goes on in memory.
            None => {}
        }
    }

    fn follow(&mut self, record: Box<Record>, before: Option<Stored>) {
        match &self.record {
            Some(known) if known.login == record.login && known.generation == record.generation => self.agree(&record),
            Some(known) if known.login == record.login && known.generation > record.generation => {
                // A store that is full is read before each write: one is enough, or they would go on for ever.
                if !self.queue.is_catching_up() {
                    self.enqueue(Work::Missed);
                }
            }
            Some(known) if known.login == record.login => self.adopt(record),
            _ if self.has_ended(&record) => self.end_again(&record),
            _ if self.queue.has_login() => {}
            // What had been there before this session's login went past the store is no news.
            Some(_) if matches!(before, Some(Stored::Session(it)) if it.login == record.login) => {}
            known => {
                let is_other = known.is_some();
                if is_other {
                    self.credentials = None;
                }
                self.drop_logins(is_other);
                self.adopt(record);
            }
        }
    }

    fn adopt(&mut self, record: Box<Record>) {
        let event = if self.snapshot.status == Status::Loading { Event::Ready } else { Event::Adopted };
        self.take_up(record, event);
        self.release();
    }

    /// The same tokens: what else do the other tabs know?
    fn agree(&mut self, found: &Record) {
        let Some(known) = &mut self.record else { return };
        known.pause = found.pause;
        if found.active_at_ms > known.active_at_ms {
            known.active_at_ms = found.active_at_ms;
            self.was_active(found.active_at_ms);
        }
        if !self.queue.has_context() {
            self.change_context(found.context.clone());
        }
        if found.pause.is_some_and(|it| self.backoff.adopt(it, &self.now)) {
            self.rest_as_well();
        }
    }

    /// Another tab could not renew: whoever waits for what it brings does so in vain.
    fn rest_as_well(&mut self) {
        let by_another = self.waits_for_credentials();
        if by_another {
            self.settle_help();
        }
        if by_another || matches!(self.renewing, Renewing::Waiting(..)) {
            self.give_up_renewal();
        }
    }

    /// The first look at the store is what everybody has waited for.
    pub(crate) fn loaded_first(&mut self) {
        if self.snapshot.status == Status::Loading {
            self.publish(Event::Ready, Status::SignedOut);
        }
        // A login that is being stored releases them when it is.
        if self.awaits_store() && !self.queue.has_tokens() {
            self.release();
        }
    }

    /// The generation that is known is the one before this.
    pub(crate) fn is_next(&self, record: &Record) -> bool {
        self.held(record.login).is_some_and(|it| it.generation < record.generation)
    }

    /// New tokens are in the store; or they are not, because it does not work, or because something newer was there.
    pub(crate) fn commit(&mut self, incoming: Incoming, failed: bool) {
        let Incoming { mut record, event, call, credentials, observed } = incoming;
        let stored = self.queue.record_of(record.login).filter(|it| it.generation == record.generation);
        let is_late = !(stored.is_some() || failed) || event == Event::Renewed && !self.is_next(&record);
        // What came unasked is left where it is.
        if observed.is_some() && (is_late || self.is_sending()) {
            return;
        }
        // What is revoked then are the tokens that came, not those of the other tab.
        if is_late {
            return self.superseded(record.login, record.values, call);
        }
        if let Some(stored) = stored {
            *record = stored.clone();
        }
        if credentials.is_some() {
            self.credentials = credentials;
        }
        let current = (record.login, record.generation);
        self.take_up(record, event);
        if event == Event::Renewed && std::mem::take(&mut self.guarded) {
            self.forbidden_under = current;
        }
        self.announce(Announcement::Changed);
        if let Some(call) = call {
            self.settle_done(call);
        }
        self.release();
    }

    /// Another tab's login, or its newer tokens, came in between.
    fn superseded(&mut self, login: Login, values: Values, call: Option<CallId>) {
        self.settle_renewal();
        if let Some(call) = call {
            self.reject(call, FailureKind::SessionChanged);
        }
        self.revoke_late(values, Some(login));
    }

    /// Makes this record the current one: outside the lock, and known to the app before any call goes on with it.
    pub(crate) fn take_up(&mut self, mut record: Box<Record>, event: Event) {
        let known = self.held(record.login);
        let goes_on = known.is_some();
        if let Some(known) = known {
            // What has happened here while these tokens were on their way.
            record.active_at_ms = record.active_at_ms.max(known.active_at_ms);
            if self.queue.has_context() {
                record.context.clone_from(&known.context);
            }
        }
        let mut completes = false;
        if self.snapshot.status == Status::Loading {
            // What the app sets at its start is a default: the tabs that were there have chosen since.
            let chosen = std::mem::replace(&mut record.context, self.snapshot.context_values.clone());
            record.context.overlay(&chosen);
            completes = !record.context.same_texts(&chosen);
        }
        let changed = !goes_on || !record.context.same_texts(&self.snapshot.context_values);
        let context = self.snapshot.context.wrapping_add(u32::from(changed));
        let ahead_permille = self.options.ahead_permille;
        self.validity = Validity::new(record.lifetime_ms, record.received_at_ms, ahead_permille, &self.now);
        if goes_on {
            self.was_active(record.active_at_ms);
        } else {
            self.active = Age::of(record.active_at_ms, &self.now);
        }
        self.backoff.clear();
        if let Some(pause) = record.pause {
            self.backoff.adopt(pause, &self.now);
        }
        self.settle_renewal();
        self.settle_help();
        let values = record.context.clone();
        self.record = Some(record);
        self.publish_with(event, Status::SignedIn, context, values);
        if completes {
            self.enqueue(Work::Context);
        }
    }

    pub(crate) fn announced(&mut self, announcement: Announcement) {
        match announcement {
            Announcement::Changed => self.read(Then::Nothing),
            Announcement::Ended { login, generation } => {
                self.follow_end(|it| it.login == login && it.generation <= generation);
            }
            Announcement::Wanted { login, generation } => self.wanted_elsewhere(login, generation),
            Announcement::Coming { login } => self.coming(login),
        }
    }

    fn has_ended(&self, record: &Record) -> bool {
        self.ended.iter().any(|(login, generation)| record.login == *login && record.generation <= *generation)
    }

    /// The store did not work when the session ended, or was put back.
    fn end_again(&mut self, record: &Record) {
        if !self.queue.is_storing_end() {
            self.enqueue(Work::Ended(record.login, record.generation));
        }
    }

    /// A session that was ended here is in the store after all, a generation later: another tab was faster, and it goes on.
    pub(crate) fn end_overtaken(&mut self, login: Login) {
        if self.record.is_none()
            && !self.queue.has_tokens()
            && let Some(record) = self.queue.record_of(login).filter(|it| !self.has_ended(it))
        {
            self.adopt(Box::new(record.clone()));
        }
    }
}
