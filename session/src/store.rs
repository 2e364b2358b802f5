//! Between the session and the store that all tabs share: one piece of work after the other, each write on the condition
//! that the store still holds what this session last saw there.
//!
//! A write that lost against another tab's is not lost: what is there now is followed first, and then the same change is made
//! over that. So what waits here are changes, which become a record only when they are written; and a change is done when
//! making it would change nothing.

use crate::clock::Moment;
use crate::history::Cause;
use crate::{Announcement, CallId, Command, Event, Login, Pause, Record, Saved, Session, StoreFailed, Stored};
use relatch_dialects::{Rare, Values};

/// A store that never agrees is one that does not work.
const MAX_CONFLICTS: u8 = 20;

/// What is to be done in the store.
pub(crate) enum Work {
    /// Look what it holds.
    Read(Then),
    /// Put new tokens there, of which nobody hears before that.
    Tokens(Box<Incoming>),
    /// Mark that this login has ended, unless a generation later than this is there.
    Ended(Login, u64),
    /// Put the context there that the record has by then.
    Context,
    /// Tell that somebody is active.
    Active,
    /// Put the tokens there that came while the store did not work.
    Missed,
    /// Tell the other tabs to leave the renewal alone for a while.
    Pause(Pause),
}

/// The kinds of work that are asked for, each with a bit of its own.
mod kind {
    pub(super) const TOKENS: u8 = 1;
    pub(super) const ASKED_FOR: u8 = 2;
    pub(super) const LOGIN: u8 = 4;
    pub(super) const CONTEXT: u8 = 8;
    pub(super) const ENDED: u8 = 16;
    pub(super) const MISSED: u8 = 32;
    pub(super) const ENDING: u8 = 64;
    pub(super) const OBSERVED: u8 = 128;
}

impl Work {
    fn kinds(&self) -> u8 {
        match self {
            Work::Read(Then::End(..)) => kind::ENDING,
            Work::Tokens(it) if it.event == Event::SignedIn => kind::TOKENS | kind::ASKED_FOR | kind::LOGIN,
            Work::Tokens(it) if it.observed.is_none() => kind::TOKENS | kind::ASKED_FOR,
            Work::Tokens(_) => kind::TOKENS | kind::OBSERVED,
            Work::Ended(..) => kind::ENDED,
            Work::Context => kind::CONTEXT,
            Work::Missed => kind::MISSED,
            Work::Read(_) | Work::Active | Work::Pause(_) => 0,
        }
    }
}

/// Why the store is read, other than to follow it.
pub(crate) enum Then {
    /// For no other reason.
    Nothing,
    /// The renewal leaves in this step, if nobody was faster.
    Renew,
    /// The app is asked for credentials, if nobody has brought tokens.
    Ask,
    /// The session ends, for this reason, if it is still of this login and generation.
    End(Box<Due>),
}

/// An end that is due, unless the store says otherwise.
pub(crate) struct Due {
    pub(crate) event: Event,
    pub(crate) of: (Login, u64),
    pub(crate) cause: Cause,
}

/// New tokens on their way into the store.
pub(crate) struct Incoming {
    pub(crate) record: Box<Record>,
    pub(crate) event: Event,
    /// Whoever logged in.
    pub(crate) call: Option<CallId>,
    /// To be kept from then on.
    pub(crate) credentials: Option<Values>,
    /// They came along with the answer to a call.
    pub(crate) observed: Option<Rare<()>>,
}

/// The work that waits, the first of it under way.
#[derive(Default)]
pub(crate) struct Queue {
    pub(crate) work: Vec<Work>,
    /// Since when the store has been at it, and what is being written.
    under_way: Option<(Moment, Option<Stored>)>,
    /// What the store held when it was last heard of.
    pub(crate) base: Option<Stored>,
    /// Its last word was a failure. What it holds may be nobody's to write over, such as a later version's: it is read before that.
    unknown: bool,
    conflicts: u8,
}

impl Queue {
    /// Whether new tokens are on their way into the store.
    pub(crate) fn has_tokens(&self) -> bool {
        self.has(kind::TOKENS)
    }

    /// Whether among them are some that somebody asked for.
    pub(crate) fn has_asked_for(&self) -> bool {
        self.has(kind::ASKED_FOR)
    }

