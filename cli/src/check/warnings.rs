//! What is right by the format and will surprise somebody all the same.
//!
//! How to add one: a function that takes the [`Outline`] and pushes warnings, in the module that it belongs to, and its line
//! in `docs/dialects/command.md`.

mod answers;
mod constants;
mod lifetime;
mod walk;

use serde_json::Value;
use walk::Outline;

/// A warning about a place of a document.
pub(super) struct Warning {
    /// Its stable name.
    pub(super) code: &'static str,
    /// A JSON Pointer (RFC 6901).
    pub(super) pointer: String,
    /// What will happen.
    pub(super) what: String,
    /// What to do about it.
    pub(super) advice: &'static str,
}

/// Everything there is to warn of in a document without faults, in the order of its places.
pub(super) fn of(document: &Value) -> Vec<Warning> {
    let outline = Outline::of(document);
    let mut warnings = Vec::new();
    answers::warn(&outline, &mut warnings);
    lifetime::warn(&outline, &mut warnings);
    constants::warn(&outline, &mut warnings);
    warnings
}
