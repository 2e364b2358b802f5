//! The wasm half of the npm package: what its TypeScript facade calls, and what is called there.
//!
//! Few functions with text in and text out, since every function that crosses the boundary costs a hundred bytes on both
//! sides, and structured data would cost serde. What a server wrote could not go out as a plain object anyway: on one of
//! those a member named `__proto__` would not be a member.

mod inward;
mod outward;

use crate::browser::{App, Browser, Platform, Reply, Store, json};
use crate::claims;
use crate::driver::{Headers, Home, event_name};
use js_sys::Function;
use relatch_dialects::{Dialect, Value, Values};
use relatch_session::{CallId, Event, Failure, Snapshot};
use wasm_bindgen::prelude::*;

#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[wasm_bindgen]
extern "C" {
    /// The facade. Its one method never throws.
    pub type Facade;
    /// `what` is `settled` or `failed` (of call `number`), `changed`, `asked` or `exchanged` (with status `number`).
    #[wasm_bindgen(method, structural)]
    fn told(this: &Facade, what: &str, number: u32, text: &str);
}

/// A session, as the facade holds it.
#[wasm_bindgen]
pub struct Core(Browser);

#[wasm_bindgen]
impl Core {
    /// `settings` is JSON: `dialect`, `base`, `key`, `storage`, `shared`, and the session's options.
    pub fn start(settings: &str, fetch: Function, adapter: JsValue, facade: Facade) -> Option<Core> {
        let mut settings = Values::of(json::parse(settings)?)?;
        let dialect = Dialect::unchecked(settings.remove("dialect")?)?;
        let home = Home::of_parsed(settings.text("base")?);
        let platform = Platform {
            fetch,
            store: match settings.text("storage")? {
                "local" => Store::local(),
                "session" => Store::session(),
                "adapter" => Store::Adapter(adapter),
                _ => Store::memory(),
            },
            key: settings.text("key")?.into(),
            shared: settings.get("shared") == Some(&Value::Bool(true)),
        };
        let options = inward::options(&settings, &dialect);
        Some(Core(Browser::start(dialect, home, options, platform, Box::new(facade))))
    }

    /// Asks for what is named, with JSON in `text`. False if nothing has that name.
    pub fn ask(&self, call: CallId, what: &str, text: &str) -> bool {
        let values = json::parse(text).unwrap_or(Value::Null);
        match inward::input(&self.0, call, what, values) {
            Some(input) => {
                self.0.feed(input);
                true
            }
            None => false,
        }
    }

    /// What the answer to a call means to the session, if anything; with status 0 whether the token has ended, and with
    /// status 1 what has happened, as JSON.
    pub fn look(&self, status: u16, body: &str) -> JsValue {
        match status {
            0 => JsValue::from_bool(self.0.is_expired()),
            1 => JsValue::from_str(&outward::history(&self.0)),
            _ => match self.0.judge(status, body) {
                Some(meaning) => JsValue::from_str(meaning.name()),
                None => JsValue::UNDEFINED,
            },
        }
    }

    /// Stops everything.
    pub fn stop(&self) {
        self.0.stop();
    }

    /// Header and claims of a token as JSON text, with a NUL between them, which no JSON text can hold; a text without one
    /// is the fault.
    pub fn decode(token: &str) -> JsValue {
        JsValue::from_str(&match claims::decode_text(token) {
            Ok((mut text, claims)) => {
                text.push('\0');
                text.push_str(&claims);
                text
            }
            Err(fault) => fault.reason().into(),
        })
    }
}

impl App for Facade {
    fn settled(&self, call: CallId, result: Result<Reply, Failure>) {
        let (what, text) = match result {
            Ok(reply) => ("settled", outward::reply(reply)),
            Err(failure) => ("failed", outward::failure(failure)),
        };
        self.told(what, call, &text);
    }

    fn changed(&self, event: Event, snapshot: &Snapshot, headers: Headers) {
        self.told("changed", 0, &outward::state(event, snapshot, &headers));
    }

    fn login_required(&self, why: Event) {
        self.told("asked", 0, event_name(why));
    }

    fn exchanged(&self, operation: &str, status: u16, code: &str) {
        let mut text = String::from(operation);
        text.push(' ');
        text.push_str(code);
        self.told("exchanged", status.into(), &text);
    }
}
