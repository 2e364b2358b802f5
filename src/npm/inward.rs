//! What the facade says, as the session's inputs and options. By place and number, not by name: `npm/src/wire.ts` has the same
//! lists in the same order.

use super::outward;
use crate::browser::{Browser, json};
use relatch_dialects::{Meaning, Value, Values};
use relatch_session::{CallId, Grant, Input, Login, Options};
use wasm_bindgen::JsValue;

/// A list, read from its beginning. What is missing reads as `null`.
pub(super) struct Parts(std::vec::IntoIter<Value>);

impl Parts {
    pub(super) fn of(list: Value) -> Option<Parts> {
        match list {
            Value::List(parts) => Some(Parts(parts.into_iter())),
            _ => None,
        }
    }

    pub(super) fn next(&mut self) -> Value {
        self.0.next().unwrap_or(Value::Null)
    }

    pub(super) fn whole(&mut self) -> Option<u64> {
        self.next().as_u64()
    }

    pub(super) fn text(&mut self) -> Option<String> {
        match self.next() {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn flag(&mut self) -> bool {
        matches!(self.next(), Value::Bool(true))
    }
}

/// The options that the app gave; the session's defaults for the others.
pub(super) fn options(options: &mut Options, settings: &mut Parts) {
    options.keep_credentials = settings.flag();
    options.asks_login = settings.flag();
    let given = [&mut options.ahead_permille, &mut options.request_deadline_ms, &mut options.parked_deadline_ms];
    for option in given {
        if let Some(value) = settings.whole() {
            *option = value;
        }
    }
}

/// Answers what the facade asks: a look at the session at once, with `undefined` for "nothing"; and whether what is to be done
/// can be.
pub(super) fn asked(browser: &Browser, message: &JsValue) -> Option<JsValue> {
    let mut message = Parts::of(json::parse(&message.as_string()?)?)?;
    let (what, number, given) = (message.whole()?, message.whole()?, message.next());
    match what {
        0 => Some(JsValue::from_str(browser.judge(number as u16, given.as_str()?)?.name())),
        1 => Some(JsValue::from_bool(browser.is_expired())),
        2 => Some(JsValue::from_str(&outward::history(browser))),
        3 => {
            browser.stop();
            None
        }
        _ => {
            browser.feed(input(browser, what, number as CallId, given, message)?);
            Some(JsValue::TRUE)
        }
    }
}

fn input(browser: &Browser, what: u64, call: CallId, given: Value, mut more: Parts) -> Option<Input> {
    Some(match what {
        4 => Input::Login { call, credentials: Values::of(given)? },
        5 => Input::Authorize { call },
        6 => refused(call, Parts::of(given)?)?,
        7 => Input::Renew { call },
        8 => Input::Logout { call },
        9 => Input::Cancel { call },
        10 => Input::LoginSupplied(Values::of(given)),
        11 => Input::SetContext { name: given.as_str()?.into(), value: more.text() },
        _ => {
            let operation = more.text()?;
            let attached = browser.with_driver(|driver| driver.dialect().is_attached(&operation))??;
            Input::Perform { call, operation, attached, values: Values::of(given)? }
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
