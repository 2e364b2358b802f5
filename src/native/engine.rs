//! The task that owns the session: it takes what comes in, one after the other, and obeys.

use super::exchange;
use super::options::{LoginRequired, parse_json};
use super::store::Store;
use crate::driver::{Driver, parse_stored, stored_form};
use relatch_dialects::{Value, Values};
use relatch_session::{
    CallId, Command, Event, ExchangeId, Failure, Grant, Input, Now, Outcome, Snapshot, StoreFailed, Stored,
};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::task::AbortHandle;

/// How many events a listener may be behind before it loses the oldest.
const EVENT_CAPACITY: usize = 64;

/// What the client and the helpers send to the engine.
pub(super) enum Mail {
    /// Something that the program asks, and who waits for the reply.
    Ask(Ask, oneshot::Sender<Result<Reply, Failure>>),
    /// Something that happened.
    Happened(Input),
    /// An answer came to a call: what does it mean to the session?
    Judge { status: u16, body: Option<String>, reply: oneshot::Sender<Option<relatch_dialects::Meaning>> },
    /// An answer came to a request of the session's own.
    Answer { exchange: ExchangeId, operation: String, answer: crate::driver::HttpAnswer },
}

/// What the program asks; the engine numbers it.
pub(super) type Ask = Box<dyn FnOnce(CallId) -> Input + Send>;

/// What a call gets.
pub(super) enum Reply {
    Done,
    Granted(Grant, Vec<(String, String)>),
    HandOver,
    Performed(Values),
}

pub(super) type Inbox = mpsc::UnboundedSender<Mail>;

/// Something that the store is to do, and what is said if it panics.
type Work = (Box<dyn FnOnce() -> Input + Send>, Input);

pub(super) struct Engine {
    driver: Driver,
    store: Arc<dyn Store>,
    work: mpsc::UnboundedSender<Work>,
    /// How much is still to be written.
    writing: usize,
    /// What calls get once that is done: a program that ends after its log-out must not find the session again.
    held: Vec<(CallId, Result<Outcome, Failure>)>,
    login_required: Option<Box<LoginRequired>>,
    http: reqwest::Client,
    /// Weak, so that the engine ends when the last client is gone.
    inbox: mpsc::WeakUnboundedSender<Mail>,
    started: tokio::time::Instant,
    calls: HashMap<CallId, oneshot::Sender<Result<Reply, Failure>>>,
    last_call: CallId,
    exchanges: HashMap<ExchangeId, AbortHandle>,
    timer: Option<AbortHandle>,
    snapshots: watch::Sender<Arc<Snapshot>>,
    events: broadcast::Sender<Event>,
}

