//! Conversions between [`Value`] and `serde_json::Value`, for programs that link a JSON parser anyway.

use crate::{MAX_EXACT, Value};
use serde_json::Value as Json;

impl From<&Json> for Value {
    fn from(json: &Json) -> Value {
        match json {
            Json::Null => Value::Null,
            Json::Bool(it) => Value::Bool(*it),
            // Rounded beyond 2^53, exactly as a browser does it: `is_exact` refuses both.
            Json::Number(number) => Value::Number(number.as_f64().unwrap_or(f64::INFINITY)),
            Json::String(text) => Value::String(text.clone()),
            Json::Array(elements) => Value::List(elements.iter().map(Value::from).collect()),
            Json::Object(members) => {
                Value::Object(members.iter().map(|(name, value)| (name.clone(), Value::from(value))).collect())
            }
        }
    }
}

impl From<&Value> for Json {
    fn from(value: &Value) -> Json {
        match value {
            Value::Null => Json::Null,
            Value::Bool(it) => Json::Bool(*it),
            Value::Number(number) if number.trunc() == *number && number.abs() <= MAX_EXACT => {
                Json::from(*number as i64)
            }
            Value::Number(number) => Json::from(*number),
            Value::String(text) => Json::String(text.clone()),
            Value::List(elements) => Json::Array(elements.iter().map(Json::from).collect()),
            Value::Object(members) => {
                Json::Object(members.iter().map(|(name, value)| (name.clone(), Json::from(value))).collect())
            }
        }
    }
}
