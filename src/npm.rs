//! The wasm half of the npm package: what its TypeScript facade calls, and what is called there.
//!
//! Few functions with text in and text out, since every function that crosses the boundary costs a hundred bytes on both
//! sides, and structured data would cost serde.

#![expect(unreachable_pub, reason = "wasm-bindgen exports public functions only, and nothing in Rust calls these")]

mod inward;
mod outward;
mod wire;

use crate::browser::message::{Message, Parts};
use crate::browser::{App, Browser, Platform, Store, js};
use crate::driver::{Headers, Home, event_name};
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
/// `settings` is a message: the dialect, its base URL, the key, whether tabs share it, and the session's options. `store` looks like
/// web storage, `global` is the global object. The function takes a message, too: what is asked, a number and arguments.
/// `npm/src/wire.ts` has all of it.
#[wasm_bindgen]
pub fn start(settings: String, fetch: JsValue, store: JsValue, global: JsValue, listener: Listener) -> JsValue {
    let platform = Platform { global, fetch, store: Store::like(store), key: String::new(), shared: false };
    let facade = Facade(Rc::new(listener));
    let browser = started(Parts::of(settings), platform, facade.clone());
    browser.map_or(JsValue::UNDEFINED, |browser| {
        js::closure(Box::new(move |message| inward::asked(&browser, &facade, Parts::of(message)).is_some()))
    })
}

fn started(mut settings: Parts, mut platform: Platform, facade: Facade) -> Option<Browser> {
    let dialect = Dialect::unchecked(settings.value()?)?;
    let home = Home::of_parsed(&settings.text()?);
    platform.key = settings.text()?;
    platform.shared = settings.flag()?;
    let mut options = Options::new(dialect.renewal(), dialect.is_attached("logout").is_some());
    inward::options(&mut options, &mut settings);
    Some(Browser::start(dialect, home, options, platform, Box::new(facade)))
}

/// The facade, to be told what has happened.
#[derive(Clone)]
struct Facade(Rc<Listener>);

impl Facade {
    fn tell(&self, what: u32, write: impl FnOnce(&mut Message)) {
        let mut message = Message::default();
        write(&mut message);
        self.0.told(what, &message.0);
    }
}

impl App for Facade {
    fn settled(&self, call: CallId, result: Result<Outcome, Failure>, headers: Headers) {
        let what = if result.is_ok() { tell::SETTLED } else { tell::FAILED };
        self.tell(what, |out| {
            out.whole(call.into());
            match result {
                Ok(outcome) => outward::settled(out, outcome, &headers),
                Err(failure) => outward::failure(out, failure),
            }
        });
    }

    fn changed(&self, event: Event, snapshot: &Snapshot, granted: Option<(Grant, Headers)>) {
        self.tell(tell::CHANGED, |out| {
            out.text(event_name(event));
            outward::state(out, snapshot, granted);
        });
    }

    fn login_required(&self, why: Event) {
        self.tell(tell::ASKED, |out| out.text(event_name(why)));
    }

    fn exchanged(&self, operation: &str, status: u16, code: &str) {
        self.tell(tell::EXCHANGED, |out| {
            out.text(operation);
            out.whole(status.into());
            out.text(code);
        });
    }
}
