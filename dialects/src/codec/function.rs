//! Functions, `{ "$name": argument }`: pure ones, and those that ask [`Outside`]. Resolved inside out.

use super::filled::Filled;
use super::instant::iso8601;
use super::outside::{Outside, Seen, Unwritten};
use super::{digest, encoding};
use crate::{Value, Values};

/// Why there is no value.
#[derive(Debug, PartialEq)]
pub(super) enum Stop {
    /// A cookie is not there: whatever was to carry it is left out.
    Missing,
    /// What cannot be made.
    Fault(Unwritten),
}

pub(super) type Made<T> = Result<T, Stop>;

/// What a function gives.
enum Product {
    Value(Value),
    /// A digest: hexadecimal in a text, as it is inside of base64.
    Bytes(Vec<u8>),
}

/// The functions with their argument beside no other member.
const FUNCTIONS: [&str; 17] = [
    "$concat",
    "$lower",
    "$upper",
    "$url",
    "$base64",
    "$base64url",
    "$json",
    "$md5",
    "$sha1",
    "$sha256",
    "$sha512",
    "$hmac-sha1",
    "$hmac-sha256",
    "$hmac-sha512",
    "$now",
    "$uuid",
    "$cookie",
];

const PLUGIN: &str = "$plugin";

/// The function that a value looks like, with its argument.
pub(super) fn named(value: &Value) -> Option<(&str, &Value)> {
    let members = value.members()?;
    match members {
        [(name, argument)] if FUNCTIONS.contains(&name.as_str()) => Some((name, argument)),
        _ => members.iter().find(|(name, _)| name == PLUGIN).map(|(name, argument)| (name.as_str(), argument)),
    }
}

/// Makes values of what the core has filled.
#[derive(Clone, Copy)]
pub(super) struct Maker<'a> {
    pub(super) outside: &'a dyn Outside,
    /// In `attach`: what is about to be sent.
    pub(super) request: Option<&'a Seen<'a>>,
}

impl Maker<'_> {
    /// The value with all functions in it resolved. What misses a cookie is left out of objects and lists.
    pub(super) fn value(&self, filled: &Filled<'_>) -> Made<Value> {
        Ok(match self.product(filled)? {
            Product::Value(value) => value,
            Product::Bytes(bytes) => digest::hex(&bytes).into(),
        })
    }

    /// The value as text, which numbers and truth values have too.
    pub(super) fn text(&self, filled: &Filled<'_>) -> Made<String> {
        plain(&self.value(filled)?).ok_or_else(|| fault("text"))
    }

    fn product(&self, filled: &Filled<'_>) -> Made<Product> {
        if let Some((name, argument)) = filled.function() {
            return self.call(name, &argument, filled);
        }
        Ok(Product::Value(match filled.value {
            Value::List(_) => {
                let elements = filled.elements().unwrap_or_default();
                Value::List(present(elements.iter().map(|it| self.value(it)))?)
            }
            Value::Object(_) => Value::Object(self.members(filled)?),
            constant => constant.clone(),
        }))
    }

    fn members(&self, filled: &Filled<'_>) -> Made<Vec<(String, Value)>> {
        present(filled.members().map(|(name, member)| Ok((name.into(), self.value(&member)?))))
    }

    fn call(&self, name: &str, argument: &Filled<'_>, whole: &Filled<'_>) -> Made<Product> {
        let text = match name {
            "$concat" => self.concat(argument)?,
            "$lower" => self.text(argument)?.to_lowercase(),
            "$upper" => self.text(argument)?.to_uppercase(),
            "$url" => encoding::percent(&self.text(argument)?),
            "$base64" => encoding::base64(&self.bytes(argument)?),
            "$base64url" => encoding::base64url(&self.bytes(argument)?),
            "$json" => serde_json::Value::from(&self.value(argument)?).to_string(),
            "$now" => return self.now(argument.value).map(Product::Value),
            "$uuid" => uuid(self.outside.random()),
            "$cookie" => self.cookie(argument)?,
            PLUGIN => return self.plugin(argument.value, whole).map(Product::Value),
            _ => return self.digest(name, argument).map(Product::Bytes),
        };
        Ok(Product::Value(text.into()))
    }

    fn concat(&self, argument: &Filled<'_>) -> Made<String> {
        let parts = argument.elements().ok_or_else(|| fault("$concat"))?;
        parts.iter().map(|it| self.text(it)).collect()
    }

    fn bytes(&self, argument: &Filled<'_>) -> Made<Vec<u8>> {
        match self.product(argument)? {
            Product::Bytes(bytes) => Ok(bytes),
            Product::Value(value) => plain(&value).map(String::into_bytes).ok_or_else(|| fault("text")),
        }
    }

    fn digest(&self, name: &str, argument: &Filled<'_>) -> Made<Vec<u8>> {
        let made = match (argument.member("key"), argument.member("text")) {
            (Some(key), Some(text)) if name.starts_with("$hmac") => {
                digest::mac(name, &self.text(&key)?, &self.text(&text)?)
            }
            _ => digest::hash(name, &self.text(argument)?),
        };
        made.ok_or_else(|| fault(name))
    }

    fn now(&self, form: &Value) -> Made<Value> {
        let now_ms = self.outside.now_ms();
        match form.as_str() {
            Some("epoch") => Ok(Value::Number((now_ms / 1000) as f64)),
            Some("epoch-millis") => Ok(Value::Number(now_ms as f64)),
            Some("iso8601") => Ok(iso8601(now_ms).into()),
            _ => Err(fault("$now")),
        }
    }

    fn cookie(&self, name: &Filled<'_>) -> Made<String> {
        let value = self.outside.cookie(&self.text(name)?).ok_or(Stop::Missing)?;
        Ok(encoding::from_percent(&value))
    }

    fn plugin(&self, name: &Value, whole: &Filled<'_>) -> Made<Value> {
        let name = name.as_str().ok_or_else(|| fault(PLUGIN))?;
        let mut input = Values::of(Value::Object(self.members(whole)?)).unwrap_or_default();
        input.remove(PLUGIN);
        let failed = |_| Stop::Fault(Unwritten::Plugin(name.into()));
        self.outside.plugin(name, &input, self.request).map_err(failed)
    }
}

