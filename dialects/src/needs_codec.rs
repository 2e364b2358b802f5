//! What a page of plain documents never loads the code for.

use crate::{Dialect, Value};

impl Dialect {
    /// Whether the document has anything that only a codec can write or read: functions, bodies that are neither JSON nor a form, a token that
    /// goes along in a query or a body. A host without one does not speak it.
    pub fn needs_codec(&self) -> bool {
        is_rare(&self.document, true)
    }
}

/// `own`: whether the names are the document's, and not those of the API.
fn is_rare(value: &Value, own: bool) -> bool {
    let rare = |(name, it): &(String, Value)| {
        let function = name.starts_with('$') && name != "$schema";
        let part = own && matches!(name.as_str(), "text" | "xml" | "multipart" | "body");
        let attached = own && name == "query" && it.as_str().is_some();
        let inside = own && !matches!(name.as_str(), "json" | "form" | "query" | "headers" | "issue");
        function || part || attached || is_rare(it, inside)
    };
    match value {
        Value::Object(members) => members.iter().any(rare),
        Value::List(elements) => elements.iter().any(|it| is_rare(it, own)),
        _ => false,
    }
}
