//! The host proper: the queue, the commands, the store, the channel.

use super::callback::{Callback, after, function};
use super::exchange::Exchange;
use super::lock::Lock;
use super::store::{Access, Accessed};
use super::timer::Timer;
use super::{App, Platform, Reply, js, json};
use crate::driver::{Driver, Headers, announcement_form, parse_announcement, parse_stored, stored_form};
use relatch_dialects::Values;
use relatch_session::{Announcement, Command, Failure, Input, Now, Outcome, StoreFailed, Stored};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, BroadcastChannel};

/// What tells that the page or the machine came back, or that another tab has written. All of them reach the global object.
///
/// `storage` beside the channel, since an announcement may come before the write that it is about: each process of a browser
/// has a copy of localStorage, which follows late. This event comes when it has.
const WAKERS: [&str; 5] = ["visibilitychange", "pageshow", "focus", "online", "storage"];

pub(super) struct Host {
    /// Taken out while it is at work. A `RefCell` would panic if that ever happened twice at once.
    driver: Cell<Option<Box<Driver>>>,
    pub(super) platform: Platform,
    pub(super) app: Box<dyn App>,
    pub(super) exchanges: Cell<Vec<Exchange>>,
    pub(super) held: Cell<Option<Lock>>,
    pub(super) locks_asked: Cell<u32>,
    queue: Cell<Vec<Input>>,
    /// True while the queue is being served, and for good once the host has stopped.
    busy: Cell<bool>,
    timer: Cell<Option<Timer>>,
    channel: Option<BroadcastChannel>,
    /// Ends the listening.
    listening: Option<AbortController>,
}

/// The clocks, read anew, and fresh randomness.
pub(super) fn now() -> Now {
    let mut random = [0; 16];
    // Every platform that runs wasm has this, and it cannot fail for 16 bytes.
    drop(js::fill_random(&mut random));
    Now {
        wall_ms: js_sys::Date::now() as u64,
        monotonic_ms: js::monotonic_ms() as u64,
        random: u128::from_le_bytes(random),
    }
}

impl Host {
    pub(super) fn new(driver: Driver, platform: Platform, app: Box<dyn App>) -> Rc<Host> {
        let channel = if platform.shared { BroadcastChannel::new(&platform.key).ok() } else { None };
        Rc::new(Host {
            driver: Cell::new(Some(Box::new(driver))),
            platform,
            app,
            exchanges: Cell::default(),
            held: Cell::default(),
            locks_asked: Cell::new(0),
            queue: Cell::default(),
            busy: Cell::new(false),
            timer: Cell::new(None),
            channel,
            listening: AbortController::new().ok(),
        })
    }

    /// Serves everything that is in the queue, this input last. Called from inside, it only queues.
    pub(super) fn feed(self: &Rc<Self>, input: Input) {
        let mut queue = self.queue.take();
        queue.push(input);
        self.queue.set(queue);
        if self.busy.replace(true) {
            return;
        }
        loop {
            let inputs = self.queue.take();
            if inputs.is_empty() {
                break;
            }
            for input in inputs {
                let Some(mut driver) = self.driver.take() else { return };
                let commands = driver.handle(input, now());
                self.driver.set(Some(driver));
                for command in commands {
                    self.obey(command);
                }
            }
        }
        self.busy.set(false);
    }

    fn obey(self: &Rc<Self>, command: Command) {
        match command {
            Command::Load => self.load(false),
            Command::Save(record) => self.save(Stored::Session(record)),
            Command::Erase(login) => self.save(Stored::Tombstone(login)),
            Command::Lock => self.lock(),
            Command::Unlock => self.unlock(),
            Command::Announce(announcement) => self.announce(announcement),
            Command::Send { exchange, operation, values, attached, attempt, deadline_ms } => {
                let request = self.with_driver(|driver| driver.request(&operation, &values, attached, attempt));
                if let Some(request) = request {
                    self.send(exchange, operation, request, deadline_ms);
                }
            }
            Command::Abort(exchange) => self.abort(exchange),
            Command::Wake(millis) => {
                let timer = millis.map(|millis| Timer::start(self, millis, Callback::Woke));
                self.timer.set(timer);
            }
            Command::AskLogin(why) => self.app.login_required(why),
            Command::Settle { call, result } => {
                let result = result.and_then(|outcome| self.reply(outcome));
                self.app.settled(call, result);
            }
            Command::Emit(event, snapshot) => {
                let mut values = snapshot.context_values.clone();
                if let Some(record) = &snapshot.record {
                    values.merge(record.values.clone());
                }
                self.app.changed(event, &snapshot, self.headers(&values).unwrap_or_default());
            }
        }
    }

