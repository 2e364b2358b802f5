//! JavaScript, by name. Nearly everything that the host needs of its platform is a property, a method and up to two arguments;
//! two imports serve all of it. web-sys has a typed import for each, which together would weigh as much as the whole session.
//!
//! Whatever a platform lacks is `undefined` here, and calling a method of that fails like one that throws: no feature is
//! looked for before it is used.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = get)]
    fn reflect_get(target: &JsValue, name: &str) -> Result<JsValue, JsValue>;

    type Function;
    #[wasm_bindgen(method, structural, catch, js_name = call)]
    fn call_method(this: &Function, on: &JsValue, first: &JsValue, second: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    pub(super) fn wall_ms() -> f64;

    #[wasm_bindgen(js_namespace = Date, js_name = parse)]
    pub(super) fn parse_date(text: &str) -> f64;

    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    pub(super) fn monotonic_ms() -> f64;

    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    pub(super) fn fill_random(bytes: &mut [u8]);

    #[wasm_bindgen(catch, js_namespace = JSON, js_name = parse)]
    pub(super) fn parse_json(text: &JsValue) -> Result<JsValue, JsValue>;

    /// A decoder of UTF-8.
    pub(super) type TextDecoder;
    #[wasm_bindgen(constructor)]
    pub(super) fn new(label: &str, options: &JsValue) -> TextDecoder;
    #[wasm_bindgen(method, structural, catch)]
    pub(super) fn decode(this: &TextDecoder, bytes: &[u8]) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = JSON, js_name = stringify)]
    pub(super) fn json_text(value: &JsValue) -> JsValue;

    #[wasm_bindgen(js_namespace = Array, js_name = isArray)]
    pub(super) fn is_array(value: &JsValue) -> bool;

    #[wasm_bindgen(js_namespace = Object, js_name = entries)]
    pub(super) fn entries(object: &JsValue) -> Elements;

    /// An array; `undefined` beyond its end.
    pub(crate) type Elements;
    #[wasm_bindgen(js_namespace = Array, js_name = of)]
    fn empty_array() -> Elements;
    #[wasm_bindgen(method, structural)]
    pub(crate) fn push(this: &Elements, value: &JsValue);
    #[wasm_bindgen(method, structural, indexing_getter)]
    pub(crate) fn at(this: &Elements, index: u32) -> JsValue;
}

impl Elements {
    /// An empty array.
    pub(crate) fn of() -> Elements {
        empty_array()
    }

    /// Adds a name and a value, as an array of their own.
    pub(super) fn push_pair(&self, name: &str, value: &JsValue) {
        let pair = Elements::of();
        pair.push(&JsValue::from_str(name));
        pair.push(value);
        self.push(&pair);
    }
}

/// A property of any value; `undefined` if there is none, or if reading it throws.
pub(super) fn get(of: &JsValue, name: &str) -> JsValue {
    reflect_get(of, name).unwrap_or(JsValue::UNDEFINED)
}

/// Calls a function without `this`.
pub(crate) fn call(function: &JsValue, first: &JsValue, second: &JsValue) -> Result<JsValue, JsValue> {
    function.unchecked_ref::<Function>().call_method(&JsValue::UNDEFINED, first, second)
}

/// Calls a method. Arguments that it does not take are `undefined`, which every method of the platform ignores.
pub(super) fn invoke(on: &JsValue, method: &str, first: &JsValue, second: &JsValue) -> Result<JsValue, JsValue> {
    get(on, method).unchecked_ref::<Function>().call_method(on, first, second)
}

/// The same with one argument.
pub(super) fn invoke_with(on: &JsValue, method: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
    invoke(on, method, argument, &JsValue::UNDEFINED)
}
