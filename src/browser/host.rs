//! The host proper: the queue and the commands.

use super::App;
use super::js;
use super::message::Message;
use crate::driver::{Attached, Driver, HttpAnswer, HttpRequest, Progress, Steps, announcement_form, code, stored_form};
use relatch_dialects::Rare;
use relatch_session::{Answered, CallId, Command, ExchangeId, Failure, Input, Lock, Now, Outcome};
use std::cell::{Cell, Ref, RefCell};

/// The commands of `runtime.js`, by their place in its list.
const LOAD: u32 = 0;
const SAVE: u32 = 1;
const LOCK: u32 = 2;
const UNLOCK: u32 = 3;
const ANNOUNCE: u32 = 4;
const SEND: u32 = 5;
const WAKE: u32 = 6;
const STOP: u32 = 7;

/// The time that each request of an exchange has, and how far it is if there are several.
type Left = (u64, Option<Rare<Box<Steps>>>);

/// The same of an exchange that has several.
type Kept = (ExchangeId, u64, Rare<Box<Steps>>);

/// Does what `runtime.js` has at that place in its list, with what the message says.
pub(crate) type Obey = Box<dyn Fn(u32, &str)>;

pub(super) struct Host {
    /// While it is at work nobody looks at it, for it calls nobody.
    driver: RefCell<Driver>,
    runtime: Obey,
    app: Box<dyn App>,
    #[expect(clippy::vec_box, reason = "the wasm is smaller where none is copied out of the middle of the list")]
    queue: RefCell<Vec<Box<Input>>>,
    /// The exchanges of several requests that are under way, with the time that each request has.
    exchanges: RefCell<Option<Rare<Vec<Kept>>>>,
    /// True while the queue is being served.
    busy: Cell<bool>,
    /// The app may stop it from inside: what is still in the queue is not served then.
    stopped: Cell<bool>,
}

impl Host {
    pub(super) fn new(driver: Driver, runtime: Obey, app: Box<dyn App>) -> Host {
        Host {
            driver: RefCell::new(driver),
            runtime,
            app,
            queue: RefCell::default(),
            exchanges: RefCell::new(Rare::new(Vec::new())),
            busy: Cell::default(),
            stopped: Cell::default(),
        }
    }

    /// The clocks, read anew, fresh randomness, and whether the page can be seen.
    pub(super) fn now(&self) -> Now {
        Now {
            wall_ms: js::now(0),
            monotonic_ms: js::now(1),
            hidden: js::now(2) != 0,
            random: u128::from(js::now(3)) << 64 | u128::from(js::now(3)),
        }
    }

    /// Serves everything that is in the queue, this input last. Called from inside, it only queues.
    pub(super) fn feed(&self, input: Input) {
        self.queue.borrow_mut().push(Box::new(input));
        if self.busy.replace(true) {
            return;
        }
        while let Some(input) = self.next() {
            let now = self.now();
            let commands = self.driver.borrow_mut().handle(*input, now);
            for command in &commands {
                self.obey(command);
            }
        }
        self.busy.set(false);
    }

    fn next(&self) -> Option<Box<Input>> {
        let mut queue = self.queue.borrow_mut();
        if queue.is_empty() || self.stopped.get() { None } else { Some(queue.remove(0)) }
    }

    fn obey(&self, command: &Command) {
        let mut out = Message::default();
        let command = match command {
            Command::Load => LOAD,
            Command::Save(stored) => {
                out.members(stored_form(stored).members());
                SAVE
            }
            Command::Lock(lock) => {
                out.flag(*lock == Lock::Asking);
                LOCK
            }
            Command::Unlock(lock) => {
                out.flag(*lock == Lock::Asking);
                UNLOCK
            }
            Command::Announce(announcement) => {
                out.members(announcement_form(*announcement).members());
                ANNOUNCE
            }
            Command::Send { exchange, operation, values, attempt, deadline_ms } => {
                let attempt = attempt.as_deref();
                let deadline_ms = *deadline_ms / (self.driver().dialect().steps(operation) as u64 + 1);
                let left = (deadline_ms, self.driver().steps(operation, values, attempt));
                let request = self.driver().request(operation, 0, values, attempt);
                return self.send(*exchange, operation, left, request);
            }
            Command::Wake(millis) => {
                if let Some(millis) = millis {
                    out.whole(*millis);
                }
                WAKE
            }
            Command::AskLogin(why) => return self.app.login_required(*why),
            Command::Settle { call, result } => return self.settle(*call, result.as_ref().map_err(|it| &**it)),
            Command::Emit(event, snapshot) => {
                let granted = self.driver().granted();
                return self.app.changed(*event, snapshot, granted);
            }
        };
        (self.runtime)(command, &out.0);
    }

