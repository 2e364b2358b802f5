//! What is wrong with a dialect document, told so that its author can mend it.

use std::fmt;

/// A fault of a document: where it is and what was expected there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// A JSON Pointer (RFC 6901) to the faulty place.
    pub pointer: String,
    /// What is wrong there and what was expected, in one sentence.
    pub reason: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.pointer.is_empty() { "the document" } else { &self.pointer })?;
        f.write_str(": ")?;
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Fault {}
