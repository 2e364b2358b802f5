//! Where the record is kept: one text under one key, in web storage or in whatever looks like it.

use super::callback::{Callback, after};
use super::host::Host;
use super::js;
use crate::browser::json;
use crate::driver::{parse_stored, stored_form};
use gloo_storage::{LocalStorage, SessionStorage, Storage as _};
use relatch_session::{Saved, StoreFailed, Stored};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// A store with the methods `getItem(key)` and `setItem(key, text)`, which may answer with promises. One that is not there
/// at all fails like one that throws.
///
/// If other tabs share it, `setItem` writes only if the text is still what this store last answered; else it answers what is there
/// (`null` for nothing). One that writes always, and answers nothing, is web storage: two tabs that write at once then differ
/// until one of them reads again.
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
    pub(super) fn load(self: &Rc<Self>) {
        let text = js::invoke_with(&self.platform.store.0, "getItem", &self.key());
        after(self, self.promise(text), Callback::Loaded, Callback::LoadFailed);
    }

    pub(super) fn save(self: &Rc<Self>, stored: &Stored) {
        let text = JsValue::from_str(&json::text(&stored_form(stored).into()));
        let saved = js::invoke(&self.platform.store.0, "setItem", &self.key(), &text);
        after(self, self.promise(saved), Callback::Saved, Callback::SaveFailed);
    }

    /// What a store answered, as a promise of it.
    fn promise(&self, answer: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
        js::invoke_with(&self.global("Promise"), "resolve", &answer?)
    }
}

/// What a text from the store says.
pub(super) fn stored(text: &JsValue) -> Result<Option<Stored>, StoreFailed> {
    json::parse(text).map_or(Ok(None), parse_stored)
}

/// What a store says that was to write: nothing if it has, and what is there if that is not what it said before.
pub(super) fn saved(found: &JsValue) -> Saved {
    if found.is_undefined() { Saved::Done } else { stored(found).map_or(Saved::Failed, Saved::Conflict) }
}
