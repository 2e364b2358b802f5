//! The lock that all tabs share, by Web Locks where there are any.
//!
//! No deadlines here: the session stops waiting when it has waited long enough, and its request has a deadline, which ends
//! the holding. What keeps two tabs from renewing one token is the record, read again once the lock is here.

use super::callback::{Callback, after, function};
use super::host::Host;
use super::js::{self, LockManager};
use js_sys::{Function, Object, Promise};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::AbortController;

/// The lock as asked for: waited for, or held.
pub(super) struct Lock {
    number: u32,
    abort: AbortController,
    /// Resolves the promise that holds the lock; `None` while waiting.
    release: Option<Function>,
}

impl Host {
    pub(super) fn lock(self: &Rc<Self>) {
        let manager = js::property(&js::global("navigator"), "locks");
        match AbortController::new() {
            Ok(abort) if self.platform.shared && manager.is_object() => {
                self.request_lock(manager.unchecked_ref(), abort);
            }
            _ => self.load(true),
        }
    }

    fn request_lock(self: &Rc<Self>, manager: &LockManager, abort: AbortController) {
        let number = self.locks_asked.get().wrapping_add(1);
        self.locks_asked.set(number);
        let options = Object::new();
        js::set_property(&options, "signal", &abort.signal());
        self.held.set(Some(Lock { number, abort, release: None }));
        let callback = function(self, Callback::Locked(number));
        match manager.request(&self.platform.key, &options, &callback) {
            Ok(promise) => after(self, &promise, Callback::Ignored, Callback::LockFailed(number)),
            Err(_) => self.go_unlocked(number),
        }
    }

    /// The lock is granted for as long as the promise that this returns is pending. One that is no longer wanted is
    /// given back at once.
    pub(super) fn locked(self: &Rc<Self>, number: u32) -> JsValue {
        let mut release = None;
        let promise = Promise::new(&mut |resolve, _| release = Some(resolve));
        match self.held.take() {
            Some(lock) if lock.number == number => {
                self.held.set(Some(Lock { release, ..lock }));
                self.load(true);
                promise.into()
            }
            other => {
                self.held.set(other);
                JsValue::UNDEFINED
            }
        }
    }

    /// Goes on as if there were no locks. A lock that was aborted comes here too, and is no longer the one waited for.
    pub(super) fn go_unlocked(self: &Rc<Self>, number: u32) {
        match self.held.take() {
            Some(lock) if lock.number == number && lock.release.is_none() => self.load(true),
            other => self.held.set(other),
        }
    }

    /// Lets the lock go, or stops waiting for it.
    pub(super) fn unlock(&self) {
        if let Some(lock) = self.held.take() {
            match lock.release {
                Some(release) => drop(release.call0(&JsValue::UNDEFINED)),
                None => lock.abort.abort(),
            }
        }
    }
}
