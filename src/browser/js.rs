//! The few platform functions that web-sys types for windows only, or not at all. Declared by their global names, so that
//! they are the same in a page, a worker and a server.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = globalThis)]
    pub(super) static GLOBAL: JsValue;

    /// The global object, where it takes listeners.
    pub(super) type Global;
    #[wasm_bindgen(method, structural, catch, js_name = addEventListener)]
    pub(super) fn add_event_listener(
        this: &Global,
        event: &str,
        listener: &JsValue,
        options: &JsValue,
    ) -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = setTimeout)]
    pub(super) fn set_timeout(callback: &JsValue, millis: f64) -> JsValue;

    #[wasm_bindgen(js_name = clearTimeout)]
    pub(super) fn clear_timeout(timer: &JsValue);

    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    pub(super) fn monotonic_ms() -> f64;

    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    pub(super) fn fill_random(bytes: &mut [u8]) -> Result<(), JsValue>;

    /// A timer of Node's, which keeps the process alive until told otherwise. In a browser a number, without methods.
    pub(super) type NodeTimer;
    #[wasm_bindgen(method, structural, catch)]
    pub(super) fn unref(this: &NodeTimer) -> Result<JsValue, JsValue>;

    /// A promise. js-sys types the callbacks, each type with glue of its own; the host has one type for all.
    pub(super) type Thenable;
    #[wasm_bindgen(method, structural, catch)]
    pub(super) fn then(this: &Thenable, fulfilled: &JsValue, rejected: &JsValue) -> Result<JsValue, JsValue>;

    /// Web Locks, which web-sys still keeps behind its unstable flag.
    pub(super) type LockManager;
    #[wasm_bindgen(method, structural, catch)]
    pub(super) fn request(
        this: &LockManager,
        name: &str,
        options: &JsValue,
        callback: &JsValue,
    ) -> Result<JsValue, JsValue>;

    /// A store of the app's own.
    pub(super) type Adapter;
    #[wasm_bindgen(method, structural, catch)]
    pub(super) fn get(this: &Adapter, key: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    pub(super) fn set(this: &Adapter, key: &str, text: &str) -> Result<JsValue, JsValue>;
}

/// A property of any value; `undefined` if there is none, or if reading it throws.
pub(super) fn property(object: &JsValue, name: &str) -> JsValue {
    js_sys::Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// A property of the global object.
pub(super) fn global(name: &str) -> JsValue {
    GLOBAL.with(|global| property(global, name))
}

pub(super) fn set_property(object: &JsValue, name: &str, value: &JsValue) {
    // Fails for frozen objects alone, and those that the host makes are not.
    drop(js_sys::Reflect::set(object, &JsValue::from_str(name), value));
}
