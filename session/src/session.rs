//! The machine itself: what it holds, how an input is dispatched, and how the state that the app sees is made.
//! What each input does stands in `login.rs`, `logout.rs`, `challenge.rs`, `calls.rs`, `context.rs`,
//! `renewal.rs`, `observed.rs`, `siblings.rs`, `store.rs`, `following.rs`, `idle.rs` and `time.rs`.

use crate::backoff::Backoff;
use crate::calls::Parked;
use crate::challenge::Waiting;
use crate::clock::{Age, NEVER, Validity};
use crate::history::{Cause, Entry, History};
use crate::renewal::Renewing;
use crate::siblings::Help;
use crate::store::{Queue, Then};
use crate::{
    Announcement, Challenge, Command, Event, Exchanges, Failure, FailureKind, Grant, Input, Lock, Login, Now, Options,
    Pause, Record, Snapshot, Status,
};
use relatch_dialects::{Rare, Values};
use std::sync::Arc;

/// Before the first input has come.
const START: Now = Now { wall_ms: 0, monotonic_ms: 0, random: 0, hidden: false };

/// The login and generation of no tokens at all: the first generation is 1.
pub(crate) const NO_TOKENS: (Login, u64) = (Login(0), 0);

fn generation_of(record: &Option<Box<Record>>) -> (Login, u64) {
    record.as_ref().map_or(NO_TOKENS, |it| (it.login, it.generation))
}

/// The session of one user at one API.
pub struct Session {
    pub(crate) options: Options,
    pub(crate) now: Now,
    pub(crate) commands: Vec<Command>,
    /// What the app is told, after all that the host has to do: its own code delays no request and holds no lock.
    pub(crate) told: Vec<Command>,
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) history: History,
    /// The truth, as far as it has been stored.
    pub(crate) record: Option<Box<Record>>,
    pub(crate) validity: Validity,
    /// Memory only, and only if the app said so.
    pub(crate) credentials: Option<Values>,
    /// When the user was last seen to do something, in any tab.
    pub(crate) active: Age,
    /// What the store is to do.
    pub(crate) queue: Queue,
    /// A login that waits for its next step.
    pub(crate) challenge: Option<Rare<Box<Waiting>>>,
    /// How many have waited so far.
    pub(crate) challenges: u32,
    pub(crate) exchanges: Exchanges,
    #[expect(clippy::vec_box, reason = "the wasm is smaller where none is copied out of the middle of the list")]
    pub(crate) parked: Vec<Box<Parked>>,
    /// What is answered when the store has heard that the session is over.
    pub(crate) leaving: Vec<Command>,
    pub(crate) renewing: Renewing,
    /// Whether the lock is held, or waited for.
    pub(crate) lock_asked: bool,
    /// Whether it is held, and not merely done without.
    pub(crate) lock_held: bool,
    /// The lease that this tab has put into the store.
    pub(crate) lease: Option<Pause>,
    /// How often in a row the store was read too slowly to renew by what it said.
    pub(crate) slow_reads: u8,
    /// The generation that the API gave nothing to renew with.
    pub(crate) unrenewable: (Login, u64),
    pub(crate) help: Help,
    pub(crate) backoff: Backoff,
    /// The generation under which a guarded renewal was of no use: what is refused there is forbidden.
    pub(crate) forbidden_under: (Login, u64),
    /// How many times in a row the app has been asked for credentials; 0 while it is not being asked.
    pub(crate) asked: u32,
    /// The logins that ended in this tab, up to which generation: a store that does not work may still hold them.
    pub(crate) ended: Vec<(Login, u64)>,
    /// A renewal under way was asked for by an answer that may mean a missing right as well.
    pub(crate) guarded: bool,
    /// Fresh at the start, so that a login, which other tabs are told, says nothing about an attempt key of the same moment.
    pub(crate) salt: u128,
    pub(crate) store_failed: bool,
    /// When the timer that is running fires, by the monotonic clock; [`NEVER`] while there is none.
    pub(crate) wakes_at_ms: u64,
}