impl Engine {
    pub(super) fn start(
        driver: Driver,
        store: Arc<dyn Store>,
        login_required: Option<Box<LoginRequired>>,
        http: reqwest::Client,
    ) -> (Inbox, watch::Receiver<Arc<Snapshot>>, broadcast::Sender<Event>) {
        let (inbox, mail) = mpsc::unbounded_channel();
        let (snapshots, receiver) = watch::channel(driver.session().snapshot());
        let (events, _) = broadcast::channel(EVENT_CAPACITY);
        let (work, waiting) = mpsc::unbounded_channel();
        tokio::spawn(keep(waiting, inbox.downgrade()));
        let engine = Engine {
            driver,
            store,
            work,
            writing: 0,
            held: Vec::new(),
            login_required,
            http,
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
                Mail::Happened(input) => {
                    self.writing -= usize::from(matches!(input, Input::Saved(_)));
                    self.feed(input);
                    self.release();
                }
                Mail::Ask(ask, reply) => {
                    self.last_call = self.last_call.wrapping_add(1);
                    self.calls.insert(self.last_call, reply);
                    self.feed(ask(self.last_call));
                }
                Mail::Judge { status, body, reply } => {
                    let json = body.as_deref().map(str::as_bytes).and_then(parse_json);
                    // Nobody listens if the caller has gone meanwhile.
                    let _ = reply.send(self.driver.judge(status, json));
                }
                Mail::Answer { exchange, operation, answer } => {
                    let answered = self.driver.answered(&operation, answer, self.now().wall_ms);
                    self.feed(Input::Answered { exchange, answered });
                }
            }
        }
        self.timer.into_iter().chain(self.exchanges.into_values()).for_each(|it| it.abort());
    }

    #[expect(clippy::disallowed_methods, reason = "a host is the edge at which time comes in")]
    fn now(&self) -> Now {
        let wall = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Now {
            wall_ms: millis(wall),
            monotonic_ms: millis(self.started.elapsed()),
            random: u128::from_le_bytes(random_bytes()),
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
            Command::Load => self.load(Input::Loaded),
            Command::Lock => self.load(Input::Locked),
            // Nobody else to tell, and nobody to lock out.
            Command::Unlock | Command::Announce(_) => {}
            Command::Save(record) => self.save(&Stored::Session(record)),
            Command::Erase(login) => self.save(&Stored::Tombstone(login)),
            Command::Send { exchange, operation, values, attached, attempt, deadline_ms } => {
                match self.driver.request(&operation, &values, attached, attempt) {
                    Ok(request) => {
                        let sent = exchange::send(self.http.clone(), request, Duration::from_millis(deadline_ms));
                        let done = move |answer| match answer {
                            Ok(answer) => Mail::Answer { exchange, operation, answer },
                            Err(failure) => Mail::Happened(Input::Answered { exchange, answered: Err(failure) }),
                        };
                        let handle = self.beside(async move { done(sent.await) });
                        self.exchanges.retain(|_, it| !it.is_finished());
                        self.exchanges.insert(exchange, handle);
                    }
                    Err(failure) => {
                        self.beside(
                            async move { Mail::Happened(Input::Answered { exchange, answered: Err(failure) }) },
                        );
                    }
                }
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

    fn load(&self, input: fn(Result<Option<Stored>, StoreFailed>) -> Input) {
        let store = self.store.clone();
        // A text that is no record counts as nothing stored.
        let read = |text: String| parse_stored(parse_json(text.as_bytes())?);
        let load = move || input(store.load().map(|text| text.and_then(read)).map_err(|_| StoreFailed));
        self.beside_in_order(Box::new(load), input(Err(StoreFailed)));
    }

    fn save(&mut self, record: &Stored) {
        let store = self.store.clone();
        let text = serde_json::Value::from(&Value::from(stored_form(record))).to_string();
        let save = move || Input::Saved(store.save(&text).map_err(|_| StoreFailed));
        self.writing += 1;
        self.beside_in_order(Box::new(save), Input::Saved(Err(StoreFailed)));
    }

    fn beside_in_order(&self, work: Box<dyn FnOnce() -> Input + Send>, panicked: Input) {
        // An error only says that the runtime is ending.
        let _ = self.work.send((work, panicked));
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

    fn settle(&mut self, call: CallId, result: Result<Outcome, Failure>) {
        self.held.push((call, result));
        self.release();
    }

    fn release(&mut self) {
        if self.writing == 0 {
            for (call, result) in std::mem::take(&mut self.held) {
                self.reply(call, result);
            }
        }
    }

    fn reply(&mut self, call: CallId, result: Result<Outcome, Failure>) {
        let Some(reply) = self.calls.remove(&call) else { return };
        let result = result.and_then(|outcome| {
            Ok(match outcome {
                Outcome::Done(_) => Reply::Done,
                Outcome::HandOver => Reply::HandOver,
                Outcome::Performed(values) => Reply::Performed(values),
                Outcome::Granted(grant) => {
                    let headers = self.driver.attach(&grant.values)?;
                    Reply::Granted(grant, headers)
                }
            })
        });
        // Nobody listens if the caller has gone meanwhile.
        let _ = reply.send(result);
    }
}

/// Has the store do one thing after the other: a log-out that overtook a login there would leave the session behind.
async fn keep(mut waiting: mpsc::UnboundedReceiver<Work>, inbox: mpsc::WeakUnboundedSender<Mail>) {
    while let Some((work, panicked)) = waiting.recv().await {
        let input = tokio::task::spawn_blocking(work).await.unwrap_or(panicked);
        if let Some(inbox) = inbox.upgrade() {
            // An error only says that the engine has ended.
            let _ = inbox.send(Mail::Happened(input));
        }
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// From the system's own source. Where that fails there is nothing better: the bytes stay zero, and ids lose their
/// freshness, not the session its safety.
fn random_bytes() -> [u8; 16] {
    let mut bytes = [0; 16];
    if getrandom::fill(&mut bytes).is_err() {
        bytes = [0; 16];
    }
    bytes
}
