//! The task that owns the session: it takes what comes in, one after the other, and obeys.

use super::exchange;
use super::options::{LoginRequired, parse_json};
use super::store::Store;
use super::wire::Wire;
use crate::driver::{Attached, Driver, HttpAnswer, HttpRequest, Progress, Steps, parse_stored, stored_form};
use relatch_dialects::{Answer, Meaning, Rare, Value, Values};
use relatch_session::{
    CallId, Command, Event, ExchangeId, Failure, Grant, Input, Now, Outcome, Saved, Snapshot, StoreFailed, Stored,
};
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::task::AbortHandle;

/// How many events a listener may be behind before it loses the oldest.
const EVENT_CAPACITY: usize = 64;

/// A store that does not answer by then counts as failed.
const STORE_DEADLINE: Duration = Duration::from_secs(5);

/// What the client and the helpers send to the engine.
pub(super) enum Mail {
    /// Something that the program asks, and who waits for the reply.
    Ask(Ask, oneshot::Sender<Result<Reply, Box<Failure>>>),
    /// Something that happened.
    Happened(Input),
    /// An answer came to a call: what does it mean to the session?
    Judge { answer: Answer, date_ms: Option<u64>, grant: Box<Grant>, reply: oneshot::Sender<Option<Meaning>> },
    /// An answer came to a request of the session's own.
    Came(ExchangeId, Result<HttpAnswer, Box<Failure>>),
}

/// What the program asks; the engine numbers it.
pub(super) type Ask = Box<dyn FnOnce(CallId) -> Input + Send>;

/// What a call gets.
pub(super) enum Reply {
    Done,
    Granted(Box<Grant>, Attached),
    HandOver,
    Performed(Values),
}

pub(super) type Inbox = mpsc::UnboundedSender<Mail>;

pub(super) struct Engine {
    driver: Driver,
    store: Arc<dyn Store>,
    seen: Seen,
    login_required: Option<Box<LoginRequired>>,
    wire: Arc<Wire>,
    /// Weak, so that the engine ends when the last client is gone.
    inbox: mpsc::WeakUnboundedSender<Mail>,
    started: tokio::time::Instant,
    calls: HashMap<CallId, oneshot::Sender<Result<Reply, Box<Failure>>>>,
    last_call: CallId,
    exchanges: HashMap<ExchangeId, UnderWay>,
    timer: Option<AbortHandle>,
    snapshots: watch::Sender<Arc<Snapshot>>,
    events: broadcast::Sender<Event>,
}

impl Engine {
    pub(super) fn start(
        driver: Driver,
        store: Arc<dyn Store>,
        login_required: Option<Box<LoginRequired>>,
        wire: Arc<Wire>,
    ) -> (Inbox, watch::Receiver<Arc<Snapshot>>, broadcast::Sender<Event>) {
        let (inbox, mail) = mpsc::unbounded_channel();
        let (snapshots, receiver) = watch::channel(driver.session().snapshot());
        let (events, _) = broadcast::channel(EVENT_CAPACITY);
        let engine = Engine {
            driver,
            store,
            seen: Seen::default(),
            login_required,
            wire,
            inbox: inbox.downgrade(),
            started: tokio::time::Instant::now(),
            calls: HashMap::new(),
            last_call: 0,
            exchanges: HashMap::new(),
            timer: None,
            snapshots,
            events: events.clone(),
        };
        tokio::spawn(engine.run(mail));
        (inbox, receiver, events)
    }

    async fn run(mut self, mut mail: mpsc::UnboundedReceiver<Mail>) {
        self.feed(Input::Start);
        while let Some(mail) = mail.recv().await {
            match mail {
                Mail::Happened(input) => self.feed(input),
                Mail::Ask(ask, reply) => {
                    self.last_call = self.last_call.wrapping_add(1);
                    self.calls.insert(self.last_call, reply);
                    self.feed(ask(self.last_call));
                }
                Mail::Judge { answer, date_ms, grant, reply } => {
                    if let Some((values, lifetime_ms)) = self.driver.observe(&answer, date_ms) {
                        self.feed(Input::Observed { grant, values, lifetime_ms });
                    }
                    // Nobody listens if the caller has gone meanwhile.
                    let _ = reply.send(self.driver.judge(&answer));
                }
                Mail::Came(exchange, came) => self.came(exchange, came),
            }
        }
        let requests = self.exchanges.into_values().map(|it| it.request);
        self.timer.into_iter().chain(requests).for_each(|it| it.abort());
    }