    /// A granted call whose headers cannot be written has failed.
    fn settle(&self, call: CallId, result: Result<&Outcome, &Failure>) {
        let attached = match result {
            Ok(Outcome::Granted(grant)) => self.driver().attach(&grant.values, true),
            _ => Ok(Attached::new()),
        };
        match attached {
            Ok(attached) => self.app.settled(call, result, attached),
            Err(failure) => self.app.settled(call, Err(&failure), Attached::new()),
        }
    }

    /// Sends what comes next in an exchange.
    fn send(
        &self,
        id: ExchangeId,
        operation: &str,
        (deadline_ms, steps): Left,
        request: Result<Box<HttpRequest>, Box<Failure>>,
    ) {
        match request {
            Ok(request) => {
                let mut out = Message::default();
                write(&mut out, id, deadline_ms, operation, &request);
                if let (Some(exchanges), Some(steps)) = (&mut *self.exchanges.borrow_mut(), steps) {
                    exchanges.push((id, deadline_ms, steps));
                }
                (self.runtime)(SEND, &out.0);
            }
            Err(failure) => self.conclude(id, operation, 0, Err(failure)),
        }
    }

    fn left(&self, id: ExchangeId) -> Option<Left> {
        let mut exchanges = self.exchanges.borrow_mut();
        let exchanges = exchanges.as_mut()?;
        let at = exchanges.iter().position(|it| it.0 == id)?;
        let (_, deadline_ms, steps) = exchanges.swap_remove(at);
        Some((deadline_ms, Some(steps)))
    }

    /// What came of a request. The session is told when the exchange is over.
    pub(super) fn came(&self, id: ExchangeId, operation: &str, came: Result<HttpAnswer, Box<Failure>>) {
        let (deadline_ms, steps) = self.left(id).unwrap_or_default();
        let status = came.as_ref().map_or(0, |it| it.answer.status);
        let progress = came.and_then(|answer| self.driver().answered(operation, steps, answer));
        let answered = match progress {
            Ok(Progress::GoesOn(steps)) => {
                let request = self.driver().request(operation, steps.done(), steps.values(), steps.attempt());
                return self.send(id, operation, (deadline_ms, Some(steps)), request);
            }
            Ok(Progress::Over(answered)) => Ok(answered),
            Err(failure) => Err(failure),
        };
        self.conclude(id, operation, status, answered);
    }

    pub(super) fn driver(&self) -> Ref<'_, Driver> {
        self.driver.borrow()
    }

    /// Tells the session of an exchange. The app hears of it first.
    fn conclude(
        &self,
        exchange: ExchangeId,
        operation: &str,
        status: u16,
        answered: Result<Box<Answered>, Box<Failure>>,
    ) {
        let code = match &answered {
            Ok(answered) => answered.message.meaning.name(),
            Err(failure) => code(failure.kind),
        };
        self.app.exchanged(operation, status, code);
        self.feed(Input::Answered { exchange, answered });
    }

    pub(super) fn stop(&self) {
        self.stopped.set(true);
        (self.runtime)(STOP, "");
    }
}

/// A request as `runtime.js` takes it.
fn write(out: &mut Message, exchange: ExchangeId, deadline_ms: u64, operation: &str, request: &HttpRequest) {
    out.whole(exchange.into());
    out.whole(deadline_ms);
    out.text(operation);
    out.text(&request.method);
    out.text(&request.url);
    out.members(request.parts.members());
    out.elements(&request.attached);
    if let Some(attempt) = &request.attempt {
        out.text(attempt);
    }
}
