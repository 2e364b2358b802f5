//! A world for one session: a scripted network, a store, a lock and a clock that the test moves. It obeys commands as a
//! host does, one input at a time, and remembers all of them. Deterministic: its randomness comes from a seed.

use relatch_dialects::{Meaning, Message, Renewal, Values};
use relatch_session::{
    Answered, CallId, Command, Event, ExchangeId, Failure, FailureKind, Grant, Input, Lock, Now, Options, Outcome,
    Saved, Session, StoreFailed, Stored,
};
use std::collections::VecDeque;

/// A request that the session sent and nobody has answered yet.
pub(crate) struct Sent {
    pub(crate) exchange: ExchangeId,
    pub(crate) operation: String,
    pub(crate) values: Values,
    pub(crate) attempt: Option<String>,
}

/// What a call got.
pub(crate) type Settled = Result<Outcome, Box<Failure>>;

pub(crate) struct World {
    pub(crate) session: Session,
    pub(crate) now: Now,
    pub(crate) stored: Option<Stored>,
    /// What the session was last told of it.
    seen: Option<Stored>,
    pub(crate) store_works: bool,
    /// What it holds cannot be read, such as a later version's record.
    pub(crate) store_is_later: bool,
    pub(crate) store_is_full: bool,
    /// While false, what the store is asked for waits in `held`.
    pub(crate) store_answers: bool,
    pub(crate) lock_is_free: bool,
    pub(crate) trace: Vec<Command>,
    pub(crate) sent: Vec<Sent>,
    held: VecDeque<Input>,
    waits_for_lock: bool,
    wakes_at_ms: Option<u64>,
    calls: CallId,
}

impl World {
    /// A world in which the session has started and found nothing in the store.
    pub(crate) fn new(options: Options) -> World {
        let mut world = World::unstarted(options);
        world.feed(Input::Start);
        world
    }

    pub(crate) fn unstarted(options: Options) -> World {
        World {
            session: Session::new(options),
            now: Now { wall_ms: 1_772_700_000_000, monotonic_ms: 5_000, random: 1, hidden: false },
            stored: None,
            seen: None,
            store_works: true,
            store_is_later: false,
            store_is_full: false,
            store_answers: true,
            lock_is_free: true,
            trace: Vec::new(),
            sent: Vec::new(),
            held: VecDeque::new(),
            waits_for_lock: false,
            wakes_at_ms: None,
            calls: 0,
        }
    }

    /// A world in which ada is signed in with a token that is good for an hour.
    pub(crate) fn signed_in(options: Options) -> World {
        let mut world = World::new(options);
        world.log_in("ada");
        world.trace.clear();
        world
    }

    /// The page is loaded again: memory is gone, the store is not.
    pub(crate) fn reload(&mut self, options: Options) {
        let (stored, now) = (self.stored.take(), self.now);
        *self = World { stored, now, ..World::unstarted(options) };
        self.feed(Input::Start);
    }

    pub(crate) fn feed(&mut self, input: Input) {
        let mut queue = VecDeque::from([input]);
        let mut steps = 0;
        while let Some(input) = queue.pop_front() {
            steps += 1;
            assert!(steps < 10_000, "session and store keep each other busy");
            self.now.random = self.now.random.wrapping_mul(0x5851_F42D_4C95_7F2D_1405_7B7E_F767_814F).wrapping_add(11);
            for command in self.session.handle(input, self.now) {
                self.trace.push(command.clone());
                queue.extend(self.obey(command));
            }
        }
    }

