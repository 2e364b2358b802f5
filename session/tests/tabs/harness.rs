//! A deterministic world of several tabs over one store, one lock and one server. Every effect is queued and happens in
//! [`World::step`]; the network answers when the test says so, the store when it is not `stalled`.

use relatch_dialects::{Meaning, Message, Renewal, Values};
use relatch_session::{
    Answered, CallId, Command, Event, ExchangeId, Failure, FailureKind, Grant, Input, Lock, Now, Options, Outcome,
    Saved, Session, Status, StoreFailed, Stored,
};
use std::collections::VecDeque;

pub(crate) const HOUR_MS: u64 = 3_600_000;

/// A request that nobody has answered yet.
pub(crate) struct Sent {
    pub(crate) exchange: ExchangeId,
    pub(crate) operation: String,
    pub(crate) values: Values,
}

/// One tab: its session, what it asked the store, and what it was heard to say.
pub(crate) struct Tab {
    pub(crate) session: Session,
    pub(crate) trace: Vec<Command>,
    pub(crate) sent: Vec<Sent>,
    pub(crate) stalled: bool,
    /// What it was last told that the store holds.
    seen: Option<Stored>,
    store_work: VecDeque<Command>,
    inbox: VecDeque<Input>,
    wakes_at_ms: Option<u64>,
}

pub(crate) struct World {
    pub(crate) tabs: Vec<Tab>,
    pub(crate) stored: Option<Stored>,
    pub(crate) store_works: bool,
    pub(crate) now: Now,
    /// Who waits for which lock; the first of each has it.
    locks: VecDeque<(Lock, usize)>,
    calls: CallId,
}

impl World {
    pub(crate) fn new(options: &[Options]) -> World {
        let mut world = World::loading(options);
        world.tabs.iter_mut().for_each(|it| it.stalled = false);
        world.run();
        world
    }

    /// A world in which no tab has been told yet what the store holds.
    pub(crate) fn loading(options: &[Options]) -> World {
        let now = Now { wall_ms: 1_772_700_000_000, monotonic_ms: 5_000, random: 1, hidden: false };
        let tabs = options.iter().cloned().map(Tab::new).collect();
        let mut world = World { tabs, stored: None, store_works: true, now, locks: VecDeque::new(), calls: 0 };
        for tab in 0..world.tabs.len() {
            world.feed(tab, Input::Start);
        }
        world
    }

    /// Ada is signed in, in every tab.
    pub(crate) fn signed_in(options: &[Options]) -> World {
        let mut world = World::new(options);
        world.log_in(0, "ada");
        world.tabs.iter_mut().for_each(|it| it.trace.clear());
        world
    }

    pub(crate) fn feed(&mut self, tab: usize, input: Input) {
        self.tabs[tab].inbox.push_back(input);
        self.run();
    }

    pub(crate) fn run(&mut self) {
        let mut steps = 0;
        while self.step() {
            steps += 1;
            assert!(steps < 100_000, "the tabs keep each other busy");
        }
    }

    /// Lets one thing happen: a tab takes an input, or the store does one piece of work. False if there is none.
    pub(crate) fn step(&mut self) -> bool {
        for at in 0..self.tabs.len() {
            if let Some(input) = self.tabs[at].inbox.pop_front() {
                self.take(at, input);
                return true;
            }
        }
        for at in 0..self.tabs.len() {
            let tab = &mut self.tabs[at];
            if let Some(work) = tab.store_work.pop_front_if(|_| !tab.stalled) {
                let input = self.work(at, work);
                self.tabs[at].inbox.push_back(input);
                return true;
            }
        }
        false
    }

    fn take(&mut self, at: usize, input: Input) {
        self.now.random = self.now.random.wrapping_mul(0x5851_F42D_4C95_7F2D_1405_7B7E_F767_814F).wrapping_add(11);
        for command in self.tabs[at].session.handle(input, self.now) {
            self.tabs[at].trace.push(command.clone());
            self.obey(at, command);
        }
    }

