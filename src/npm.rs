//! The wasm half of the npm package: what its TypeScript facade calls, and what is called there.
//!
//! Few functions with text in and text out, since every function that crosses the boundary costs a hundred bytes on both
//! sides, and structured data would cost serde.

#![expect(unreachable_pub, reason = "wasm-bindgen exports public functions only, and nothing in Rust calls these")]

mod inward;
mod outward;
mod sessions;
mod wire;

use crate::browser::message::{Message, Parts};
use crate::browser::{App, Browser, lifetime_ms};
use crate::driver::{Attached, Driver, Home, event_name};
use lol_alloc::{FreeListAllocator, LockedAllocator};
use relatch_dialects::Dialect;
use relatch_session::{CallId, Event, Failure, Grant, Input, Options, Outcome, Snapshot};
use wasm_bindgen::prelude::*;
use wire::tell;

#[global_allocator]
static ALLOCATOR: LockedAllocator<FreeListAllocator> = LockedAllocator::new(FreeListAllocator::new());

// Neither throws, nor has to know the session any more.
#[wasm_bindgen(raw_module = "./sessions.js")]
extern "C" {
    /// To the facade, by a message: what has happened, and arguments.
    fn told(session: u32, what: u32, message: &str);
    /// To the session's `runtime.js`.
    fn obey(session: u32, command: u32, message: &str);
}

/// What the facade asks of a session, which it has given that number, by a message: what, a number and arguments.
/// `npm/src/wire.ts` has all of it. False if it cannot be done, or if the answer is no.
#[wasm_bindgen]
pub fn ask(session: u32, message: String) -> bool {
    inward::asked(session, &mut Parts::of(message)).is_some()
}

/// Begins a session; `None` if the dialect is none.
fn start(session: u32, settings: &mut Parts) -> Option<()> {
    let driver = driver(settings)?;
    let obey = Box::new(move |command, message: &str| obey(session, command, message));
    let browser = Browser::on(obey, driver, Box::new(Facade(session)));
    sessions::add(session, browser.clone());
    browser.feed(Input::Start);
    Some(())
}

fn driver(settings: &mut Parts) -> Option<Driver> {
    let dialect = Dialect::unchecked(settings.value()?)?;
    let home = Home::of_parsed(&settings.text()?);
    let mut options = Options::new(dialect.renewal(), dialect.is_attached("logout").is_some());
    inward::options(&mut options, settings);
    Some(Driver::new(dialect, home, options, lifetime_ms))
}

/// The facade's half of a session, to be told what has happened.
struct Facade(u32);

impl Facade {
    fn tell(&self, what: u32, message: Message) {
        told(self.0, what, &message.0);
    }
}

impl App for Facade {
    fn settled(&self, call: CallId, result: Result<&Outcome, &Failure>, attached: Attached) {
        let mut out = Message::default();
        out.whole(call.into());
        let what = match result {
            Ok(outcome) => outward::settled(&mut out, outcome, &attached),
            Err(failure) => outward::failure(&mut out, failure),
        };
        self.tell(what, out);
    }

    fn changed(&self, event: Event, snapshot: &Snapshot, granted: Option<(Box<Grant>, Attached)>) {
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
