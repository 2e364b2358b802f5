//! Where the record is kept: one text under one key, in web storage or in whatever looks like it.

use super::callback::{Callback, after};
use super::host::Host;
use super::js;
use crate::browser::json;
use crate::driver::{parse_stored, stored_form};
use gloo_storage::{LocalStorage, SessionStorage, Storage as _};
use relatch_session::{Input, StoreFailed, Stored};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// A store with the methods `getItem(key)` and `setItem(key, text)`, which may answer with promises. One that is not there
/// at all fails like one that throws.
pub struct Store(JsValue);

impl Store {
    /// `localStorage`: shared by all tabs of the origin, kept until cleared. Throws outside of windows, and where the user
    /// blocks storage.
    pub fn local() -> Store {
        Store(LocalStorage::raw().into())
    }

    /// `sessionStorage`: of one tab, kept over a reload. Throws like [`local`](Self::local).
    pub fn session() -> Store {
        Store(SessionStorage::raw().into())
    }

    /// Any object with those two methods.
    pub const fn like(object: JsValue) -> Store {
        Store(object)
    }
}

impl Host {
    pub(super) fn load(self: &Rc<Self>, locked: bool) {
        let text = js::invoke_with(&self.platform.store.0, "getItem", &self.key());
        after(self, self.promise(text), Callback::Loaded(locked), Callback::LoadFailed(locked));
    }

    pub(super) fn loaded(self: &Rc<Self>, locked: bool, text: Result<&JsValue, ()>) {
        let stored = match text {
            Ok(text) => Ok(json::parse(text).and_then(parse_stored)),
            Err(()) => Err(StoreFailed),
        };
        self.feed(if locked { Input::Locked(stored) } else { Input::Loaded(stored) });
    }

    pub(super) fn save(self: &Rc<Self>, stored: &Stored) {
        let text = JsValue::from_str(&json::text(&stored_form(stored).into()));
        let saved = js::invoke(&self.platform.store.0, "setItem", &self.key(), &text);
        after(self, self.promise(saved), Callback::Saved(true), Callback::Saved(false));
    }

    pub(super) fn saved(self: &Rc<Self>, done: bool) {
        self.feed(Input::Saved(if done { Ok(()) } else { Err(StoreFailed) }));
    }

    /// What a store answered, as a promise of it.
    fn promise(&self, answer: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
        js::invoke_with(&self.global("Promise"), "resolve", &answer?)
    }
}
