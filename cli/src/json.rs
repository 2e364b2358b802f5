//! JSON read strictly: a member that stands twice is refused, since two readers might take different ones, and every value
//! can be found again in the text.

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// Why a text is not JSON, and where: both numbers count from 1.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SyntaxFault {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) reason: String,
}

/// Reads a text.
///
/// # Errors
/// The first fault of its syntax, or the first member whose name stands twice.
pub(crate) fn parse(text: &str) -> Result<Value, SyntaxFault> {
    // Some editors of Windows put it there; RFC 8259 section 8.1 lets a reader ignore it.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str::<Strict>(text).map(|it| it.0).map_err(|error| {
        let sentence = error.to_string();
        let reason = sentence.split(" at line ").next().unwrap_or_default().to_string();
        SyntaxFault { line: error.line(), column: error.column(), reason }
    })
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Strict, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Strict)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, it: bool) -> Result<Value, E> {
        Ok(Value::Bool(it))
    }

    fn visit_u64<E>(self, it: u64) -> Result<Value, E> {
        Ok(it.into())
    }

    fn visit_i64<E>(self, it: i64) -> Result<Value, E> {
        Ok(it.into())
    }

    fn visit_f64<E>(self, it: f64) -> Result<Value, E> {
        Ok(Number::from_f64(it).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, it: &str) -> Result<Value, E> {
        Ok(it.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(Strict(element)) = sequence.next_element()? {
            elements.push(element);
        }
        Ok(Value::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            if members.contains_key(&name) {
                return Err(A::Error::custom(format_args!("the member {name:?} stands twice in one object")));
            }
            let Strict(value) = map.next_value()?;
            members.insert(name, value);
        }
        Ok(Value::Object(members))
    }
}

/// The line, counted from 1, on which the value of that JSON Pointer begins in a text that [`parse`] has read: the nearest
/// place above it, if there is no such value.
pub(crate) fn line_of(text: &str, pointer: &str) -> usize {
    let steps: Vec<String> =
        pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
    let mut scanner = Scanner { text, at: 0 };
    let at = scanner.find(&steps);
    text.get(..at).unwrap_or_default().bytes().filter(|byte| *byte == b'\n').count() + 1
}

/// Walks over a text that is known to be JSON.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blank(&mut self) {
        while self
            .peek()
            .is_some_and(|byte| byte.is_ascii_whitespace() || matches!(byte, b',' | b':' | 0xef | 0xbb | 0xbf))
        {
            self.at += 1;
        }
    }

    /// Where the value that these steps lead to begins.
    fn find(&mut self, steps: &[String]) -> usize {
        self.skip_blank();
        let start = self.at;
        let Some((step, rest)) = steps.split_first() else { return start };
        let is_object = self.peek() == Some(b'{');
        if !is_object && self.peek() != Some(b'[') {
            return start;
        }
        self.at += 1;
        for index in 0_usize.. {
            self.skip_blank();
            let before = self.at;
            match self.peek() {
                None | Some(b'}' | b']') => break,
                _ => {}
            }
            let here = if is_object { self.name() == *step } else { index.to_string() == *step };
            if here {
                let found = self.find(rest);
                // A member is where its name is.
                return if rest.is_empty() { before } else { found };
            }
            self.skip_value();
        }
        start
    }

    fn name(&mut self) -> String {
        let from = self.at;
        self.skip_value();
        let name = serde_json::from_str(self.text.get(from..self.at).unwrap_or_default());
        self.skip_blank();
        name.unwrap_or_default()
    }

    fn skip_value(&mut self) {
        self.skip_blank();
        match self.peek() {
            Some(b'"') => self.skip_string(),
            Some(b'{' | b'[') => self.skip_nested(),
            _ => {
                while self.peek().is_some_and(|byte| !matches!(byte, b',' | b'}' | b']') && !byte.is_ascii_whitespace())
                {
                    self.at += 1;
                }
            }
        }
    }

    fn skip_string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                return;
            }
        }
    }

    fn skip_nested(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.skip_string();
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_that_stands_twice_is_refused_with_its_line() {
        let fault = parse("{\n \"a\": 1,\n \"b\": { \"c\": 1, \"c\": 2 }\n}").unwrap_err();
        assert_eq!(fault.line, 3);
        assert_eq!(fault.reason, "the member \"c\" stands twice in one object");
    }

    #[test]
    fn a_syntax_fault_has_line_and_column() {
        let fault = parse("{\n  \"a\": 1,\n}").unwrap_err();
        assert_eq!((fault.line, fault.column), (3, 1));
    }

    #[test]
    fn a_pointer_leads_to_the_line_of_its_member() {
        let text = "{\n \"a\": [1, {\n   \"b/c\": \"x \\\" , }\",\n   \"d\": null } ],\n \"e\": 2\n}";
        for (pointer, line) in [("", 1), ("/a", 2), ("/a/1/b~1c", 3), ("/a/1/d", 4), ("/e", 5), ("/a/1/none", 2)] {
            assert_eq!(line_of(text, pointer), line, "{pointer}");
        }
    }
}