    fn now(&self) -> Now {
        Now {
            wall_ms: wall_ms(),
            monotonic_ms: millis(self.started.elapsed()),
            random: u128::from_le_bytes(random_bytes()),
            hidden: false,
        }
    }

    fn feed(&mut self, input: Input) {
        let now = self.now();
        for command in self.driver.handle(input, now) {
            self.obey(command);
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Load => self.load(),
            Command::Save(stored) => self.save(&stored),
            // In memory there is nobody to lock out; processes that share a file agree by the lease in it.
            Command::Lock(lock) => {
                let granted = !self.store.is_shared();
                self.beside(std::future::ready(Mail::Happened(Input::Locked(lock, granted))));
            }
            Command::Unlock(_) | Command::Announce(_) => {}
            Command::Send { exchange, operation, values, attempt, deadline_ms } => {
                let (attempt, steps) = (attempt.as_deref(), self.driver.dialect().steps(&operation));
                let deadline = Duration::from_millis(deadline_ms) / (steps as u32 + 1);
                let steps = self.driver.steps(&operation, &values, attempt);
                let request = self.driver.request(&operation, 0, &values, attempt);
                self.send(exchange, operation, (deadline, steps), request);
            }
            Command::Wake(delay) => self.wake(delay),
            Command::AskLogin(why) => self.ask_login(why),
            Command::Settle { call, result } => self.settle(call, result),
            Command::Emit(event, snapshot) => {
                self.snapshots.send_replace(snapshot);
                // An error only says that nobody listens.
                let _ = self.events.send(event);
            }
        }
    }

    /// Sends what comes next in an exchange.
    fn send(&mut self, id: ExchangeId, operation: String, left: Left, request: Result<Box<HttpRequest>, Box<Failure>>) {
        let place = (operation.clone(), left.1.as_ref().map_or(0, |it| it.done()));
        let request = match request {
            Ok(request) => {
                let sent = exchange::send(Arc::clone(&self.wire), place, *request, left.0);
                self.beside(async move { Mail::Came(id, sent.await) })
            }
            Err(failure) => self.beside(std::future::ready(Mail::Came(id, Err(failure)))),
        };
        self.exchanges.insert(id, UnderWay { operation, left, request });
    }

    /// What came of a request. The session is told when the exchange is over.
    fn came(&mut self, id: ExchangeId, came: Result<HttpAnswer, Box<Failure>>) {
        let Some(UnderWay { operation, left: (deadline, steps), .. }) = self.exchanges.remove(&id) else { return };
        let progress = came.and_then(|answer| self.driver.answered(&operation, steps, answer));
        let answered = match progress {
            Ok(Progress::GoesOn(steps)) => {
                let request = self.driver.request(&operation, steps.done(), steps.values(), steps.attempt());
                return self.send(id, operation, (deadline, Some(steps)), request);
            }
            Ok(Progress::Over(answered)) => Ok(answered),
            Err(failure) => Err(failure),
        };
        self.feed(Input::Answered { exchange: id, answered });
    }

    /// Runs something beside the engine, and mails what comes of it.
    fn beside(&self, work: impl Future<Output = Mail> + Send + 'static) -> AbortHandle {
        let inbox = self.inbox.clone();
        let task = tokio::spawn(async move {
            let mail = work.await;
            if let Some(inbox) = inbox.upgrade() {
                // An error only says that the engine has ended.
                let _ = inbox.send(mail);
            }
        });
        task.abort_handle()
    }

    fn load(&self) {
        let (store, seen) = (self.store.clone(), self.seen.clone());
        self.beside(async move {
            let stored = within_deadline(move || remember(&seen, store.load()?)).await;
            Mail::Happened(Input::Loaded(stored.and_then(stored_in)))
        });
    }

