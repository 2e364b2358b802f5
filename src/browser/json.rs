//! JSON text, by the platform's own parser, so that the wasm links none.

use super::js;
use super::message::{Message, Parts};
use relatch_dialects::Value;
use wasm_bindgen::prelude::*;

/// The value of a JSON text; `None` if it is none.
pub fn parse(text: &JsValue) -> Option<Value> {
    Parts::of(js::parsed(text)).value()
}

/// The JSON text of a value.
pub fn text(value: &Value) -> String {
    let mut message = Message::default();
    message.value(value);
    js::text(&message.0)
}
