//! The wasm half of the npm package: what its TypeScript facade calls, and what is called there.
//!
//! Few functions with text in and text out, since every function that crosses the boundary costs a hundred bytes on both
//! sides, and structured data would cost serde. What a server wrote could not go out as a plain object anyway: on one of
//! those a member named `__proto__` would not be a member.

#![expect(unreachable_pub, reason = "wasm-bindgen exports public functions only, and nothing in Rust calls these")]

mod inward;
mod outward;
mod wire;

use crate::browser::{App, Browser, Platform, Store, callback, js, json};
use crate::claims::{self, TokenFault};
use crate::driver::{Headers, Home, event_name};
use inward::Parts;
use lol_alloc::{FreeListAllocator, LockedAllocator};
use relatch_dialects::Dialect;
use relatch_session::{CallId, Event, Failure, Grant, Options, Outcome, Snapshot};
use wasm_bindgen::prelude::*;
use wire::tell;

#[global_allocator]
static ALLOCATOR: LockedAllocator<FreeListAllocator> = LockedAllocator::new(FreeListAllocator::new());

/// A session, as the function through which the facade asks it for something; `undefined` if the dialect is none.
///
/// `settings` is a list: the dialect as JSON, its base URL, the key, whether tabs share it, and the session's options. `store` looks like
/// web storage, `global` is the global object. `told` is called with what has happened and a list about it, and never throws. The
/// function takes a list of what is asked, a number and arguments. `npm/src/wire.ts` has all of it.
#[wasm_bindgen]
pub fn start(settings: JsValue, fetch: JsValue, store: JsValue, global: JsValue, told: JsValue) -> JsValue {
    let platform = Platform { global, fetch, store: Store::like(store), key: String::new(), shared: false };
    let browser = started(settings, platform, Facade { told });
    browser.map_or(JsValue::UNDEFINED, |browser| {
        callback::closure(Box::new(move |message| inward::asked(&browser, message).unwrap_or_default()))
    })
}

fn started(settings: JsValue, mut platform: Platform, facade: Facade) -> Option<Browser> {
    let mut settings = Parts::of(settings);
    let dialect = Dialect::unchecked(settings.value()?)?;
    let home = Home::of_parsed(&settings.text()?);
    platform.key = settings.text()?;
    platform.shared = settings.flag();
    let mut options = Options::new(dialect.renewal(), dialect.is_attached("logout").is_some());
    inward::options(&mut options, &mut settings);
    Some(Browser::start(dialect, home, options, platform, Box::new(facade)))
}

/// Header and claims of a token as JSON text, with a NUL between them, which no JSON text can hold; a text without one
/// is the fault.
#[wasm_bindgen]
pub fn decode(token: JsValue) -> JsValue {
    let decoded = claims::decode_bytes(&token.as_string().unwrap_or_default()).and_then(|(mut text, claims)| {
        text.push(0);
        text.extend_from_slice(&claims);
        json::utf8(&text).ok_or(TokenFault::Utf8)
    });
    decoded.unwrap_or_else(|fault| JsValue::from_str(fault.reason()))
}

/// The facade, to be told what has happened.
struct Facade {
    told: JsValue,
}

impl Facade {
    fn tell(&self, what: u8, told: &JsValue) {
        // It never throws.
        drop(js::call(&self.told, &JsValue::from_f64(what.into()), told));
    }
}

impl App for Facade {
    fn settled(&self, call: CallId, result: Result<Outcome, Failure>, headers: Headers) {
        match result {
            Ok(outcome) => self.tell(tell::SETTLED, &outward::settled(call, outcome, &headers)),
            Err(failure) => self.tell(tell::FAILED, &outward::failure(call, failure)),
        }
    }

    fn changed(&self, event: Event, snapshot: &Snapshot, granted: Option<(Grant, Headers)>) {
        self.tell(tell::CHANGED, &outward::state(event, snapshot, granted));
    }

    fn login_required(&self, why: Event) {
        self.tell(tell::ASKED, &JsValue::from_str(event_name(why)));
    }

    fn exchanged(&self, operation: &str, status: u16, code: &str) {
        self.tell(tell::EXCHANGED, &outward::exchange(operation, status, code));
    }
}