    fn save(&self, stored: &Stored) {
        let (store, seen) = (self.store.clone(), self.seen.clone());
        let text = serde_json::Value::from(&Value::from(stored_form(stored))).to_string();
        self.beside(async move {
            let saved = within_deadline(move || replace(&*store, &seen, text)).await;
            Mail::Happened(Input::Saved(match saved.map(|it| it.map(stored_in)) {
                Ok(None) => Saved::Done,
                Ok(Some(Ok(found))) => Saved::Conflict(found),
                _ => Saved::Failed,
            }))
        });
    }

    fn wake(&mut self, delay: Option<u64>) {
        self.timer.take().into_iter().for_each(|it| it.abort());
        self.timer = delay.map(|delay| {
            self.beside(async move {
                tokio::time::sleep(Duration::from_millis(delay)).await;
                Mail::Happened(Input::Woke)
            })
        });
    }

    fn ask_login(&self, why: Event) {
        match &self.login_required {
            Some(ask) => {
                let asked = ask(why);
                self.beside(async move { Mail::Happened(Input::LoginSupplied(asked.await)) });
            }
            None => {
                self.beside(std::future::ready(Mail::Happened(Input::LoginSupplied(None))));
            }
        }
    }

    fn settle(&mut self, call: CallId, result: Result<Outcome, Box<Failure>>) {
        let Some(reply) = self.calls.remove(&call) else { return };
        let result = result.and_then(|outcome| {
            Ok(match outcome {
                Outcome::Done => Reply::Done,
                Outcome::HandOver => Reply::HandOver,
                Outcome::Performed(values) => Reply::Performed(values),
                Outcome::Granted(grant) => {
                    let attached = self.driver.attach(&grant.values, true)?;
                    Reply::Granted(grant, attached)
                }
            })
        });
        // Nobody listens if the caller has gone meanwhile.
        let _ = reply.send(result);
    }
}

/// The time that each request of an exchange has, and how far it is if there are several.
type Left = (Duration, Option<Rare<Box<Steps>>>);

/// A request of the session's own that is under way.
struct UnderWay {
    operation: String,
    left: Left,
    request: AbortHandle,
}

/// The text that the store was last seen to hold.
type Seen = Arc<Mutex<Option<String>>>;

fn remember(seen: &Seen, found: Option<String>) -> io::Result<Option<String>> {
    *seen.lock().map_err(|_| io::Error::other("another thread panicked while it looked at the store"))? = found.clone();
    Ok(found)
}

/// `None` if the text has been written, else what was there instead.
fn replace(store: &dyn Store, seen: &Seen, text: String) -> io::Result<Option<Option<String>>> {
    let before = seen.lock().map_or(None, |it| it.clone());
    let found = store.replace(before.as_deref(), &text)?;
    if found == before {
        remember(seen, Some(text))?;
        return Ok(None);
    }
    remember(seen, found).map(Some)
}

/// On a thread that may block, which is not waited for longer than this.
async fn within_deadline<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, StoreFailed> {
    let done = tokio::time::timeout(STORE_DEADLINE, tokio::task::spawn_blocking(work)).await;
    done.ok().and_then(Result::ok).and_then(Result::ok).ok_or(StoreFailed)
}

/// A text that is no record counts as nothing stored.
fn stored_in(text: Option<String>) -> Result<Option<Stored>, StoreFailed> {
    text.and_then(|it| parse_json(it.as_bytes())).map_or(Ok(None), parse_stored)
}

#[expect(clippy::disallowed_methods, reason = "a host is the edge at which time comes in")]
pub(super) fn wall_ms() -> u64 {
    millis(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default())
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// From the system's own source. Where that fails there is nothing better: the bytes stay zero, and ids lose their
/// freshness, not the session its safety.
pub(super) fn random_bytes() -> [u8; 16] {
    let mut bytes = [0; 16];
    if getrandom::fill(&mut bytes).is_err() {
        bytes = [0; 16];
    }
    bytes
}