pub(super) fn fault(name: &str) -> Stop {
    Stop::Fault(Unwritten::Argument(name.into()))
}

/// Those that are there.
pub(super) fn present<T>(all: impl Iterator<Item = Made<T>>) -> Made<Vec<T>> {
    all.filter(|it| !matches!(it, Err(Stop::Missing))).collect()
}

/// The text of a value that has one.
pub(super) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(serde_json::Value::from(value).to_string()),
        _ => None,
    }
}

/// A random UUID (RFC 9562 section 5.4).
pub(super) fn uuid(random: [u8; 16]) -> String {
    let bits = u128::from_be_bytes(random) & !(0xf << 76) | 0x4 << 76;
    let bits = bits & !(0x3 << 62) | 0x2 << 62;
    let hex = format!("{bits:032x}");
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::outside::tests::Fixed;

    fn made(json: serde_json::Value) -> Made<serde_json::Value> {
        let (maker, value) = (Maker { outside: &Fixed, request: None }, Value::from(&json));
        maker.value(&Filled::new(&value, vec![&value])).map(|it| serde_json::Value::from(&it))
    }

    fn is(function: serde_json::Value, text: &str) {
        assert_eq!(made(function.clone()).ok(), Some(text.into()), "{function}");
    }

    #[test]
    fn texts_are_joined_folded_and_encoded() {
        is(serde_json::json!({ "$concat": ["a", { "$upper": "ñb" }, { "$lower": "Ñ" }, 7, true] }), "aÑBñ7true");
        is(serde_json::json!({ "$url": "a b/ñ?'*" }), "a%20b%2F%C3%B1%3F'*");
        is(serde_json::json!({ "$base64": "ada:correct horse 9?>" }), "YWRhOmNvcnJlY3QgaG9yc2UgOT8+");
        is(serde_json::json!({ "$base64url": "ada:correct horse 9?>~" }), "YWRhOmNvcnJlY3QgaG9yc2UgOT8-fg");
        is(
            serde_json::json!({ "$json": { "a": [1, 2.5, null], "b": { "$lower": "X" } } }),
            r#"{"a":[1,2.5,null],"b":"x"}"#,
        );
    }

    /// RFC 1321 section A.5; FIPS 180's "abc"; RFC 2202 and RFC 4231, their second cases.
    #[test]
    fn digests_are_hexadecimal_in_texts_and_bytes_inside_of_base64() {
        is(serde_json::json!({ "$md5": "abc" }), "900150983cd24fb0d6963f7d28e17f72");
        is(serde_json::json!({ "$sha1": "abc" }), "a9993e364706816aba3e25717850c26c9cd0d89d");
        is(serde_json::json!({ "$sha256": "abc" }), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        is(serde_json::json!({ "$base64": { "$md5": "abc" } }), "kAFQmDzST7DWlj99KOF/cg==");
        let argument = serde_json::json!({ "key": "Jefe", "text": "what do ya want for nothing?" });
        is(serde_json::json!({ "$hmac-sha1": argument }), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        let sha256 = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        is(serde_json::json!({ "$hmac-sha256": argument }), sha256);
    }

    #[test]
    fn a_digest_of_a_digest_is_one_of_its_text() {
        is(
            serde_json::json!({ "$md5": { "$concat": [{ "$md5": "a" }, "salt"] } }),
            &digest::hex(&digest::hash("$md5", "0cc175b9c0f1b6a831c399e269772661salt").unwrap_or_default()),
        );
    }

    #[test]
    fn time_and_chance_come_from_outside() {
        assert_eq!(made(serde_json::json!({ "$now": "epoch" })).ok(), Some(1_772_705_730.into()));
        assert_eq!(made(serde_json::json!({ "$now": "epoch-millis" })).ok(), Some(1_772_705_730_007_u64.into()));
        is(serde_json::json!({ "$now": "iso8601" }), "2026-03-05T10:15:30.007Z");
        is(serde_json::json!({ "$uuid": true }), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }

    #[test]
    fn what_misses_a_cookie_is_left_out_and_one_that_is_there_is_decoded() {
        is(serde_json::json!({ "$cookie": "XSRF-TOKEN" }), "a=b c");
        let object =
            serde_json::json!({ "a": { "$concat": ["x", { "$cookie": "none" }] }, "b": [{ "$cookie": "none" }] });
        assert_eq!(made(object).ok(), Some(serde_json::json!({ "b": [] })));
        assert_eq!(made(serde_json::json!({ "$cookie": "none" })), Err(Stop::Missing));
    }

    #[test]
    fn a_function_of_the_program_gets_the_members_beside_its_name() {
        is(serde_json::json!({ "$plugin": "echo", "text": { "$upper": "a" } }), "A");
        assert_eq!(made(serde_json::json!({ "$plugin": "none" })), Err(Stop::Fault(Unwritten::Plugin("none".into()))));
    }

    #[test]
    fn an_object_that_only_looks_like_a_function_is_an_object() {
        for object in [serde_json::json!({ "$oid": "1" }), serde_json::json!({ "$md5": "a", "b": 1 })] {
            assert_eq!(made(object.clone()).ok(), Some(object));
        }
    }

    #[test]
    fn a_name_with_a_dollar_is_written_with_two() {
        let object = serde_json::json!({ "a": { "$$md5": { "$upper": "x" } } });
        assert_eq!(made(object).ok(), Some(serde_json::json!({ "a": { "$md5": "X" } })));
    }

    #[test]
    fn what_came_from_elsewhere_and_looks_like_a_function_stays_a_value() {
        let template =
            Value::from(&serde_json::json!({ "a": "{field.a}", "b": [{ "$upper": "{field.b}" }, "{field.c}"] }));
        let foreign = serde_json::json!({ "$plugin": "echo", "text": "x" });
        let filled = serde_json::json!({ "a": foreign, "b": [{ "$upper": "x" }, foreign], "c": { "$$d": 1 } });
        let filled = Value::from(&filled);
        let made = Maker { outside: &Fixed, request: None }.value(&Filled::new(&filled, vec![&template]));
        let expected = serde_json::json!({ "a": foreign, "b": ["X", foreign], "c": { "$$d": 1 } });
        assert!(made.is_ok_and(|it| it == Value::from(&expected)));
    }
}