impl Session {
    /// A session that has not been started: its first input is [`Input::Start`].
    pub fn new(options: Options) -> Session {
        Session {
            options,
            now: START,
            commands: Vec::new(),
            told: Vec::new(),
            snapshot: Arc::new(Snapshot {
                status: Status::Loading,
                record: None,
                expires_at_ms: None,
                fresh_until_ms: None,
                challenge: None,
                context: 0,
                context_values: Values::new(),
                ended: None,
            }),
            history: History::default(),
            record: None,
            validity: Validity::endless(&START),
            credentials: None,
            active: Age::of(0, &START),
            queue: Queue::default(),
            challenge: None,
            challenges: 0,
            exchanges: Exchanges::default(),
            parked: Vec::new(),
            leaving: Vec::new(),
            renewing: Renewing::Idle,
            lock_asked: false,
            lock_held: false,
            lease: None,
            slow_reads: 0,
            unrenewable: NO_TOKENS,
            help: Help::None,
            backoff: Backoff::default(),
            forbidden_under: NO_TOKENS,
            asked: 0,
            ended: Vec::new(),
            guarded: false,
            salt: 0,
            store_failed: false,
            wakes_at_ms: NEVER,
        }
    }

    /// Takes an input and says what is to be done about it, in this order.
    pub fn handle(&mut self, input: Input, now: Now) -> Vec<Command> {
        self.now = now;
        match input {
            Input::Start => {
                self.salt = now.random;
                self.read(Then::Nothing);
            }
            Input::Login { call, credentials } => self.login(Some(call), credentials),
            #[cfg(feature = "full")]
            Input::AnswerChallenge { call, values } => self.answer_challenge(call, &values),
            Input::Authorize { call } => self.authorize(call),
            Input::Refused { call, grant, meaning, retried } => self.refused(call, &grant, meaning, retried),
            #[cfg(feature = "full")]
            Input::Observed { grant, values, lifetime_ms } => self.observed(&grant, &values, lifetime_ms),
            Input::Renew { call } => self.renew(call),
            Input::Perform { call, operation, attached, values } => self.perform(call, operation, attached, values),
            Input::Logout { call } => self.logout(call),
            Input::SetContext { name, value } => self.set_context(&name, value),
            Input::Cancel { call } => self.cancel(call),
            Input::Answered { exchange, answered } => self.answered(exchange, answered),
            Input::Loaded(stored) => self.loaded(stored),
            Input::Saved(saved) => self.saved(saved),
            Input::Locked(Lock::Renewal, granted) => self.locked_for_renewal(granted),
            Input::Locked(Lock::Asking, _) => self.locked_for_asking(),
            Input::Announced(announcement) => self.announced(announcement),
            Input::Woke => self.woke(),
            Input::Returned => self.returned(),
            Input::Active => self.active(),
            Input::LoginSupplied(credentials) => self.login_supplied(credentials),
        }
        self.settle_leaving();
        self.schedule();
        self.commands.append(&mut self.told);
        std::mem::take(&mut self.commands)
    }

