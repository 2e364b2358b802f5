//! The locks that all tabs share, by Web Locks where there are any.
//!
//! No deadlines here: the session stops waiting when it has waited long enough, and its request has a deadline, which ends
//! the holding. What keeps two tabs from renewing one token is the record, read again once the lock is here.

use super::callback::{Callback, after, function};
use super::host::Host;
use super::js;
use relatch_session::{Input, Lock};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

impl Host {
    pub(super) fn lock(self: &Rc<Self>, lock: Lock) {
        if !self.platform.shared {
            return self.feed(Input::Locked(lock, true));
        }
        let number = self.next_lock(lock);
        let locks = js::get(&self.global("navigator"), "locks");
        let mut name = self.platform.key.clone();
        if lock == Lock::Asking {
            name.push('?');
        }
        let granted = function(self, Callback::Locked(lock, number));
        let promise = js::invoke(&locks, "request", &JsValue::from_str(&name), &granted);
        after(self, promise, Callback::Ignored, Callback::LockFailed(lock, number));
    }

    /// The lock is granted for as long as the promise that this returns is pending. One that is no longer wanted is
    /// given back at once.
    pub(super) fn locked(self: &Rc<Self>, lock: Lock, number: u32) -> JsValue {
        if number != self.slot(lock).wanted.get() {
            return JsValue::UNDEFINED;
        }
        let promise = self.construct("Promise", &function(self, Callback::Held(lock)));
        self.feed(Input::Locked(lock, true));
        promise.unwrap_or(JsValue::UNDEFINED)
    }

    /// There are no locks here. A request fails before it is granted or never.
    pub(super) fn go_unlocked(self: &Rc<Self>, lock: Lock, number: u32) {
        if number == self.slot(lock).wanted.get() {
            self.feed(Input::Locked(lock, false));
        }
    }

    /// Lets the lock go, or stops waiting for it: one that is granted later will not be the one that is wanted.
    pub(super) fn unlock(&self, lock: Lock) {
        self.next_lock(lock);
        // While waiting there is no such function, which is the error that is dropped here.
        drop(js::call(&self.slot(lock).release.take(), &JsValue::UNDEFINED, &JsValue::UNDEFINED));
    }

    fn next_lock(&self, lock: Lock) -> u32 {
        let wanted = &self.slot(lock).wanted;
        wanted.set(wanted.get().wrapping_add(1));
        wanted.get()
    }
}
