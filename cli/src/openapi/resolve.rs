//! References inside a document. Those that lead out of it are not followed: a draft opens no connection.

use serde_json::Value;

/// An OpenAPI document.
#[derive(Clone, Copy)]
pub(super) struct Document<'a>(&'a Value);

impl<'a> Document<'a> {
    pub(super) const fn new(root: &'a Value) -> Document<'a> {
        Document(root)
    }

    pub(super) const fn root(self) -> &'a Value {
        self.0
    }

    /// What a value refers to, however often; itself if it refers to nothing that is here.
    pub(super) fn resolve(self, value: &'a Value) -> &'a Value {
        // Longer chains than any description has; a circle ends here.
        const HOPS: usize = 16;
        let mut here = value;
        for _ in 0..HOPS {
            let target = here.get("$ref").and_then(Value::as_str).and_then(|it| it.strip_prefix('#'));
            match target.and_then(|it| self.0.pointer(&unescaped(it))) {
                Some(found) => here = found,
                None => return here,
            }
        }
        here
    }

    pub(super) fn is_swagger(self) -> bool {
        self.0.get("swagger").is_some()
    }

    pub(super) fn security_schemes(self) -> Vec<(&'a String, &'a Value)> {
        let place = if self.is_swagger() { "/securityDefinitions" } else { "/components/securitySchemes" };
        members(self.0.pointer(place)).into_iter().map(|(name, it)| (name, self.resolve(it))).collect()
    }
}

/// References are URLs, in which a pointer's characters may be escaped (RFC 6901 section 6).
fn unescaped(fragment: &str) -> String {
    fragment.replace("%7B", "{").replace("%7D", "}").replace("%20", " ").replace("%24", "$")
}

pub(super) fn members(object: Option<&Value>) -> Vec<(&String, &Value)> {
    object.and_then(Value::as_object).map(|it| it.iter().collect()).unwrap_or_default()
}

pub(super) fn elements(list: Option<&Value>) -> &[Value] {
    list.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

pub(super) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}
