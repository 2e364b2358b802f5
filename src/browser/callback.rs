//! The one closure type of the host, and what each closure is for.

use super::host::{Host, heard};
use super::js;
use super::store::{saved, stored};
use relatch_session::{ExchangeId, Input, Lock, Saved, StoreFailed};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// Why JavaScript calls back.
pub(super) enum Callback {
    /// The status line and headers of an answer are here.
    Head,
    /// Its body is, too. The operation that asked for it goes along.
    Complete(ExchangeId, String),
    /// The request failed, or its body did, or they took too long.
    Failed(ExchangeId, String),
    /// The session's timer fired, or the page or the machine came back, or another tab said something.
    Woke,
    /// The store was read.
    Loaded,
    /// It could not be read.
    LoadFailed,
    /// The store has been written, or held something else.
    Saved,
    /// It could not be written.
    SaveFailed,
    /// The lock of that number is ours.
    Locked(Lock, u32),
    /// Locks are refused here.
    LockFailed(Lock, u32),
    /// The function that lets the lock go.
    Held(Lock),
    /// A promise whose outcome nobody needs.
    Ignored,
}

/// A function for JavaScript. It holds the host; the glue's finalizers free it once JavaScript forgets it.
///
/// `Fn` and not `FnMut`: whatever it calls may call it again.
pub(super) fn function(host: &Rc<Host>, callback: Callback) -> JsValue {
    let host = host.clone();
    closure(Box::new(move |value| host.called(&callback, value)))
}

/// A function for JavaScript.
pub(crate) fn closure(function: Box<dyn Fn(JsValue) -> JsValue>) -> JsValue {
    Closure::wrap(function).into_js_value()
}

/// Calls back when the promise is settled; now, if it is none and could not be made.
pub(super) fn after(host: &Rc<Host>, promise: Result<JsValue, JsValue>, done: Callback, failed: Callback) {
    let failed = function(host, failed);
    let chained = promise.and_then(|promise| js::invoke(&promise, "then", &function(host, done), &failed));
    if let Err(error) = chained {
        drop(js::call(&failed, &error, &JsValue::UNDEFINED));
    }
}

impl Host {
    /// The only way in from JavaScript, but for what the app asks. What it returns matters to promises alone.
    fn called(self: &Rc<Self>, callback: &Callback, value: JsValue) -> JsValue {
        match callback {
            Callback::Head => return self.body(&value),
            Callback::Complete(exchange, operation) => self.answered(*exchange, operation, &value),
            Callback::Failed(exchange, operation) => self.failed(*exchange, operation, &value),
            Callback::Woke => self.feed(heard(&value)),
            Callback::Loaded => self.feed(Input::Loaded(stored(&value))),
            Callback::LoadFailed => self.feed(Input::Loaded(Err(StoreFailed))),
            Callback::Saved => self.feed(Input::Saved(saved(&value))),
            Callback::SaveFailed => self.feed(Input::Saved(Saved::Failed)),
            Callback::Locked(lock, number) => return self.locked(*lock, *number),
            Callback::LockFailed(lock, number) => self.go_unlocked(*lock, *number),
            Callback::Held(lock) => self.slot(*lock).release.set(value),
            Callback::Ignored => {}
        }
        JsValue::UNDEFINED
    }
}
