//! Reads a TOML table key by key, gathering faults instead of stopping at the first. A key that nobody asked
//! for is a fault too: a misspelt setting must not be a setting that silently does not apply.

use super::ConfigFault;
use std::str::FromStr;
use toml::{Table, Value};

/// A table that is being read: what has been asked for is taken out of it.
#[derive(Debug)]
pub(super) struct Reader {
    path: String,
    table: Table,
    asked: Vec<String>,
    faults: Vec<ConfigFault>,
}

impl Reader {
    pub(super) const fn new(table: Table) -> Reader {
        Reader { path: String::new(), table, asked: Vec::new(), faults: Vec::new() }
    }

    /// Every fault, those of unknown keys last.
    pub(super) fn finish(mut self) -> Vec<ConfigFault> {
        let unknown: Vec<String> = self.table.keys().cloned().collect();
        for key in unknown {
            self.fault(&key, &format!("is not known here; expected one of {}", self.asked.join(", ")));
        }
        self.faults
    }

    pub(super) fn fault(&mut self, key: &str, reason: &str) {
        let key = self.key(key);
        self.faults.push(ConfigFault { key, reason: reason.into() });
    }

    /// Takes keys out unread, because what they should be cannot be told.
    pub(super) fn skip(&mut self, keys: &[&str]) {
        for key in keys {
            self.take(key);
        }
    }

    pub(super) fn string(&mut self, key: &str) -> Option<String> {
        match self.take(key)? {
            Value::String(text) => Some(text),
            other => self.expected(key, "a string", &other),
        }
    }

    /// Whether the table has no such key.
    pub(super) fn absent(&self, key: &str) -> bool {
        !self.table.contains_key(key)
    }

    pub(super) fn required(&mut self, key: &str) -> Option<String> {
        if !self.table.contains_key(key) {
            self.fault(key, "is missing; expected a string");
        }
        self.string(key)
    }

    pub(super) fn parsed<T: FromStr>(&mut self, key: &str, expected: &str) -> Option<T> {
        let text = self.string(key)?;
        let parsed = text.parse().ok();
        if parsed.is_none() {
            self.fault(key, &format!("expected {expected}, got {text:?}"));
        }
        parsed
    }

    pub(super) fn one_of(&mut self, key: &str, choices: &[&str]) -> Option<String> {
        let text = self.string(key)?;
        if choices.contains(&text.as_str()) {
            return Some(text);
        }
        self.fault(key, &format!("expected one of {}, got {text:?}", choices.join(", ")));
        None
    }

    pub(super) fn bool(&mut self, key: &str) -> Option<bool> {
        match self.take(key)? {
            Value::Boolean(it) => Some(it),
            other => self.expected(key, "true or false", &other),
        }
    }

    /// A whole number from `least` to `most`.
    pub(super) fn integer(&mut self, key: &str, least: u64, most: u64) -> Option<u64> {
        match self.take(key)? {
            Value::Integer(it) if u64::try_from(it).is_ok_and(|it| (least..=most).contains(&it)) => Some(it as u64),
            Value::Integer(it) => {
                self.fault(key, &format!("expected a whole number from {least} to {most}, got {it}"));
                None
            }
            other => self.expected(key, &format!("a whole number from {least} to {most}"), &other),
        }
    }

    pub(super) fn strings(&mut self, key: &str) -> Option<Vec<String>> {
        let value = self.take(key)?;
        let texts = value.as_array().and_then(|list| list.iter().map(|it| it.as_str().map(str::to_owned)).collect());
        if texts.is_none() {
            return self.expected(key, "a list of strings", &value);
        }
        texts
    }

    /// A table under its own path.
    pub(super) fn section<T>(&mut self, key: &str, read: impl FnOnce(&mut Reader) -> T) -> Option<T> {
        match self.take(key)? {
            Value::Table(table) => Some(self.inside(self.key(key), table, read)),
            other => self.expected(key, "a table", &other),
        }
    }

    /// A list of tables, each under its own path; `None` if there is none or it is empty.
    pub(super) fn sections<T>(&mut self, key: &str, mut read: impl FnMut(&mut Reader) -> T) -> Option<Vec<T>> {
        let value = self.take(key)?;
        let Value::Array(list) = value else { return self.expected(key, "a list of tables", &value) };
        let mut sections = Vec::new();
        for (at, element) in list.into_iter().enumerate() {
            match element {
                Value::Table(table) => {
                    sections.push(self.inside(format!("{}[{at}]", self.key(key)), table, &mut read));
                }
                other => return self.expected(&format!("{key}[{at}]"), "a table", &other),
            }
        }
        (!sections.is_empty()).then_some(sections)
    }

    fn inside<T>(&mut self, path: String, table: Table, read: impl FnOnce(&mut Reader) -> T) -> T {
        let mut inner = Reader { path, ..Reader::new(table) };
        let it = read(&mut inner);
        self.faults.extend(inner.finish());
        it
    }

    fn take(&mut self, key: &str) -> Option<Value> {
        self.asked.push(key.into());
        self.table.remove(key)
    }

    fn expected<T>(&mut self, key: &str, expected: &str, got: &Value) -> Option<T> {
        self.fault(key, &format!("expected {expected}, got {}", with_article(got)));
        None
    }

    fn key(&self, key: &str) -> String {
        if self.path.is_empty() { key.into() } else { format!("{}.{key}", self.path) }
    }
}

/// The type only: the value may be a secret in the wrong place.
const fn with_article(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a string",
        Value::Integer(_) => "an integer",
        Value::Float(_) => "a number with a fraction",
        Value::Boolean(_) => "a truth value",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "a list",
        Value::Table(_) => "a table",
    }
}
