//! The host proper: the queue, the commands, the clocks, the channel.

use super::callback::{Callback, function};
use super::{App, Platform, js, json};
use crate::driver::{Driver, Headers, announcement_form, parse_announcement};
use relatch_session::{Announcement, Command, Failure, Input, Lock, Now, Outcome};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// What tells that the page, the machine or the network came back, or that the page is hidden now. All of them reach the global object.
const WAKERS: [&str; 4] = ["visibilitychange", "pageshow", "focus", "online"];

/// The longest delay that `setTimeout` keeps: its milliseconds are a signed 32-bit number, and more of them fire at once.
/// A timer cut to it proves nothing when it fires, like any other: the session looks at the clock and asks again.
const MAX_DELAY_MS: u64 = 2_147_483_647;

/// A lock that is waited for or held.
#[derive(Default)]
pub(super) struct Slot {
    /// Its number. Every other one is given back as soon as it is granted.
    pub(super) wanted: Cell<u32>,
    /// Lets it go.
    pub(super) release: Cell<JsValue>,
}

pub(super) struct Host {
    /// Taken out while it is at work. A `RefCell` would panic if that ever happened twice at once.
    driver: Cell<Option<Box<Driver>>>,
    pub(super) platform: Platform,
    pub(super) app: Box<dyn App>,
    renewing: Slot,
    asking: Slot,
    queue: Cell<Vec<Input>>,
    /// True while the queue is being served, and for good once the host has stopped.
    busy: Cell<bool>,
    timer: Cell<JsValue>,
    channel: JsValue,
    /// What all wake-ups call. Gone once the host has stopped.
    waker: Cell<JsValue>,
}

/// What a timer, the channel or an event of the page's says.
pub(super) fn heard(event: &JsValue) -> Input {
    // A timer brings nothing along.
    if event.is_undefined() {
        return Input::Woke;
    }
    json::parse(&js::get(event, "data")).and_then(parse_announcement).map_or(Input::Returned, Input::Announced)
}

impl Host {
    /// The clocks, read anew, fresh randomness, and whether the page can be seen.
    pub(super) fn now(&self) -> Now {
        let mut random = [0; 16];
        // Every platform that runs wasm has this, and it cannot fail for 16 bytes.
        js::fill_random(&mut random);
        Now {
            wall_ms: js::wall_ms() as u64,
            monotonic_ms: js::monotonic_ms() as u64,
            random: u128::from_le_bytes(random),
            hidden: js::get(&self.global("document"), "hidden").as_bool() == Some(true),
        }
    }

    pub(super) fn slot(&self, lock: Lock) -> &Slot {
        match lock {
            Lock::Renewal => &self.renewing,
            Lock::Asking => &self.asking,
        }
    }

    pub(super) fn new(driver: Driver, platform: Platform, app: Box<dyn App>) -> Rc<Host> {
        let mut host = Host {
            driver: Cell::new(Some(Box::new(driver))),
            platform,
            app,
            renewing: Slot::default(),
            asking: Slot::default(),
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
            let commands = driver.handle(input, self.now());
            self.driver.set(Some(driver));
            for command in commands {
                self.obey(command);
            }
        }
        self.busy.set(false);
    }

    fn obey(self: &Rc<Self>, command: Command) {
        match command {
            Command::Load => self.load(),
            Command::Save(stored) => self.save(&stored),
            Command::Lock(lock) => self.lock(lock),
            Command::Unlock(lock) => self.unlock(lock),
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
        self.unlock(Lock::Renewal);
        self.unlock(Lock::Asking);
        self.wake(None);
        self.each_waker("removeEventListener");
        self.waker.take();
        drop(js::invoke_with(&self.channel, "close", &JsValue::UNDEFINED));
    }
}
