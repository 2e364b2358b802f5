//! The wasm half of the npm package: what its TypeScript facade calls, and what is called there.
//!
//! Few functions with text in and text out, since every function that crosses the boundary costs a hundred bytes on both
//! sides, and structured data would cost serde.

#![expect(unreachable_pub, reason = "wasm-bindgen exports public functions only, and nothing in Rust calls these")]

mod inward;
mod outward;
mod wire;

use crate::browser::js::{self, Runtime};
use crate::browser::message::{Message, Parts};
use crate::browser::{App, Browser, lifetime_ms};
use crate::driver::{Driver, Headers, Home, event_name};
use lol_alloc::{FreeListAllocator, LockedAllocator};
use relatch_dialects::Dialect;
use relatch_session::{CallId, Event, Failure, Grant, Options, Outcome, Snapshot};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wire::tell;

#[global_allocator]
static ALLOCATOR: LockedAllocator<FreeListAllocator> = LockedAllocator::new(FreeListAllocator::new());

#[wasm_bindgen]
extern "C" {
    /// The facade's half of a session, to be told what has happened. It never throws.
    pub type Listener;
    /// By a message: what, and arguments.
    #[wasm_bindgen(method, structural)]
    fn told(this: &Listener, what: u32, message: &str);
}

/// A session, as the function through which the facade asks it for something; `undefined` if the dialect is none.
///
/// `settings` is a message: the dialect, its base URL, and the session's options. The function takes a message, too: what is asked, a
/// number and arguments. `npm/src/wire.ts` has all of it.
#[wasm_bindgen]
pub fn start(settings: String, runtime: Runtime, listener: Listener) -> JsValue {
    let facade = Facade(Rc::new(listener));
    let Some(driver) = driver(Parts::of(settings)) else { return JsValue::UNDEFINED };
    let browser = Browser::on(runtime, driver, Box::new(facade.clone()));
    js::closure(Box::new(move |message| inward::asked(&browser, &facade, Parts::of(message)).is_some()))
}

fn driver(mut settings: Parts) -> Option<Driver> {
    let dialect = Dialect::unchecked(settings.value()?)?;
    let home = Home::of_parsed(&settings.text()?);
    let mut options = Options::new(dialect.renewal(), dialect.is_attached("logout").is_some());
    inward::options(&mut options, &mut settings);
    Some(Driver::new(dialect, home, options, lifetime_ms))
}

/// The facade, to be told what has happened.
#[derive(Clone)]
struct Facade(Rc<Listener>);

impl Facade {
    fn tell(&self, what: u32, message: Message) {
        self.0.told(what, &message.0);
    }
}

impl App for Facade {
    fn settled(&self, call: CallId, result: Result<Outcome, Failure>, headers: Headers) {
        let mut out = Message::default();
        out.whole(call.into());
        let what = match result {
            Ok(outcome) => outward::settled(&mut out, outcome, &headers),
            Err(failure) => outward::failure(&mut out, failure),
        };
        self.tell(what, out);
    }

    fn changed(&self, event: Event, snapshot: &Snapshot, granted: Option<(Grant, Headers)>) {
        let mut out = Message::default();
        out.text(event_name(event));
        outward::state(&mut out, snapshot, granted);
        self.tell(tell::CHANGED, out);
    }

    fn login_required(&self, why: Event) {
        let mut out = Message::default();
        out.text(event_name(why));
        self.tell(tell::ASKED, out);
    }

    fn exchanged(&self, operation: &str, status: u16, code: &str) {
        let mut out = Message::default();
        out.text(operation);
        out.whole(status.into());
        out.text(code);
        self.tell(tell::EXCHANGED, out);
    }
}
