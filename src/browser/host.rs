//! The host proper: the queue, the commands, the clocks, the channel.

use super::callback::{Callback, function};
use super::{App, Platform, js, json};
use crate::driver::{Driver, Headers, announcement_form, parse_announcement};
use relatch_session::{Announcement, Command, Failure, Input, Now, Outcome, Stored};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// What tells that the page or the machine came back, or that another tab has written. All of them reach the global object.
///
/// `storage` beside the channel, since an announcement may come before the write that it is about: each process of a browser
/// has a copy of localStorage, which follows late. This event comes when it has.
const WAKERS: [&str; 5] = ["visibilitychange", "pageshow", "focus", "online", "storage"];

/// The longest delay that `setTimeout` keeps: its milliseconds are a signed 32-bit number, and more of them fire at once.
/// A timer cut to it proves nothing when it fires, like any other: the session looks at the clock and asks again.
const MAX_DELAY_MS: u64 = 2_147_483_647;

pub(super) struct Host {
    /// Taken out while it is at work. A `RefCell` would panic if that ever happened twice at once.
    driver: Cell<Option<Box<Driver>>>,
    pub(super) platform: Platform,
    pub(super) app: Box<dyn App>,
    /// The number of the lock that is waited for or held. Every other one is given back as soon as it is granted.
    pub(super) lock_wanted: Cell<u32>,
    /// Lets the lock go that is held.
    pub(super) release: Cell<JsValue>,
    queue: Cell<Vec<Input>>,
    /// True while the queue is being served, and for good once the host has stopped.
    busy: Cell<bool>,
    timer: Cell<JsValue>,
    channel: JsValue,
    /// What all wake-ups call. Gone once the host has stopped.
    waker: Cell<JsValue>,
}

/// The clocks, read anew, and fresh randomness.
pub(super) fn now() -> Now {
    let mut random = [0; 16];
    // Every platform that runs wasm has this, and it cannot fail for 16 bytes.
    js::fill_random(&mut random);
    Now { wall_ms: js::wall_ms() as u64, monotonic_ms: js::monotonic_ms() as u64, random: u128::from_le_bytes(random) }
}

impl Host {
    pub(super) fn new(driver: Driver, platform: Platform, app: Box<dyn App>) -> Rc<Host> {
        let mut host = Host {
            driver: Cell::new(Some(Box::new(driver))),
            platform,
            app,
            lock_wanted: Cell::default(),
            release: Cell::default(),
            queue: Cell::default(),
            busy: Cell::default(),
            timer: Cell::default(),
            channel: JsValue::UNDEFINED,
            waker: Cell::default(),
        };
        if host.platform.shared {
            host.channel = host.construct("BroadcastChannel", &host.key()).unwrap_or_default();
        }
        Rc::new(host)
    }

    /// A property of the global object.
    pub(super) fn global(&self, name: &str) -> JsValue {
        js::get(&self.platform.global, name)
    }

    /// A new object of a class that takes one argument.
    pub(super) fn construct(&self, class: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
        let arguments = js::invoke_with(&self.global("Array"), "of", argument)?;
        js::invoke(&self.global("Reflect"), "construct", &self.global(class), &arguments)
    }

    pub(super) fn key(&self) -> JsValue {
        JsValue::from_str(&self.platform.key)
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
            let mut queue = self.queue.take();
            if queue.is_empty() {
                break;
            }
            let input = queue.remove(0);
            self.queue.set(queue);
            let Some(mut driver) = self.driver.take() else { return };
            let commands = driver.handle(input, now());
            self.driver.set(Some(driver));
            for command in commands {
                self.obey(command);
            }
        }
        self.busy.set(false);
    }

    fn obey(self: &Rc<Self>, command: Command) {
        match command {
            Command::Load => self.load(false),
            Command::Save(record) => self.save(&Stored::Session(record)),
            Command::Erase(login) => self.save(&Stored::Tombstone(login)),
            Command::Lock => self.lock(),
            Command::Unlock => self.unlock(),
            Command::Announce(announcement) => self.announce(announcement),
            Command::Send { exchange, operation, values, attached, attempt, deadline_ms } => {
                let request = self.with_driver(|driver| driver.request(&operation, &values, attached, attempt));
                if let Some(request) = request {
                    self.send(exchange, operation, request, deadline_ms);
                }
            }
            Command::Wake(millis) => self.wake(millis),
            Command::AskLogin(why) => self.app.login_required(why),
            Command::Settle { call, result } => match self.headers(&result) {
                Ok(headers) => self.app.settled(call, result, headers),
                Err(failure) => self.app.settled(call, Err(failure), Headers::new()),
            },
            Command::Emit(event, snapshot) => {
                let granted = self.with_driver(|driver| driver.granted()).flatten();
                self.app.changed(event, &snapshot, granted);
            }
        }
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

    /// Sets the one timer, or none.
    fn wake(&self, millis: Option<u64>) {
        drop(js::invoke_with(&self.platform.global, "clearTimeout", &self.timer.take()));
        let Some(millis) = millis else { return };
        let waker = self.waker.take();
        let delay = JsValue::from_f64(millis.min(MAX_DELAY_MS) as f64);
        let timer = js::invoke(&self.platform.global, "setTimeout", &waker, &delay).unwrap_or_default();
        self.waker.set(waker);
        // A timer of Node's keeps the process alive until told otherwise. In a browser there is no such method.
        drop(js::invoke_with(&timer, "unref", &JsValue::UNDEFINED));
        self.timer.set(timer);
    }

    fn announce(&self, announcement: Announcement) {
        let text = json::text(&announcement_form(announcement).into());
        // Without a channel, or with one that is closed already, nobody is told, which is all that can be done.
        drop(js::invoke_with(&self.channel, "postMessage", &JsValue::from_str(&text)));
    }

    /// A `storage` event brings the record itself, which says all that an announcement does. Other events say nothing.
    pub(super) fn heard(self: &Rc<Self>, event: &JsValue) {
        let form = json::parse(&js::get(event, "data")).or_else(|| json::parse(&js::get(event, "newValue")));
        if let Some(announcement) = form.and_then(parse_announcement) {
            self.feed(Input::Announced(announcement));
        }
    }

    pub(super) fn listen(self: &Rc<Self>) {
        self.waker.set(function(self, Callback::Woke));
        self.each_waker("addEventListener");
    }

    /// Adds or removes the listeners. A server's global object takes none, which is the error that is dropped here.
    fn each_waker(&self, method: &str) {
        let waker = self.waker.take();
        drop(js::invoke(&self.channel, method, &JsValue::from_str("message"), &waker));
        for event in WAKERS {
            drop(js::invoke(&self.platform.global, method, &JsValue::from_str(event), &waker));
        }
        self.waker.set(waker);
    }

    pub(super) fn stop(&self) {
        self.busy.set(true);
        self.unlock();
        self.wake(None);
        self.each_waker("removeEventListener");
        self.waker.take();
        drop(js::invoke_with(&self.channel, "close", &JsValue::UNDEFINED));
    }
}
