//! What the facade says, as the session's inputs and options. By place and number, not by name: `npm/src/wire.ts` has the same
//! lists in the same order, `wire.rs` the numbers.

use super::outward;
use super::wire::ask;
use crate::browser::js::Elements;
use crate::browser::{Browser, json};
use relatch_dialects::{Meaning, Value, Values};
use relatch_session::{CallId, Grant, Input, Login, Options};
use wasm_bindgen::{JsCast as _, JsValue};

/// A JavaScript array, read from its beginning. What an app wrote comes as JSON text.
pub(super) struct Parts {
    list: Elements,
    read: u32,
}

impl Parts {
    pub(super) fn of(list: JsValue) -> Parts {
        Parts { list: list.unchecked_into(), read: 0 }
    }

    fn next(&mut self) -> JsValue {
        self.read += 1;
        self.list.at(self.read - 1)
    }

    fn whole(&mut self) -> Option<u64> {
        Some(self.next().as_f64()? as u64)
    }

    pub(super) fn text(&mut self) -> Option<String> {
        self.next().as_string()
    }

    pub(super) fn value(&mut self) -> Option<Value> {
        json::parse(&self.next())
    }

    fn values(&mut self) -> Option<Values> {
        Values::of(self.value()?)
    }

    pub(super) fn flag(&mut self) -> bool {
        self.next().as_bool() == Some(true)
    }
}

/// The options that the app gave; the session's defaults for the others.
pub(super) fn options(options: &mut Options, settings: &mut Parts) {
    options.keep_credentials = settings.flag();
    options.asks_login = settings.flag();
    options.when_hidden = settings.flag();
    let given = [&mut options.ahead_permille, &mut options.request_deadline_ms, &mut options.parked_deadline_ms];
    for option in given {
        if let Some(value) = settings.whole() {
            *option = value;
        }
    }
    options.idle_ms = settings.whole();
}

/// Answers what the facade asks: a look at the session at once, with `undefined` for "nothing"; and whether what is to be done
/// can be.
pub(super) fn asked(browser: &Browser, message: JsValue) -> Option<JsValue> {
    let mut message = Parts::of(message);
    let (what, number) = (message.whole()?, message.whole()?);
    match what {
        ask::JUDGE => Some(JsValue::from_str(browser.judge(number as u16, &message.next())?.name())),
        ask::EXPIRED => Some(JsValue::from_bool(browser.is_expired())),
        ask::HISTORY => Some(outward::history(browser)),
        ask::STOP => {
            browser.stop();
            None
        }
        _ => {
            browser.feed(input(browser, what, number as CallId, message)?);
            Some(JsValue::TRUE)
        }
    }
}

fn input(browser: &Browser, what: u64, call: CallId, mut given: Parts) -> Option<Input> {
    Some(match what {
        ask::LOGIN => Input::Login { call, credentials: given.values()? },
        ask::AUTHORIZE => Input::Authorize { call },
        ask::REFUSED => refused(call, given)?,
        ask::RENEW => Input::Renew { call },
        ask::LOGOUT => Input::Logout { call },
        ask::CANCEL => Input::Cancel { call },
        ask::SUPPLY => Input::LoginSupplied(given.values()),
        ask::ACTIVE => Input::Active,
        ask::CONTEXT => Input::SetContext { name: given.text()?, value: given.text() },
        // `Ask.Perform`, and nothing is above it.
        _ => {
            let operation = given.text()?;
            let attached = browser.with_driver(|driver| driver.dialect().is_attached(&operation))??;
            Input::Perform { call, operation, attached, values: given.values()? }
        }
    })
}

/// A grant as it was handed out, then what was refused under it.
fn refused(call: CallId, mut given: Parts) -> Option<Input> {
    let grant = Grant {
        login: Login(given.whole()?),
        generation: given.whole()?,
        context: given.whole()? as u32,
        values: Values::new(),
    };
    let meaning = Meaning::parse(&given.text()?)?;
    Some(Input::Refused { call, grant, meaning, retried: given.flag() })
}
