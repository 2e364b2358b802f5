//! Between the session and the store that all tabs share: what is given to it, what is found in it, and what other
//! tabs say about it.

use crate::clock::Validity;
use crate::renewal::Renewing;
use crate::{
    Announcement, CallId, Command, Event, FailureKind, Login, Outcome, Record, Session, Status, StoreFailed, Stored,
};
use relatch_dialects::Values;

/// What waits for the store, in the order of the commands: new tokens, of which nobody hears before they are stored, or nothing
/// that is to be done when the store is done.
pub(crate) type Pending = Option<Box<Incoming>>;

/// New tokens on their way into the store.
pub(crate) struct Incoming {
    pub(crate) record: Record,
    pub(crate) event: Event,
    /// Whoever logged in.
    pub(crate) call: Option<CallId>,
    /// To be kept from then on.
    pub(crate) credentials: Option<Values>,
}

impl Session {
    /// Gives new tokens to the store. Everything else happens when it has them.
    pub(crate) fn store(&mut self, incoming: Incoming) {
        self.outdated |= self.reading;
        self.commands.push(Command::Save(incoming.record.clone()));
        self.pending.push(Some(Box::new(incoming)));
    }

    pub(crate) fn saved(&mut self, saved: Result<(), StoreFailed>) {
        if !self.pending.is_empty()
            && let Some(incoming) = self.pending.remove(0)
        {
            self.commit(*incoming);
        }
        // After the commit, which lets the lock go: nobody hears anything under it.
        if saved.is_err() {
            self.store_failed();
        }
    }

    /// The session goes on in memory, and says so once.
    fn store_failed(&mut self) {
        if !std::mem::replace(&mut self.store_failed, true) {
            self.emit(Event::StoreFailed, None, None);
        }
    }

    fn commit(&mut self, incoming: Incoming) {
        let Incoming { record, event, call, credentials } = incoming;
        let is_next = |it: &Record| it.login == record.login && it.generation < record.generation;
        if event == Event::Renewed && !self.record.as_ref().is_some_and(is_next) {
            // Another tab's login, or its newer tokens, came in between.
            self.settle_renewal();
            if let Some(call) = call {
                self.reject(call, FailureKind::SessionChanged);
            }
            return;
        }
        if credentials.is_some() {
            self.credentials = credentials;
        }
        let (login, generation) = (record.login, record.generation);
        let announcement = Announcement::Changed { login, generation };
        self.take_up(record, event);
        if event == Event::Renewed && std::mem::take(&mut self.guarded) {
            self.forbidden_under = Some((login, generation));
        }
        self.commands.push(Command::Announce(announcement));
        if let Some(call) = call {
            self.settle(call, Ok(Outcome::Done(self.snapshot.clone())));
        }
        self.release();
    }

    /// Makes this record the current one: outside the lock, and known to the app before any call goes on with it.
    fn take_up(&mut self, record: Record, event: Event) {
        let before = self.record.as_ref().map(|it| it.login);
        let login = record.login;
        self.validity =
            Some(Validity::new(record.lifetime_ms, record.received_at_ms, self.options.ahead_permille, self.now));
        self.record = Some(record);
        self.asked = 0;
        self.backoff.clear();
        self.settle_renewal();
        if before == Some(login) {
            self.publish(event, Status::SignedIn);
        } else {
            let context = self.snapshot.context.wrapping_add(1);
            // What was set while nobody was signed in was meant for whoever comes; one user's is not the next one's.
            let values = if before.is_none() { self.snapshot.context_values.clone() } else { Values::new() };
            self.publish_with(event, Status::SignedIn, context, values);
        }
    }

    /// The renewal is over, one way or another.
    pub(crate) fn settle_renewal(&mut self) {
        if !matches!(std::mem::replace(&mut self.renewing, Renewing::Idle), Renewing::Idle) {
            self.unlock();
            self.exchanges.orphan(&|it| matches!(it, crate::exchanges::Purpose::Renewal(_)));
        }
    }

    pub(crate) fn load(&mut self) {
        self.reading = true;
        self.commands.push(Command::Load);
    }

    pub(crate) fn loaded(&mut self, stored: Result<Option<Stored>, StoreFailed>) {
        self.reading = false;
        if std::mem::take(&mut self.outdated) && self.is_signed_in() {
            return self.load();
        }
        if matches!(self.renewing, Renewing::Unlocked) {
            return self.exchange(stored);
        }
        let loading = self.snapshot.status == Status::Loading;
        let followed = stored.map(|it| self.follow(it)).unwrap_or_else(|StoreFailed| {
            self.store_failed();
            false
        });
        if loading && self.snapshot.status == Status::Loading {
            self.publish(Event::Ready, Status::SignedOut);
        }
        // Whoever followed has released already, and a login that is being stored will.
        if !followed && self.awaits_store() && !self.has_arrivals() {
            self.release();
        }
    }

    /// Takes over what the store holds, if it is newer than what is known here. True if it was.
    pub(crate) fn follow(&mut self, stored: Option<Stored>) -> bool {
        // A tombstone is the last word on its login, whenever it was read.
        if let Some(Stored::Tombstone(login)) = stored {
            return self.follow_tombstone(login);
        }
        // What this tab is writing goes over whatever was read before.
        if self.has_arrivals() {
            return false;
        }
        match stored {
            Some(Stored::Session(record)) if self.is_news(&record) => {
                let event = if self.snapshot.status == Status::Loading { Event::Ready } else { Event::Adopted };
                let other_login = self.record.as_ref().is_some_and(|it| it.login != record.login);
                if other_login {
                    self.credentials = None;
                    self.drop_logins();
                }
                self.take_up(record, event);
                self.release();
                true
            }
            // A store that was cleared, or never worked, says nothing: the session goes on in memory.
            _ => false,
        }
    }

    /// Whether new tokens are on their way into the store.
    pub(crate) fn has_arrivals(&self) -> bool {
        self.pending.iter().any(Option::is_some)
    }

    fn is_news(&self, record: &Record) -> bool {
        match &self.record {
            Some(known) if known.login == record.login => record.generation > known.generation,
            _ => self.last_ended != Some(record.login),
        }
    }

    fn follow_tombstone(&mut self, login: Login) -> bool {
        let Some(record) = self.record.take_if(|it| it.login == login) else { return false };
        self.follow_end(&record);
        true
    }

    pub(crate) fn announced(&mut self, announcement: Announcement) {
        match announcement {
            Announcement::Ended { login } => drop(self.follow_tombstone(login)),
            Announcement::Changed { login, generation } => {
                let known = |it: &Record| it.login == login && it.generation >= generation;
                if !self.record.as_ref().is_some_and(known) {
                    self.load();
                }
            }
        }
    }
}
