//! The host proper: the queue and the commands.

use super::App;
use super::js;
use super::message::Message;
use crate::driver::{Driver, Headers, HttpRequest, announcement_form, code, stored_form};
use relatch_session::{Answered, Command, ExchangeId, Failure, Input, Lock, Now, Outcome};
use std::cell::Cell;

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
    /// Taken out while it is at work. A `RefCell` would panic if that ever happened twice at once.
    driver: Cell<Option<Box<Driver>>>,
    runtime: Obey,
    app: Box<dyn App>,
    queue: Cell<Vec<Input>>,
    /// True while the queue is being served, and for good once the host has stopped.
    busy: Cell<bool>,
}

impl Host {
    pub(super) fn new(driver: Driver, runtime: Obey, app: Box<dyn App>) -> Host {
        Host { driver: Cell::new(Some(Box::new(driver))), runtime, app, queue: Cell::default(), busy: Cell::default() }
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
        let mut queue = self.queue.take();
        queue.push(input);
        self.queue.set(queue);
        if self.busy.replace(true) {
            return;
        }
        loop {
            let mut queue = self.queue.take();
            if queue.is_empty() {
                break;
            }
            let input = queue.remove(0);
            self.queue.set(queue);
            let Some(mut driver) = self.driver.take() else { return };
            let commands = driver.handle(input, self.now());
            self.driver.set(Some(driver));
            for command in commands {
                self.obey(command);
            }
        }
        self.busy.set(false);
    }

    fn obey(&self, command: Command) {
        let mut out = Message::default();
        let command = match command {
            Command::Load => LOAD,
            Command::Save(stored) => {
                out.value(&stored_form(&stored).into());
                SAVE
            }
            Command::Lock(lock) => {
                out.flag(lock == Lock::Asking);
                LOCK
            }
            Command::Unlock(lock) => {
                out.flag(lock == Lock::Asking);
                UNLOCK
            }
            Command::Announce(announcement) => {
                out.value(&announcement_form(announcement).into());
                ANNOUNCE
            }
            Command::Send { exchange, operation, values, attached, attempt, deadline_ms } => {
                let request = self.with_driver(|driver| driver.request(&operation, &values, attached, attempt));
                match request {
                    Some(Ok(request)) => write(&mut out, exchange, deadline_ms, &operation, &request),
                    Some(Err(failure)) => return self.feed(self.concluded(exchange, &operation, 0, Err(failure))),
                    None => return,
                }
                SEND
            }
            Command::Wake(millis) => {
                if let Some(millis) = millis {
                    out.whole(millis);
                }
                WAKE
            }
            Command::AskLogin(why) => return self.app.login_required(why),
            Command::Settle { call, result } => {
                return match self.headers(&result) {
                    Ok(headers) => self.app.settled(call, result, headers),
                    Err(failure) => self.app.settled(call, Err(failure), Headers::new()),
                };
            }
            Command::Emit(event, snapshot) => {
                let granted = self.with_driver(|driver| driver.granted()).flatten();
                return self.app.changed(event, &snapshot, granted);
            }
        };
        (self.runtime)(command, &out.0);
    }

    fn headers(&self, result: &Result<Outcome, Failure>) -> Result<Headers, Failure> {
        let Ok(Outcome::Granted(grant)) = result else { return Ok(Headers::new()) };
        self.with_driver(|driver| driver.attach(&grant.values)).unwrap_or(Ok(Headers::new()))
    }

    pub(super) fn with_driver<R>(&self, f: impl FnOnce(&Driver) -> R) -> Option<R> {
        let driver = self.driver.take()?;
        let result = f(&driver);
        self.driver.set(Some(driver));
        Some(result)
    }

    /// What the session is told of an exchange. The app hears of it first.
    pub(super) fn concluded(
        &self,
        exchange: ExchangeId,
        operation: &str,
        status: u16,
        answered: Result<Answered, Failure>,
    ) -> Input {
        let code = match &answered {
            Ok(answered) => answered.message.meaning.name(),
            Err(failure) => code(failure.kind),
        };
        self.app.exchanged(operation, status, code);
        Input::Answered { exchange, answered }
    }

    pub(super) fn stop(&self) {
        self.busy.set(true);
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