    fn obey(&mut self, at: usize, command: Command) {
        let tab = &mut self.tabs[at];
        match command {
            Command::Load | Command::Save(_) => tab.store_work.push_back(command),
            Command::Lock(lock) => self.queue_for_lock(lock, at),
            Command::Unlock(lock) => self.leave_lock(lock, at),
            Command::Announce(announcement) => {
                let others = self.tabs.iter_mut().enumerate().filter(|(it, _)| *it != at);
                others.for_each(|(_, it)| it.inbox.push_back(Input::Announced(announcement)));
            }
            Command::Send { exchange, operation, values, .. } => tab.sent.push(Sent { exchange, operation, values }),
            Command::Wake(delay) => {
                tab.wakes_at_ms = delay.map(|it| self.now.monotonic_ms.saturating_add(it));
            }
            Command::AskLogin(_) | Command::Settle { .. } | Command::Emit(..) => {}
        }
    }

    fn work(&mut self, at: usize, work: Command) -> Input {
        let seen = &mut self.tabs[at].seen;
        let Command::Save(stored) = work else {
            seen.clone_from(&self.stored);
            return Input::Loaded(if self.store_works { Ok(self.stored.clone()) } else { Err(StoreFailed) });
        };
        if !self.store_works {
            return Input::Saved(Saved::Failed);
        }
        let conflict = *seen != self.stored;
        if !conflict {
            self.stored = Some(stored);
        }
        seen.clone_from(&self.stored);
        Input::Saved(if conflict { Saved::Conflict(self.stored.clone()) } else { Saved::Done })
    }

    fn queue_for_lock(&mut self, lock: Lock, at: usize) {
        self.locks.push_back((lock, at));
        if self.locks.iter().filter(|(it, _)| *it == lock).count() == 1 {
            self.grant_lock(lock);
        }
    }

    fn leave_lock(&mut self, lock: Lock, at: usize) {
        let held = self.locks.iter().find(|(it, _)| *it == lock) == Some(&(lock, at));
        self.locks.retain(|it| *it != (lock, at));
        if held {
            self.grant_lock(lock);
        }
    }

    fn grant_lock(&mut self, lock: Lock) {
        if let Some((_, at)) = self.locks.iter().find(|(it, _)| *it == lock).copied() {
            self.tabs[at].inbox.push_back(Input::Locked(lock, true));
        }
    }

    /// Time passes on both clocks, and timers fire when they are due.
    pub(crate) fn pass(&mut self, millis: u64) {
        let end = self.now.monotonic_ms + millis;
        while let Some((at, due)) = self.next_timer().filter(|(_, due)| *due <= end) {
            self.advance(due.saturating_sub(self.now.monotonic_ms));
            self.tabs[at].wakes_at_ms = None;
            self.feed(at, Input::Woke);
        }
        self.advance(end - self.now.monotonic_ms);
    }

    fn next_timer(&self) -> Option<(usize, u64)> {
        self.tabs.iter().enumerate().filter_map(|(at, it)| Some((at, it.wakes_at_ms?))).min_by_key(|it| it.1)
    }

    fn advance(&mut self, millis: u64) {
        self.now.monotonic_ms += millis;
        self.now.wall_ms += millis;
    }

    pub(crate) fn ask(&mut self, tab: usize, input: impl FnOnce(CallId) -> Input) -> CallId {
        self.calls += 1;
        self.feed(tab, input(self.calls));
        self.calls
    }

    pub(crate) fn login(&mut self, tab: usize, identifier: &str) -> CallId {
        self.ask(tab, |call| Input::Login { call, credentials: credentials(identifier) })
    }

    pub(crate) fn log_in(&mut self, tab: usize, identifier: &str) -> CallId {
        let call = self.login(tab, identifier);
        self.answer(tab, "login", Ok(tokens(identifier)));
        call
    }

    pub(crate) fn authorize(&mut self, tab: usize) -> CallId {
        self.ask(tab, |call| Input::Authorize { call })
    }

