//! Strict JSON. serde_json alone keeps the last of two members of one name and nests 128 deep; two readers that
//! pick different ones of the two are how a check is passed by, so that such a text is refused as a whole
//! (RFC 8259 section 4: "when the names within an object are not unique, the behavior … is unpredictable").

use relatch_dialects::Value;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::collections::HashSet;
use std::fmt;

/// Deeper than any request of a login API, and shallow enough for any stack.
const MAX_DEPTH: usize = 32;

/// So many names are compared with each other; from there on they are hashed, so that a body of thousands costs no more
/// than its length.
const FEW: usize = 16;

/// The value of a whole JSON text; `None` if it is not JSON, not UTF-8, names a member twice or nests too deep.
pub(crate) fn parse(text: &[u8]) -> Option<Value> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = Strict { depth: MAX_DEPTH }.deserialize(&mut deserializer).ok()?;
    deserializer.end().ok().map(|()| value)
}

#[derive(Clone, Copy)]
struct Strict {
    depth: usize,
}

impl Strict {
    fn below<E: Error>(self) -> Result<Strict, E> {
        let depth = self.depth.checked_sub(1).ok_or_else(|| E::custom("nests too deep"))?;
        Ok(Strict { depth })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, it: bool) -> Result<Value, E> {
        Ok(Value::Bool(it))
    }

    fn visit_i64<E>(self, it: i64) -> Result<Value, E> {
        Ok(Value::Number(it as f64))
    }

    fn visit_u64<E>(self, it: u64) -> Result<Value, E> {
        Ok(Value::Number(it as f64))
    }

    fn visit_f64<E>(self, it: f64) -> Result<Value, E> {
        Ok(Value::Number(it))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let inner = self.below()?;
        let mut list = Vec::new();
        while let Some(element) = elements.next_element_seed(inner)? {
            list.push(element);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.below()?;
        let (mut object, mut names) = (Vec::<(String, Value)>::new(), HashSet::new());
        while let Some(name) = members.next_key::<String>()? {
            if object.len() == FEW {
                names.extend(object.iter().map(|(name, _)| name.clone()));
            }
            let is_new =
                if object.len() < FEW { object.iter().all(|(it, _)| *it != name) } else { names.insert(name.clone()) };
            if !is_new {
                return Err(A::Error::custom("names a member twice"));
            }
            object.push((name, members.next_value_seed(inner)?));
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_order_and_their_types() {
        let value = parse(br#" {"b":[1,-2,2.5,true,null],"a":"\u00f1"} "#).expect("JSON");
        let list = [1.0, -2.0, 2.5].map(Value::Number).into_iter().chain([Value::Bool(true), Value::Null]).collect();
        assert!(value == Value::Object(vec![("b".into(), Value::List(list)), ("a".into(), "ñ".into())]));
    }

    #[test]
    fn a_member_named_twice_is_refused_at_any_depth_and_in_any_spelling() {
        assert!(parse(br#"{"a":1,"b":2,"a":1}"#).is_none());
        assert!(parse(br#"[{"x":{"a":1,"\u0061":2}}]"#).is_none());
        let members = |names: &[usize]| names.iter().map(|it| format!("\"{it}\":0")).collect::<Vec<_>>().join(",");
        for (first, again) in [(0, 15), (0, 16), (0, 17), (15, 16), (16, 17), (17, 40), (0, 40)] {
            let mut names: Vec<usize> = (0..again).collect();
            assert!(parse(format!("{{{}}}", members(&names)).as_bytes()).is_some());
            names.push(first);
            let is_twice = parse(format!("{{{}}}", members(&names)).as_bytes()).is_none();
            assert_eq!(is_twice, first < again, "member {first} again after {again}");
        }
    }

    #[test]
    fn a_text_that_is_not_wholly_json_is_refused() {
        for text in ["", " ", "{", "{} x", "{}{}", "nul", "'a'", "{a:1}", "\u{feff}{}", r#""\ud800""#, "1e999"] {
            assert!(parse(text.as_bytes()).is_none(), "{text}");
        }
        assert!(parse(b"\"\xff\"").is_none());
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(nested(MAX_DEPTH).as_bytes()).is_some());
        assert!(parse(nested(MAX_DEPTH + 1).as_bytes()).is_none());
        assert!(parse(nested(100_000).as_bytes()).is_none());
    }
}
