//! What Rust and JavaScript say to each other: JSON values, laid out for a reader of a few instructions, so that the wasm links
//! neither a parser of JSON nor anything that formats numbers. `runtime.js` has the other half.
//!
//! A value is a kind, a number and a colon, then what belongs to it: `n:` null, `b1:` true, `d` a number by its bits, `s` a text by its
//! length, `l:` a list and `o:` an object with its names and values, both to their end, which is `u:`. By itself, that is nothing.

use relatch_dialects::Value;

/// A message that has come, read from its beginning. After its last value there is nothing.
pub(crate) struct Parts {
    text: String,
    read: usize,
}

impl Parts {
    pub(crate) const fn of(text: String) -> Parts {
        Parts { text, read: 0 }
    }

    pub(crate) fn value(&mut self) -> Option<Value> {
        let kind = self.byte();
        let mut number: u64 = 0;
        while let digit @ b'0'..=b'9' = self.byte() {
            number = number.wrapping_mul(10).wrapping_add(u64::from(digit & 15));
        }
        Some(match kind {
            b'n' => Value::Null,
            b'b' => Value::Bool(number != 0),
            b'd' => Value::Number(f64::from_bits(number)),
            b's' => Value::String(self.take(number as usize)),
            b'l' => {
                let mut elements = Vec::new();
                while let Some(element) = self.value() {
                    elements.push(element);
                }
                Value::List(elements)
            }
            b'o' => {
                let mut members = Vec::new();
                while let Some(member) = self.member() {
                    members.push(member);
                }
                Value::Object(members)
            }
            _ => return None,
        })
    }

    fn member(&mut self) -> Option<(String, Value)> {
        Some((self.text()?, self.value()?))
    }

    pub(crate) fn text(&mut self) -> Option<String> {
        match self.value()? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn whole(&mut self) -> Option<u64> {
        Some(self.value()?.as_number()? as u64)
    }

    pub(crate) fn flag(&mut self) -> Option<bool> {
        self.value()?.as_bool()
    }

    fn byte(&mut self) -> u8 {
        let byte = self.text.as_bytes().get(self.read).copied();
        self.read += 1;
        byte.unwrap_or_default()
    }

    fn take(&mut self, length: usize) -> String {
        let from = self.read;
        self.read += length;
        self.text.get(from..self.read).unwrap_or_default().into()
    }
}

/// A message that is being written.
#[derive(Default)]
pub(crate) struct Message(pub(crate) String);

impl Message {
    fn head(&mut self, kind: char, number: u64) {
        self.0.push(kind);
        self.digits(number);
        self.0.push(':');
    }

    fn digits(&mut self, number: u64) {
        if number > 9 {
            self.digits(number / 10);
        }
        self.0.push(char::from(b'0' | (number % 10) as u8));
    }

    pub(crate) fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.head('n', 0),
            Value::Bool(it) => self.flag(*it),
            Value::Number(number) => self.number(*number),
            Value::String(text) => self.text(text),
            Value::List(elements) => self.elements(elements),
            Value::Object(members) => self.members(members),
        }
    }

    pub(crate) fn members(&mut self, members: &[(String, Value)]) {
        self.object();
        for (name, member) in members {
            self.text(name);
            self.value(member);
        }
        self.end();
    }

    /// The length counts what JavaScript does, units of UTF-16.
    pub(crate) fn text(&mut self, text: &str) {
        let units = text.bytes().map(|it| u64::from(it & 0xc0 != 0x80) + u64::from(it >= 0xf0)).sum();
        self.head('s', units);
        self.0.push_str(text);
    }

    pub(crate) fn number(&mut self, number: f64) {
        self.head('d', number.to_bits());
    }

    pub(crate) fn whole(&mut self, number: u64) {
        self.number(number as f64);
    }

    pub(crate) fn flag(&mut self, flag: bool) {
        self.head('b', flag.into());
    }

    pub(crate) fn list(&mut self) {
        self.head('l', 0);
    }

    pub(crate) fn object(&mut self) {
        self.head('o', 0);
    }

    /// Of a list or an object; or nothing.
    pub(crate) fn end(&mut self) {
        self.head('u', 0);
    }

    pub(crate) fn elements(&mut self, elements: &[Value]) {
        self.list();
        for element in elements {
            self.value(element);
        }
        self.end();
    }
}
