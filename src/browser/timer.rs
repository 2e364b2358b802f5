//! One-shot timers.

use super::callback::{Callback, function};
use super::host::Host;
use super::js::{self, NodeTimer};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// The longest delay that `setTimeout` keeps: its milliseconds are a signed 32-bit number, and more of them fire at once.
/// A timer cut to it proves nothing when it fires, like any other: the session looks at the clock and asks again.
const MAX_DELAY_MS: u64 = 2_147_483_647;

/// A running timer. Dropping it stops it.
pub(super) struct Timer(JsValue);

impl Timer {
    /// Calls back after so many milliseconds, or 24.8 days.
    pub(super) fn start(host: &Rc<Host>, millis: u64, callback: Callback) -> Timer {
        let millis = millis.min(MAX_DELAY_MS) as f64;
        let timer = js::set_timeout(&function(host, callback), millis);
        // In a browser there is no such method, which is the error that is dropped here.
        drop(timer.unchecked_ref::<NodeTimer>().unref());
        Timer(timer)
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        js::clear_timeout(&self.0);
    }
}
