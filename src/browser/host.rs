//! The host proper: the queue and the commands.

use super::App;
use super::js;
use super::message::Message;
use crate::driver::{Driver, Headers, HttpRequest, announcement_form, code, stored_form};
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

/// Does what `runtime.js` has at that place in its list, with what the message says.
pub(crate) type Obey = Box<dyn Fn(u32, &str)>;

pub(super) struct Host {
    /// While it is at work nobody looks at it, for it calls nobody.
    driver: RefCell<Driver>,
    runtime: Obey,
    app: Box<dyn App>,
    queue: RefCell<Vec<Input>>,
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
        self.queue.borrow_mut().push(input);
        if self.busy.replace(true) {
            return;
        }
        while let Some(input) = self.next() {
            let now = self.now();
            let commands = self.driver.borrow_mut().handle(input, now);
            for command in &commands {
                self.obey(command);
            }
        }
        self.busy.set(false);
    }

    fn next(&self) -> Option<Input> {
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
            Command::Send { exchange, operation, values, attached, attempt, deadline_ms } => {
                match self.driver().request(operation, values, *attached, attempt.as_deref()) {
                    Ok(request) => write(&mut out, *exchange, *deadline_ms, operation, &request),
                    Err(failure) => return self.feed(self.concluded(*exchange, operation, 0, Err(failure))),
                }
                SEND
            }
            Command::Wake(millis) => {
                if let Some(millis) = millis {
                    out.whole(*millis);
                }
                WAKE
            }
            Command::AskLogin(why) => return self.app.login_required(*why),
            Command::Settle { call, result } => return self.settle(*call, result.as_ref()),
            Command::Emit(event, snapshot) => {
                let granted = self.driver().granted();
                return self.app.changed(*event, snapshot, granted);
            }
        };
        (self.runtime)(command, &out.0);
    }

    /// A granted call whose headers cannot be written has failed.
    fn settle(&self, call: CallId, result: Result<&Outcome, &Failure>) {
        let headers = match result {
            Ok(Outcome::Granted(grant)) => self.driver().attach(&grant.values),
            _ => Ok(Headers::new()),
        };
        match headers {
            Ok(headers) => self.app.settled(call, result, headers),
            Err(failure) => self.app.settled(call, Err(&failure), Headers::new()),
        }
    }

    pub(super) fn driver(&self) -> Ref<'_, Driver> {
        self.driver.borrow()
    }

    /// What the session is told of an exchange. The app hears of it first.
    pub(super) fn concluded(
        &self,
        exchange: ExchangeId,
        operation: &str,
        status: u16,
        answered: Result<Box<Answered>, Failure>,
    ) -> Input {
        let code = match &answered {
            Ok(answered) => answered.message.meaning.name(),
            Err(failure) => code(failure.kind),
        };
        self.app.exchanged(operation, status, code);
        Input::Answered { exchange, answered }
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
    for text in [operation, &request.method, &request.url] {
        out.text(text);
    }
    out.headers(&request.headers);
    if let Some(json) = &request.json {
        out.value(json);
    }
}
