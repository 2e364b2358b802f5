//! Where the record is kept: in this tab's memory, in web storage, or wherever the app's adapter puts it.

use super::js::{self, Adapter};
use gloo_storage::{LocalStorage, SessionStorage, Storage as _};
use std::cell::Cell;
use wasm_bindgen::prelude::*;
use web_sys::Storage;

/// A store of one text under one key.
pub enum Store {
    /// Nothing outlives the page.
    Memory(Cell<Option<String>>),
    /// `localStorage` or `sessionStorage`.
    Web(Storage),
    /// An object with `get(key)` and `set(key, text)`, which may answer with promises.
    Adapter(JsValue),
    /// The store that was asked for cannot be reached here: blocked, or not there at all.
    Unreachable,
}

/// What an access to a store gives: the text at once, or a promise. `Err` if it failed.
pub(super) type Access = Result<Accessed, ()>;

pub(super) enum Accessed {
    Now(Option<String>),
    Later(JsValue),
}

impl Store {
    /// Nothing outlives the page.
    pub const fn memory() -> Store {
        Store::Memory(Cell::new(None))
    }

    /// `localStorage`: shared by all tabs of the origin, kept until cleared.
    pub fn local() -> Store {
        Store::web("localStorage", LocalStorage::raw)
    }

    /// `sessionStorage`: of one tab, kept over a reload.
    pub fn session() -> Store {
        Store::web("sessionStorage", SessionStorage::raw)
    }

    /// `raw` throws without a window, and so does the property where the user blocks storage: both are looked at first.
    fn web(name: &str, raw: fn() -> Storage) -> Store {
        let found = js::global(name);
        if !found.is_object() {
            return Store::Unreachable;
        }
        Store::Web(if web_sys::window().is_some() { raw() } else { found.unchecked_into() })
    }

    pub(super) fn get(&self, key: &str) -> Access {
        match self {
            Store::Memory(cell) => {
                let text = cell.take();
                cell.set(text.clone());
                Ok(Accessed::Now(text))
            }
            Store::Web(storage) => storage.get_item(key).map(Accessed::Now).map_err(drop),
            Store::Adapter(adapter) => later(adapter.unchecked_ref::<Adapter>().get(key)),
            Store::Unreachable => Err(()),
        }
    }

    pub(super) fn set(&self, key: &str, text: String) -> Access {
        match self {
            Store::Memory(cell) => {
                cell.set(Some(text));
                Ok(Accessed::Now(None))
            }
            Store::Web(storage) => {
                storage.set_item(key, &text).map_err(drop)?;
                Ok(Accessed::Now(None))
            }
            Store::Adapter(adapter) => later(adapter.unchecked_ref::<Adapter>().set(key, &text)),
            Store::Unreachable => Err(()),
        }
    }
}

fn later(given: Result<JsValue, JsValue>) -> Access {
    match given {
        Ok(value) => Ok(Accessed::Later(js_sys::Promise::resolve(&value).into())),
        Err(_) => Err(()),
    }
}
