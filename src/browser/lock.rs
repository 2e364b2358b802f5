//! The lock that all tabs share, by Web Locks where there are any.
//!
//! No deadlines here: the session stops waiting when it has waited long enough, and its request has a deadline, which ends
//! the holding. What keeps two tabs from renewing one token is the record, read again once the lock is here.

use super::callback::{Callback, after, function};
use super::host::Host;
use super::js;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

impl Host {
    pub(super) fn lock(self: &Rc<Self>) {
        if !self.platform.shared {
            return self.load(true);
        }
        let number = self.next_lock();
        let locks = js::get(&self.global("navigator"), "locks");
        let promise = js::invoke(&locks, "request", &self.key(), &function(self, Callback::Locked(number)));
        after(self, promise, Callback::Ignored, Callback::LockFailed(number));
    }

    /// The lock is granted for as long as the promise that this returns is pending. One that is no longer wanted is
    /// given back at once.
    pub(super) fn locked(self: &Rc<Self>, number: u32) -> JsValue {
        if number != self.lock_wanted.get() {
            return JsValue::UNDEFINED;
        }
        let promise = self.construct("Promise", &function(self, Callback::Held));
        self.load(true);
        promise.unwrap_or(JsValue::UNDEFINED)
    }

    /// Goes on as if there were no locks. A request fails before it is granted or never.
    pub(super) fn go_unlocked(self: &Rc<Self>, number: u32) {
        if number == self.lock_wanted.get() {
            self.load(true);
        }
    }

    /// Lets the lock go, or stops waiting for it: one that is granted later will not be the one that is wanted.
    pub(super) fn unlock(&self) {
        self.next_lock();
        // While waiting there is no such function, which is the error that is dropped here.
        drop(js::call(&self.release.take(), &JsValue::UNDEFINED, &JsValue::UNDEFINED));
    }

    fn next_lock(&self) -> u32 {
        let number = self.lock_wanted.get().wrapping_add(1);
        self.lock_wanted.set(number);
        number
    }
}