    pub(crate) fn renew(&mut self, tab: usize) -> CallId {
        self.ask(tab, |call| Input::Renew { call })
    }

    pub(crate) fn logout(&mut self, tab: usize) -> CallId {
        self.ask(tab, |call| Input::Logout { call })
    }

    pub(crate) fn granted(&mut self, tab: usize) -> Box<Grant> {
        let call = self.authorize(tab);
        match self.tabs[tab].settled(call) {
            Some(Ok(Outcome::Granted(grant))) => grant,
            other => panic!("not granted: {other:?}"),
        }
    }

    /// Answers the oldest open request of that operation.
    pub(crate) fn answer(&mut self, tab: usize, operation: &str, answered: Result<Answered, Box<Failure>>) {
        let Some(at) = self.tabs[tab].sent.iter().position(|it| it.operation == operation) else {
            panic!("no {operation} is under way");
        };
        let sent = self.tabs[tab].sent.remove(at);
        self.feed(tab, Input::Answered { exchange: sent.exchange, answered: answered.map(Box::new) });
    }

    /// The store of that tab answers again.
    pub(crate) fn unstall(&mut self, tab: usize) {
        self.tabs[tab].stalled = false;
        self.run();
    }
}

impl Tab {
    fn new(options: Options) -> Tab {
        Tab {
            session: Session::new(options),
            trace: Vec::new(),
            sent: Vec::new(),
            stalled: true,
            seen: None,
            store_work: VecDeque::new(),
            inbox: VecDeque::new(),
            wakes_at_ms: None,
        }
    }

    /// What a call got; `None` while it waits.
    pub(crate) fn settled(&self, call: CallId) -> Option<Result<Outcome, Box<Failure>>> {
        let mut results = self.trace.iter().filter_map(|it| match it {
            Command::Settle { call: it, result } if *it == call => Some(result.clone()),
            _ => None,
        });
        let first = results.next();
        assert!(results.next().is_none(), "call {call} was settled twice");
        first
    }

    pub(crate) fn succeeded(&self, call: CallId) -> bool {
        matches!(self.settled(call), Some(Ok(_)))
    }

    pub(crate) fn failure(&self, call: CallId) -> Option<FailureKind> {
        self.settled(call)?.err().map(|it| it.kind)
    }

    pub(crate) fn count(&self, operation: &str) -> usize {
        self.trace.iter().filter(|it| matches!(it, Command::Send { operation: it, .. } if it == operation)).count()
    }

    pub(crate) fn events(&self) -> Vec<Event> {
        self.trace.iter().filter_map(|it| if let Command::Emit(event, _) = it { Some(*event) } else { None }).collect()
    }

    pub(crate) fn status(&self) -> Status {
        self.session.snapshot().status
    }

    pub(crate) fn token(&self) -> Option<String> {
        self.session.snapshot().record.as_ref()?.values.text("access_token").map(String::from)
    }

    /// The access tokens that the server was asked to end.
    pub(crate) fn revoked(&self) -> Vec<&str> {
        let of_logout = self.sent.iter().filter(|it| it.operation == "logout");
        of_logout.filter_map(|it| it.values.text("access_token")).collect()
    }
}

/// An API with a renewal endpoint.
pub(crate) fn endpoint() -> Options {
    Options::new(Renewal::Endpoint, true)
}

/// An API without one, and an app that can be asked.
pub(crate) fn asking() -> Options {
    Options { asks_login: true, ..bare() }
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
    let values = Values::new().with("access_token", name).with("refresh_token", "refresh");
    Answered { message: Message::with(Meaning::Session, values), lifetime_ms: Some(HOUR_MS), ..meant(Meaning::Session) }
}

/// An answer that means this and carries nothing.
pub(crate) fn meant(meaning: Meaning) -> Answered {
    let status = meaning.default_status();
    Answered { message: Message::new(meaning), status, lifetime_ms: None, retry_after_ms: None, idempotent: false }
}
