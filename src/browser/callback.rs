//! The one closure type of the host, and what each closure is for.

use super::host::Host;
use super::js::Thenable;
use relatch_session::{ExchangeId, Input};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// Why JavaScript calls back.
#[derive(Clone, Copy)]
pub(super) enum Callback {
    /// The status line and headers of an answer are here.
    Head(ExchangeId),
    /// Its body is here.
    Body(ExchangeId),
    /// The request failed, or its body did.
    Failed(ExchangeId),
    /// The request has taken too long.
    Overdue(ExchangeId),
    /// The session's timer fired, or the page or the machine came back.
    Woke,
    /// Another tab said something.
    Announced,
    /// The store was read; `true` if under the lock.
    Loaded(bool),
    /// It could not be read.
    LoadFailed(bool),
    /// The store was written.
    Saved,
    /// It could not be written.
    SaveFailed,
    /// The lock of that number is ours.
    Locked(u32),
    /// Locks are refused here.
    LockFailed(u32),
    /// A promise whose outcome nobody needs.
    Ignored,
}

/// A function for JavaScript. It holds the host; the glue's finalizers free it once JavaScript forgets it.
pub(super) fn function(host: &Rc<Host>, callback: Callback) -> JsValue {
    let host = host.clone();
    let closure: Box<dyn FnMut(JsValue) -> JsValue> = Box::new(move |value| host.called(callback, value));
    Closure::wrap(closure).into_js_value()
}

/// Calls back when the promise is settled.
pub(super) fn after(host: &Rc<Host>, promise: &JsValue, done: Callback, failed: Callback) {
    let promise = promise.unchecked_ref::<Thenable>();
    if promise.then(&function(host, done), &function(host, failed)).is_err() {
        host.called(failed, JsValue::UNDEFINED);
    }
}

impl Host {
    /// The only way in from JavaScript, but for what the app asks. What it returns matters to Web Locks alone.
    fn called(self: &Rc<Self>, callback: Callback, value: JsValue) -> JsValue {
        match callback {
            Callback::Head(exchange) => self.answer_begun(exchange, &value),
            Callback::Body(exchange) => self.answer_complete(exchange, value.as_string()),
            Callback::Failed(exchange) => self.answer_failed(exchange),
            Callback::Overdue(exchange) => self.answer_overdue(exchange),
            Callback::Woke => {
                self.heard(&value);
                self.feed(Input::Woke);
            }
            Callback::Announced => self.heard(&value),
            Callback::Loaded(locked) => self.loaded(locked, Ok(value.as_string())),
            Callback::LoadFailed(locked) => self.loaded(locked, Err(())),
            Callback::Saved => self.saved(true),
            Callback::SaveFailed => self.saved(false),
            Callback::Locked(lock) => return self.locked(lock),
            Callback::LockFailed(lock) => self.go_unlocked(lock),
            Callback::Ignored => {}
        }
        JsValue::UNDEFINED
    }
}