    fn obey(&mut self, command: Command) -> Option<Input> {
        let reply = match command {
            Command::Load => Input::Loaded(self.read()),
            Command::Save(stored) => Input::Saved(self.write(stored)),
            Command::Lock(Lock::Asking) => Input::Locked(Lock::Asking, true),
            Command::Lock(lock) if self.lock_is_free => Input::Locked(lock, true),
            Command::Lock(_) => return self.wait_for_lock(true),
            Command::Unlock(Lock::Renewal) => return self.wait_for_lock(false),
            Command::Send { exchange, operation, values, attempt, .. } => {
                self.sent.push(Sent { exchange, operation, values, attempt });
                return None;
            }
            Command::Wake(delay) => {
                self.wakes_at_ms = delay.map(|it| self.now.monotonic_ms.saturating_add(it));
                return None;
            }
            Command::Announce(_) | Command::AskLogin(_) | Command::Settle { .. } => return None,
            Command::Emit(..) | Command::Unlock(Lock::Asking) => return None,
        };
        if !self.store_answers && !matches!(reply, Input::Locked(..)) {
            self.held.push_back(reply);
            return None;
        }
        Some(reply)
    }

    fn wait_for_lock(&mut self, waits: bool) -> Option<Input> {
        self.waits_for_lock = waits;
        None
    }

    fn read(&mut self) -> Result<Option<Stored>, StoreFailed> {
        if !self.store_works || self.store_is_later {
            return Err(StoreFailed);
        }
        self.seen.clone_from(&self.stored);
        Ok(self.stored.clone())
    }

    fn write(&mut self, stored: Stored) -> Saved {
        if !self.store_works || self.store_is_full {
            return Saved::Failed;
        }
        if self.stored != self.seen {
            self.seen.clone_from(&self.stored);
            return Saved::Conflict(self.stored.clone());
        }
        self.stored = Some(stored);
        self.seen.clone_from(&self.stored);
        Saved::Done
    }

    /// The store answers everything that it was asked, in order.
    pub(crate) fn release_store(&mut self) {
        self.store_answers = true;
        while let Some(input) = self.held.pop_front() {
            self.feed(input);
        }
    }

    /// The lock that another tab held is ours, if the session still waits for it.
    pub(crate) fn release_lock(&mut self) {
        self.lock_is_free = true;
        if std::mem::take(&mut self.waits_for_lock) {
            self.feed(Input::Locked(Lock::Renewal, true));
        }
    }

    /// Time passes on both clocks, and the timer fires whenever it is due.
    pub(crate) fn pass(&mut self, millis: u64) {
        let end = self.now.monotonic_ms + millis;
        while let Some(at) = self.wakes_at_ms.filter(|at| *at <= end) {
            self.advance(at.saturating_sub(self.now.monotonic_ms));
            self.wakes_at_ms = None;
            self.feed(Input::Woke);
        }
        self.advance(end - self.now.monotonic_ms);
    }

    fn advance(&mut self, millis: u64) {
        self.now.monotonic_ms += millis;
        self.now.wall_ms += millis;
    }

    /// A fresh call id, asked for with the input that is made of it.
    pub(crate) fn ask(&mut self, input: impl FnOnce(CallId) -> Input) -> CallId {
        self.calls += 1;
        self.feed(input(self.calls));
        self.calls
    }

    pub(crate) fn login(&mut self, identifier: &str) -> CallId {
        self.ask(|call| Input::Login { call, credentials: credentials(identifier) })
    }

    pub(crate) fn log_in(&mut self, identifier: &str) -> CallId {
        let call = self.login(identifier);
        self.answer("login", Ok(tokens(identifier)));
        call
    }

    pub(crate) fn authorize(&mut self) -> CallId {
        self.ask(|call| Input::Authorize { call })
    }

    /// Asks for permission and gets it at once.
    pub(crate) fn granted(&mut self) -> Box<Grant> {
        let call = self.authorize();
        self.grant_of(call)
    }

    pub(crate) fn grant_of(&self, call: CallId) -> Box<Grant> {
        match self.settled(call) {
            Some(Ok(Outcome::Granted(grant))) => grant,
            other => panic!("call {call} was not granted: {other:?}"),
        }
    }

