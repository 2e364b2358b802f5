//! JSON as Relatch sees it: one small type, filled by `serde_json` on a server and by the browser's own
//! parser in the wasm, which therefore links no JSON parser.

use std::fmt;

/// The largest integer that every JSON reader keeps exactly, `2^53 - 1` (RFC 8259 section 6).
pub const MAX_EXACT: f64 = 9_007_199_254_740_991.0;

/// A JSON value. Members of an object keep their order; `__proto__` and its kin are ordinary names.
#[derive(Clone)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// Any number. See [`Value::is_exact`] for integers that do not fit.
    Number(f64),
    /// Text.
    String(String),
    /// An array.
    List(Vec<Value>),
    /// An object: member names with their values, each name once.
    Object(Vec<(String, Value)>),
}

impl Value {
    /// The member of that name, if this is an object that has it.
    pub fn get(&self, name: &str) -> Option<&Value> {
        match self {
            Value::Object(members) => member(members, name),
            _ => None,
        }
    }

    /// The text, if this is a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if this is one.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The number as a whole one from 0 to [`MAX_EXACT`], if this is such a number.
    // Compiled once: the wasm would else have a copy wherever it is called.
    #[inline(never)]
    pub fn as_u64(&self) -> Option<u64> {
        let number = self.as_number()?;
        ((0.0..=MAX_EXACT).contains(&number) && number.trunc() == number).then_some(number as u64)
    }

    /// The truth value, if this is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(it) => Some(*it),
            _ => None,
        }
    }

    /// The members, if this is an object.
    pub fn members(&self) -> Option<&[(String, Value)]> {
        match self {
            Value::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The elements, if this is an array.
    pub fn elements(&self) -> Option<&[Value]> {
        match self {
            Value::List(elements) => Some(elements),
            _ => None,
        }
    }

    /// False if there is a number anywhere inside that another reader might have rounded: an integer beyond
    /// [`MAX_EXACT`], or none at all (infinite). Such a value is refused at capture rather than carried on wrong.
    pub fn is_exact(&self) -> bool {
        match self {
            Value::Number(number) => number.abs() <= MAX_EXACT,
            Value::List(elements) => elements.iter().all(Value::is_exact),
            Value::Object(members) => members.iter().all(|(_, value)| value.is_exact()),
            _ => true,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::String(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::String(text)
    }
}

impl From<bool> for Value {
    fn from(it: bool) -> Value {
        Value::Bool(it)
    }
}

impl From<Values> for Value {
    /// An object with those members.
    fn from(values: Values) -> Value {
        Value::Object(values.0)
    }
}

fn member<'a>(members: &'a [(String, Value)], name: &str) -> Option<&'a Value> {
    members.iter().find(|(it, _)| it == name).map(|(_, value)| value)
}

/// Named values: what a template captured, or what it is to be filled with. Names are flat; a dot in one
/// (`user.id`) is part of the name.
#[derive(Clone, Default)]
pub struct Values(Vec<(String, Value)>);

impl Values {
    /// No values.
    pub const fn new() -> Values {
        Values(Vec::new())
    }

    /// The members of an object; `None` for any other value.
    pub fn of(object: Value) -> Option<Values> {
        match object {
            Value::Object(members) => Some(Values(members)),
            _ => None,
        }
    }

    /// The value of that name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        member(&self.0, name)
    }

    /// The text of that name, if there is one and it is a string.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str)
    }

    /// Sets a value; one of the same name is replaced.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.put(name, value.into());
    }

    fn put(&mut self, name: &str, value: Value) {
        match self.0.iter_mut().find(|(it, _)| it == name) {
            Some(slot) => slot.1 = value,
            None => self.0.push((name.into(), value)),
        }
    }

    /// The same with one more value, for building in one expression.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Values {
        self.set(name, value);
        self
    }

    /// Takes a value out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let at = self.0.iter().position(|(it, _)| it == name)?;
        Some(self.0.swap_remove(at).1)
    }

    /// The members of the object that these values make.
    pub fn members(&self) -> &[(String, Value)] {
        &self.0
    }

    /// Every name with its value, in the order in which they were first set.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether these are the same names with the same texts, of values that are all texts: what compares any two weighs four times as
    /// much in the wasm.
    pub fn same_texts(&self, other: &Values) -> bool {
        self.0.len() == other.0.len() && self.0.iter().all(|(name, it)| other.text(name) == it.as_str())
    }

    /// Takes over every value of `newer`, replacing those of the same name.
    pub fn overlay(&mut self, newer: &Values) {
        for (name, value) in newer.iter() {
            self.put(name, value.clone());
        }
    }
}

// Deliberately not derived: the order of members says nothing (RFC 8259 section 4).
impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Number(a), Value::Number(b)) => a == b,
            (Value::String(a), Value::String(b)) => a == b,
            (Value::List(a), Value::List(b)) => a == b,
            (Value::Object(a), Value::Object(b)) => {
                a.len() == b.len() && a.iter().all(|(name, it)| other.get(name) == Some(it))
            }
            _ => false,
        }
    }
}

impl PartialEq for Values {
    fn eq(&self, other: &Values) -> bool {
        self.0.len() == other.0.len() && self.0.iter().all(|(name, it)| other.get(name) == Some(it))
    }
}

// Deliberately not derived: values are passwords and tokens more often than not, so `Debug` tells their
// shape and never their content.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Value::Null => "null",
            Value::Bool(_) => "bool",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::List(_) => "list",
            Value::Object(_) => "object",
        })
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}