    /// Whether among them are some that came along with an answer.
    pub(crate) fn has_observed(&self) -> bool {
        self.has(kind::OBSERVED)
    }

    /// Whether among them is a login.
    pub(crate) fn has_login(&self) -> bool {
        self.has(kind::LOGIN)
    }

    /// Whether a context that was set here is.
    pub(crate) fn has_context(&self) -> bool {
        self.has(kind::CONTEXT)
    }

    /// Whether it is being told that a session has ended.
    pub(crate) fn is_storing_end(&self) -> bool {
        self.has(kind::ENDED)
    }

    /// Whether it is being given what came while it did not work.
    pub(crate) fn is_catching_up(&self) -> bool {
        self.has(kind::MISSED)
    }

    /// Whether the session is to end unless the store says otherwise.
    pub(crate) fn is_ending(&self) -> bool {
        self.has(kind::ENDING)
    }

    // One loop for all: the wasm would else have one for each.
    #[inline(never)]
    fn has(&self, kind: u8) -> bool {
        self.work.iter().any(|it| it.kinds() & kind != 0)
    }

    /// Takes the next new tokens out that are of that login, or any; that their login has ended is stored in their place.
    pub(crate) fn end_incoming(&mut self, login: Option<Login>, every: bool) -> Option<Box<Incoming>> {
        for work in &mut self.work {
            if let Work::Tokens(incoming) = work
                && (every || Some(incoming.record.login) == login)
            {
                let ended = Work::Ended(incoming.record.login, u64::MAX);
                let Work::Tokens(incoming) = std::mem::replace(work, ended) else { break };
                return Some(incoming);
            }
        }
        None
    }

    /// The record in the store, if it is of that login.
    pub(crate) fn record_of(&self, login: Login) -> Option<&Record> {
        let Some(Stored::Session(record)) = &self.base else { return None };
        Some(record.as_ref()).filter(|it| it.login == login)
    }
}

impl Session {
    pub(crate) fn read(&mut self, then: Then) {
        let waiting = self.queue.work.iter().skip(usize::from(self.queue.under_way.is_some()));
        if !matches!(then, Then::Nothing) || !waiting.into_iter().any(|it| matches!(it, Work::Read(_))) {
            self.enqueue(Work::Read(then));
        }
    }

    /// The same, and what is being read already for this reason was asked for too early.
    pub(crate) fn read_anew(&mut self, then: Then) {
        for work in &mut self.queue.work {
            if let Work::Read(it) = work
                && std::mem::discriminant(it) == std::mem::discriminant(&then)
            {
                *it = Then::Nothing;
            }
        }
        self.enqueue(Work::Read(then));
    }

    pub(crate) fn enqueue(&mut self, work: Work) {
        self.queue.work.push(work);
        self.work_on();
    }

    fn work_on(&mut self) {
        while self.queue.under_way.is_none()
            && let Some(first) = self.queue.work.first()
        {
            let (command, written) = match first {
                Work::Read(_) => (Command::Load, None),
                _ if self.queue.unknown => {
                    self.queue.work.insert(0, Work::Read(Then::Nothing));
                    continue;
                }
                work => match self.applied(work) {
                    Some(stored) => (Command::Save(stored.clone()), Some(stored)),
                    None => {
                        self.queue.conflicts = 0;
                        let done = self.queue.work.remove(0);
                        self.finish_work(done, false, false);
                        continue;
                    }
                },
            };
            self.queue.under_way = Some((Moment::of(&self.now), written));
            self.commands.push(command);
        }
    }

    /// What the store is to hold after this work; `None` if it need not change.
    fn applied(&self, work: &Work) -> Option<Stored> {
        let base = &self.queue.base;
        match work {
            Work::Read(_) => None,
            Work::Tokens(incoming) => self.with_tokens(incoming),
            Work::Ended(login, generation) => match base {
                Some(Stored::Session(it)) if it.login != *login || it.generation > *generation => None,
                Some(Stored::Tombstone(it)) if it == login => None,
                _ => Some(Stored::Tombstone(*login)),
            },
            work => self.with_change(work),
        }
    }