    /// The state as the app sees it; the same object until something in it changes.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.clone()
    }

    /// What has happened, the oldest first: the last fifty entries. No entry holds a secret.
    pub fn history(&self) -> impl Iterator<Item = &Entry> {
        self.history.entries()
    }

    /// Whether the token that is held has ended, by this machine's clocks. A host asks when a call got no answer at all: a
    /// refusal that the browser hides looks just like that, and then counts as
    /// [`Meaning::TokenExpired`](relatch_dialects::Meaning::TokenExpired).
    ///
    /// Where nothing can bring another token, both clocks have to say so: what is believed there signs somebody out.
    pub fn is_expired(&self, now: Now) -> bool {
        self.until_end(&now) == 0
    }

    /// Whether it has ended by now.
    // Compiled once: the wasm would else have a copy wherever it is called.
    #[inline(never)]
    pub(crate) fn has_expired(&self) -> bool {
        self.until_end(&self.now) == 0
    }

    /// Milliseconds until the token counts as ended.
    pub(crate) fn until_end(&self, now: &Now) -> u64 {
        match self.renews_unseen() || self.may_get_help() {
            true => self.validity.until_end(now),
            false => self.validity.until_sure_end(now),
        }
    }

    /// Makes the new state, and tells of it if it is one.
    pub(crate) fn publish(&mut self, event: Event, status: Status) {
        let context = self.snapshot.context;
        let values = self.snapshot.context_values.clone();
        self.publish_with(event, status, context, values);
    }

    pub(crate) fn publish_with(&mut self, event: Event, status: Status, context: u32, context_values: Values) {
        let now = &self.now;
        let at = |millis: u64| (millis != NEVER).then_some(now.wall_ms.saturating_add(millis));
        let challenge = self.challenge.as_ref().and_then(|it| Rare::new(it.shown.clone()));
        let status = match status {
            Status::SignedOut | Status::Challenge if challenge.is_some() => Status::Challenge,
            Status::Challenge => Status::SignedOut,
            it => it,
        };
        let last = &*self.snapshot;
        let ended = match status {
            Status::Loading | Status::SignedIn => None,
            _ if event.is_end() => Some(event),
            _ => last.ended,
        };
        let same_record = self.generation() == generation_of(&last.record);
        let number = |it: &Option<Rare<Arc<Challenge>>>| it.as_ref().map_or(0, |it| it.number);
        let same_challenge = number(&challenge) == number(&last.challenge);
        if same_record && same_challenge && (status, context, ended) == (last.status, last.context, last.ended) {
            return;
        }
        self.snapshot = Arc::new(Snapshot {
            status,
            record: self.record.clone(),
            expires_at_ms: at(self.validity.until_end(now)),
            fresh_until_ms: at(self.validity.until_stale(now)),
            challenge,
            context,
            context_values,
            ended,
        });
        self.emit(event, Cause::NONE);
    }

    /// Tells the app of something that changed nothing in the state.
    pub(crate) fn emit(&mut self, event: Event, cause: Cause) {
        self.history.note(&self.now, event, cause);
        self.told.push(Command::Emit(event, self.snapshot.clone()));
    }

    pub(crate) fn settle(&mut self, call: crate::CallId, result: Result<crate::Outcome, Box<Failure>>) {
        self.told.push(Command::Settle { call, result });
    }

    pub(crate) fn settle_done(&mut self, call: crate::CallId) {
        self.settle(call, Ok(crate::Outcome::Done));
    }

    pub(crate) fn reject(&mut self, call: crate::CallId, kind: FailureKind) {
        self.settle(call, Err(Failure::of(kind)));
    }

    // Compiled once: the wasm would else have a copy wherever it is called.
    #[inline(never)]
    pub(crate) fn announce(&mut self, announcement: Announcement) {
        self.commands.push(Command::Announce(announcement));
    }

    /// Which tokens these are.
    pub(crate) fn generation(&self) -> (Login, u64) {
        generation_of(&self.record)
    }

    /// The record that is held, if it is of that login.
    // Compiled once: the wasm would else have a copy wherever it is called.
    #[inline(never)]
    pub(crate) fn held(&self, login: Login) -> Option<&Record> {
        self.record.as_deref().filter(|it| it.login == login)
    }

    pub(crate) fn is_signed_in(&self) -> bool {
        self.record.is_some()
    }

    /// What a call is sent with now; `None` while nobody is signed in.
    pub fn grant(&self) -> Option<Box<Grant>> {
        let record = self.record.as_ref()?;
        let mut values = record.values.clone();
        values.overlay(&self.snapshot.context_values);
        let (login, generation) = self.generation();
        Some(Box::new(Grant { login, generation, context: self.snapshot.context, values }))
    }
}
