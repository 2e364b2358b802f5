//! JavaScript, as far as the host uses it: one module of our own, which talks to the platform in its own language. web-sys has a typed
//! import for each of its functions, which together would weigh as much as the whole session.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = get)]
    fn reflect_get(target: &JsValue, name: &str) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen(module = "/src/browser/runtime.js")]
extern "C" {
    /// What the host asks of its platform. Nothing here throws.
    #[derive(Clone)]
    pub(super) type Runtime;
    #[wasm_bindgen(js_name = runtime)]
    pub(super) fn new(global: &JsValue, fetch: &JsValue, store: &JsValue, key: &str, shared: bool) -> Runtime;
    #[wasm_bindgen(method, structural)]
    pub(super) fn listen(this: &Runtime, heard: &JsValue);
    /// Does what `runtime.js` has at that place in its list.
    #[wasm_bindgen(method, structural)]
    pub(super) fn obey(this: &Runtime, command: u32, message: &str);

    /// By its place: wall clock, monotonic clock, whether the page is hidden; random bits for any other.
    pub(super) fn now(what: u32) -> u64;
    /// A JSON text as a message, and a message as JSON text.
    pub(super) fn parsed(text: &JsValue) -> String;
    pub(super) fn text(message: &str) -> String;
}

#[wasm_bindgen(module = "/src/browser/store.js")]
extern "C" {
    /// IndexedDB, or where that is refused, this storage.
    #[wasm_bindgen(js_name = localStore)]
    pub(super) fn local_store(storage: &JsValue) -> JsValue;
    /// This storage, which is the tab's own.
    #[wasm_bindgen(js_name = tabStore)]
    pub(super) fn tab_store(storage: &JsValue) -> JsValue;
}

#[wasm_bindgen(module = "/src/browser/token.js")]
extern "C" {
    /// In milliseconds; no number for unknown or endless. The message has the document's `expires`, what was captured, whether an
    /// endpoint renews, and the answer's date.
    #[wasm_bindgen(js_name = lifetime)]
    pub(super) fn lifetime_ms(message: &str) -> f64;
}

/// A property of any value; `undefined` if there is none, or if reading it throws.
pub(super) fn get(of: &JsValue, name: &str) -> JsValue {
    reflect_get(of, name).unwrap_or(JsValue::UNDEFINED)
}

/// A function for JavaScript that takes a message. The glue's finalizers free it once JavaScript forgets it.
///
/// `Fn` and not `FnMut`: whatever it calls may call it again.
pub(super) fn closure(function: Box<dyn Fn(String)>) -> JsValue {
    Closure::wrap(function).into_js_value()
}