    /// A call that was sent under `grant` comes back refused.
    pub(crate) fn refuse(&mut self, grant: &Grant, meaning: Meaning, retried: bool) -> CallId {
        let grant = grant.clone();
        self.ask(|call| Input::Refused { call, grant: Box::new(grant), meaning, retried })
    }

    /// Answers the oldest open request of that operation.
    pub(crate) fn answer(&mut self, operation: &str, answered: Result<Answered, Box<Failure>>) {
        let at = self.sent.iter().position(|it| it.operation == operation);
        let sent = self.sent.remove(at.unwrap_or_else(|| panic!("no {operation} is under way")));
        self.feed(Input::Answered { exchange: sent.exchange, answered: answered.map(Box::new) });
    }

    /// What a call got; `None` while it waits. Every call gets exactly one answer.
    pub(crate) fn settled(&self, call: CallId) -> Option<Settled> {
        let mut results = self.trace.iter().filter_map(|it| match it {
            Command::Settle { call: it, result } if *it == call => Some(result.clone()),
            _ => None,
        });
        let first = results.next();
        assert!(results.next().is_none(), "call {call} was settled twice");
        first
    }

    pub(crate) fn failure(&self, call: CallId) -> Option<FailureKind> {
        self.settled(call)?.err().map(|it| it.kind)
    }

    /// How many requests of that operation have been sent since the trace was cleared.
    pub(crate) fn count(&self, operation: &str) -> usize {
        self.trace.iter().filter(|it| matches!(it, Command::Send { operation: it, .. } if it == operation)).count()
    }

    pub(crate) fn events(&self) -> Vec<Event> {
        let event = |it: &Command| if let Command::Emit(event, _) = it { Some(*event) } else { None };
        self.trace.iter().filter_map(event).collect()
    }

    pub(crate) fn asked(&self) -> usize {
        self.trace.iter().filter(|it| matches!(it, Command::AskLogin(_))).count()
    }

    /// Where the first command of a kind stands in the trace.
    pub(crate) fn position(&self, kind: impl Fn(&Command) -> bool) -> usize {
        self.trace.iter().position(kind).expect("no such command")
    }

    pub(crate) fn token(&self) -> Option<String> {
        self.session.snapshot().record.as_ref()?.values.text("access_token").map(String::from)
    }

    pub(crate) fn generation(&self) -> Option<u64> {
        Some(self.session.snapshot().record.as_ref()?.generation)
    }
}

pub(crate) const HOUR_MS: u64 = 3_600_000;

/// An API with a renewal endpoint.
pub(crate) fn endpoint() -> Options {
    Options::new(Renewal::Endpoint, true)
}

/// An API without one, and a tab that keeps the credentials.
pub(crate) fn keeping() -> Options {
    Options { keep_credentials: true, ..Options::new(Renewal::Login, true) }
}

/// An API without one, and an app that can be asked.
pub(crate) fn asking() -> Options {
    Options { asks_login: true, ..Options::new(Renewal::Login, true) }
}

/// An API without one, and nothing to do about it.
pub(crate) fn bare() -> Options {
    Options::new(Renewal::Login, true)
}

pub(crate) fn credentials(identifier: &str) -> Values {
    Values::new().with("identifier", identifier).with("password", "correct horse 9")
}

/// New tokens, good for an hour.
pub(crate) fn tokens(name: &str) -> Answered {
    let values = Values::new().with("access_token", ["token of ", name].concat()).with("refresh_token", "refresh");
    Answered { message: Message::with(Meaning::Session, values), lifetime_ms: Some(HOUR_MS), ..meant(Meaning::Session) }
}

/// An answer that means this and carries nothing.
pub(crate) fn meant(meaning: Meaning) -> Answered {
    let status = meaning.default_status();
    Answered { message: Message::new(meaning), status, lifetime_ms: None, retry_after_ms: None, idempotent: false }
}

pub(crate) fn network() -> Result<Answered, Box<Failure>> {
    Err(Failure::of(FailureKind::Network))
}
