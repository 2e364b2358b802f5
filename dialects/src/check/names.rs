//! Which names may stand where.

use crate::Value;
use crate::template::is_known_ambient;

/// What is around a template, which decides about the names in it.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) document: &'a Value,
    /// Whether the operation has steps before it.
    pub(super) steps: bool,
    /// Whether this is one of those steps.
    pub(super) is_step: bool,
    /// Whether one of them brings a token.
    pub(super) given: bool,
    /// Whether the operation answers a challenge.
    pub(super) challenge: bool,
    /// Whether it renews.
    pub(super) renews: bool,
}

impl<'a> From<&'a Value> for Around<'a> {
    fn from(document: &'a Value) -> Around<'a> {
        Around { document, steps: false, given: false, is_step: false, challenge: false, renews: false }
    }
}

impl Around<'_> {
    /// What a request can be filled with. `field.*` is the app's own: whatever else an API wants at login.
    pub(super) fn is_request_name(&self, name: &str) -> bool {
        const NAMES: [&str; 6] = ["identifier", "password", "access_token", "refresh_token", "code", "resend_code"];
        NAMES.contains(&name)
            || ["field.", "context.", "session."].iter().any(|it| name.starts_with(it))
            || (self.steps && name.starts_with("step."))
            || (self.challenge && name.starts_with("challenge."))
    }

    /// What an answer can carry. `detail.*` is handed to the app, with an error or a challenge.
    pub(super) fn is_answer_name(&self, name: &str, challenges: bool) -> bool {
        const NAMES: [&str; 8] =
            ["_", "access_token", "refresh_token", "expires", "user", "permissions", "email", "resend_code"];
        NAMES.contains(&name)
            || ["detail.", "session."].iter().any(|it| name.starts_with(it))
            || (self.is_step && name.starts_with("step."))
            || (challenges && name.starts_with("challenge."))
            || is_known_ambient(name)
    }
}

/// What stands in everything that goes along with calls.
pub(super) fn is_attached_name(name: &str, token: bool) -> bool {
    (token && matches!(name, "access_token" | "identifier"))
        || name.starts_with("context.")
        || name.starts_with("session.")
}