    fn reply(&self, outcome: Outcome) -> Result<Reply, Failure> {
        Ok(match outcome {
            Outcome::Done(_) => Reply::Done,
            Outcome::Granted(grant) => {
                let headers = self.headers(&grant.values)?;
                Reply::Granted(grant, headers)
            }
            Outcome::HandOver => Reply::HandOver,
            Outcome::Performed(values) => Reply::Performed(values),
        })
    }

    fn headers(&self, values: &Values) -> Result<Headers, Failure> {
        self.with_driver(|driver| driver.attach(values)).unwrap_or(Ok(Vec::new()))
    }

    pub(super) fn with_driver<R>(&self, f: impl FnOnce(&Driver) -> R) -> Option<R> {
        let driver = self.driver.take()?;
        let result = f(&driver);
        self.driver.set(Some(driver));
        Some(result)
    }

    pub(super) fn load(self: &Rc<Self>, locked: bool) {
        match self.platform.store.get(&self.platform.key) {
            Ok(Accessed::Now(text)) => self.loaded(locked, Ok(text)),
            Ok(Accessed::Later(promise)) => {
                after(self, &promise, Callback::Loaded(locked), Callback::LoadFailed(locked));
            }
            Err(()) => self.loaded(locked, Err(())),
        }
    }

    /// A text that is no record counts as nothing stored: the user or another program may write what they like.
    pub(super) fn loaded(self: &Rc<Self>, locked: bool, text: Result<Option<String>, ()>) {
        let stored = match text {
            Ok(text) => Ok(text.and_then(|text| parse_stored(json::parse(&text)?))),
            Err(()) => Err(StoreFailed),
        };
        self.feed(if locked { Input::Locked(stored) } else { Input::Loaded(stored) });
    }

    fn save(self: &Rc<Self>, stored: Stored) {
        let text = json::text(&stored_form(&stored).into());
        let access: Access = self.platform.store.set(&self.platform.key, text);
        match access {
            Ok(Accessed::Now(_)) => self.saved(true),
            Ok(Accessed::Later(promise)) => after(self, &promise, Callback::Saved, Callback::SaveFailed),
            Err(()) => self.saved(false),
        }
    }

    pub(super) fn saved(self: &Rc<Self>, done: bool) {
        self.feed(Input::Saved(if done { Ok(()) } else { Err(StoreFailed) }));
    }

    fn announce(&self, announcement: Announcement) {
        if let Some(channel) = &self.channel {
            let text = json::text(&announcement_form(announcement).into());
            // A channel that is closed already tells nobody, which is all that can be done.
            drop(channel.post_message(&JsValue::from_str(&text)));
        }
    }

    /// A `storage` event brings the record itself, which says all that an announcement does. Other events say nothing.
    pub(super) fn heard(self: &Rc<Self>, event: &JsValue) {
        let text = js::property(event, "data").as_string().or_else(|| js::property(event, "newValue").as_string());
        let announcement = text.and_then(|text| parse_announcement(json::parse(&text)?));
        if let Some(announcement) = announcement {
            self.feed(Input::Announced(announcement));
        }
    }

    pub(super) fn listen(self: &Rc<Self>) {
        if let Some(channel) = &self.channel {
            channel.set_onmessage(Some(function(self, Callback::Announced).unchecked_ref()));
        }
        if let Some(listening) = &self.listening {
            let options = js_sys::Object::new();
            js::set_property(&options, "signal", &listening.signal());
            let waker = function(self, Callback::Woke);
            for event in WAKERS {
                // A server's global object takes no listeners, which is the error that is dropped here.
                drop(
                    js::GLOBAL.with(|global| {
                        global.unchecked_ref::<js::Global>().add_event_listener(event, &waker, &options)
                    }),
                );
            }
        }
    }

    pub(super) fn stop(&self) {
        self.busy.set(true);
        self.unlock();
        self.timer.set(None);
        for exchange in self.exchanges.take() {
            exchange.stop();
        }
        if let Some(channel) = &self.channel {
            channel.close();
        }
        if let Some(listening) = &self.listening {
            listening.abort();
        }
    }
}