    fn with_tokens(&self, incoming: &Incoming) -> Option<Stored> {
        let record = &incoming.record;
        let mut record = record.clone();
        match &self.queue.base {
            Some(Stored::Session(it)) if it.login == record.login => {
                if it.generation >= record.generation {
                    return None;
                }
                if incoming.observed.is_some() {
                    if self.may_be_renewing(it) {
                        return None;
                    }
                    record.pause = it.pause;
                }
                record.context.clone_from(&it.context);
                record.active_at_ms = record.active_at_ms.max(it.active_at_ms);
            }
            Some(Stored::Tombstone(it)) if *it == record.login => return None,
            _ => {}
        }
        (incoming.event == Event::SignedIn || self.is_next(&record)).then_some(Stored::Session(record))
    }

    /// A change to the record that is there, if it is still ours.
    fn with_change(&self, work: &Work) -> Option<Stored> {
        let ours = self.record.as_ref()?;
        let found = self.queue.record_of(ours.login)?;
        let mut record = Box::new(found.clone());
        match work {
            Work::Context if !found.context.same_texts(&ours.context) => record.context = ours.context.clone(),
            Work::Active if found.active_at_ms < ours.active_at_ms => record.active_at_ms = ours.active_at_ms,
            Work::Missed if found.generation < ours.generation => record.clone_from(ours),
            Work::Pause(pause)
                if found.generation == ours.generation
                    && found.pause != Some(*pause)
                    && self.may_pause(*pause, found) =>
            {
                record.pause = Some(*pause);
            }
            _ => return None,
        }
        Some(Stored::Session(record))
    }

    /// The store has written, or not.
    pub(crate) fn saved(&mut self, saved: Saved) {
        let Some((since, Some(written))) = self.queue.under_way.take() else { return };
        let conflicts = std::mem::take(&mut self.queue.conflicts);
        match saved {
            Saved::Done => {
                self.queue.base = Some(written);
                // Done, unless it has become something else meanwhile.
                if self.queue.work.first().is_some_and(|it| self.applied(it).is_none()) {
                    let done = self.queue.work.remove(0);
                    self.finish_work(done, false, self.is_slow(since));
                }
            }
            Saved::Conflict(found) if conflicts < MAX_CONFLICTS => {
                self.queue.conflicts = conflicts + 1;
                self.found(found);
            }
            _ => {
                self.queue.unknown = true;
                self.undo_first();
                // After that, which lets the lock go: nobody hears anything under it.
                self.store_failed();
            }
        }
        self.work_on();
    }

    /// The store has read, or not.
    pub(crate) fn loaded(&mut self, stored: Result<Option<Stored>, StoreFailed>) {
        let Some((since, None)) = self.queue.under_way.take() else { return };
        let Work::Read(then) = self.queue.work.remove(0) else { return };
        self.queue.unknown = stored.is_err();
        match stored {
            Ok(found) => self.found(found),
            Err(StoreFailed) => {
                while self.queue.under_way.is_none()
                    && self.queue.work.first().is_some_and(|it| !matches!(it, Work::Read(_)))
                {
                    self.undo_first();
                }
                self.store_failed();
            }
        }
        self.loaded_first();
        match then {
            Then::Nothing => {}
            Then::Renew => self.exchange(self.is_slow(since)),
            Then::Ask => self.ask_if_still_wanted(),
            Then::End(due) => self.end_if_still_due(&due),
        }
        self.work_on();
    }

    /// What was to be written is not.
    fn undo_first(&mut self) {
        let undone = self.queue.work.remove(0);
        self.finish_work(undone, true, false);
    }

    /// The session goes on in memory, and says so once.
    fn store_failed(&mut self) {
        self.queue.unknown = true;
        if !std::mem::replace(&mut self.store_failed, true) {
            self.emit(Event::StoreFailed, Cause::NONE);
        }
    }

    fn finish_work(&mut self, work: Work, failed: bool, slow: bool) {
        match work {
            Work::Tokens(incoming) => self.commit(*incoming, failed),
            Work::Pause(pause) => self.paused(pause, failed, slow),
            Work::Context => self.announce(Announcement::Changed),
            Work::Ended(login, _) => {
                if !failed {
                    self.end_overtaken(login);
                }
            }
            Work::Read(_) | Work::Active | Work::Missed => {}
        }
    }
}
