//! Where the record is kept: one text under one key, in the page's own storages or in whatever looks like one.

use super::js;
use gloo_storage::{LocalStorage, SessionStorage, Storage as _};
use wasm_bindgen::prelude::*;

/// A store with the methods `getItem(key)` and `setItem(key, text)`, which may answer with promises. One that is not there
/// at all fails like one that throws.
///
/// If other tabs share it, `setItem` writes only if the text is still what this store last answered; else it answers what is there
/// (`null` for nothing). One that writes always, and answers nothing, is web storage: two tabs that write at once then differ
/// until one of them reads again.
pub struct Store(pub(super) JsValue);

impl Store {
    /// IndexedDB, the same for all tabs of the origin at the same time, kept until cleared; where it is refused, `localStorage`.
    /// Throws outside of windows, and where the user blocks storage.
    pub fn local() -> Store {
        Store(js::local_store(&LocalStorage::raw()))
    }

    /// `sessionStorage`: of one tab, kept over a reload. A tab that is duplicated begins without it. Throws like [`local`](Self::local).
    pub fn session() -> Store {
        Store(js::tab_store(&SessionStorage::raw()))
    }

    /// Any object with those two methods.
    pub const fn like(object: JsValue) -> Store {
        Store(object)
    }
}
