//! JSON by the platform's own parser, so that the wasm links none.

use super::js;
use relatch_dialects::Value;
use wasm_bindgen::prelude::*;

/// Deeper values count as no JSON: reading them would use up the wasm's small stack.
const MAX_DEPTH: u32 = 64;

/// The value of a JSON text; `None` if it is none. The text stays in JavaScript, whence nearly all of it comes.
pub fn parse(text: &JsValue) -> Option<Value> {
    from_js(&js::parse_json(text).ok()?, MAX_DEPTH)
}

/// The same for text in UTF-8.
pub(super) fn parse_bytes(text: &[u8]) -> Option<Value> {
    parse(&utf8(text)?)
}

/// The text that is these bytes in UTF-8; `None` if they are none. Strictly, which is what the options say.
pub(crate) fn utf8(bytes: &[u8]) -> Option<JsValue> {
    let options = js::parse_json(&JsValue::from_str(r#"{"fatal":true,"ignoreBOM":true}"#)).ok()?;
    js::TextDecoder::new("utf-8", &options).decode(bytes).ok()
}

/// An HTTP date in milliseconds since the Unix epoch.
pub(super) fn parse_date(text: &str) -> Option<u64> {
    let millis = js::parse_date(text);
    (millis >= 0.0).then_some(millis as u64)
}

/// The value of what `JSON.parse` made: it has own members only, `__proto__` among them if the text has it.
fn from_js(value: &JsValue, depth: u32) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    if let Some(text) = value.as_string() {
        return Some(Value::String(text));
    }
    if let Some(number) = value.as_f64() {
        return Some(Value::Number(number));
    }
    if let Some(it) = value.as_bool() {
        return Some(Value::Bool(it));
    }
    if value.is_null() {
        return Some(Value::Null);
    }
    let (mut elements, mut members) = (Vec::new(), Vec::new());
    let is_array = js::is_array(value);
    let entries = js::entries(value);
    for index in 0.. {
        let entry = entries.at(index);
        if entry.is_undefined() {
            break;
        }
        let entry = entry.unchecked_ref::<js::Elements>();
        let element = from_js(&entry.at(1), depth)?;
        if is_array {
            elements.push(element);
        } else {
            members.push((entry.at(0).as_string()?, element));
        }
    }
    Some(if is_array { Value::List(elements) } else { Value::Object(members) })
}

/// The JSON text of a value. Written here and not through an object, on which `__proto__` would not be an ordinary name;
/// numbers and strings are the platform's work, since formatting an `f64` alone would add 9 KB.
pub fn text(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(it) => write_leaf(&JsValue::from_bool(*it), out),
        Value::Number(number) => write_leaf(&JsValue::from_f64(*number), out),
        Value::String(text) => write_leaf(&JsValue::from_str(text), out),
        Value::List(elements) => {
            let mut separator = "[";
            for element in elements {
                out.push_str(separator);
                write(element, out);
                separator = ",";
            }
            out.push_str(if elements.is_empty() { "[]" } else { "]" });
        }
        Value::Object(members) => {
            let mut separator = "{";
            for (name, member) in members {
                out.push_str(separator);
                write_leaf(&JsValue::from_str(name), out);
                out.push(':');
                write(member, out);
                separator = ",";
            }
            out.push_str(if members.is_empty() { "{}" } else { "}" });
        }
    }
}

fn write_leaf(value: &JsValue, out: &mut String) {
    out.push_str(&js::json_text(value).as_string().unwrap_or_default());
}
