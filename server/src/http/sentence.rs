//! `{message}`: one sentence for the person who reads a default answer. It says what was expected, and nothing about
//! the server's inside.

use relatch_dialects::{Issue, Meaning, Message, Reason};

/// The sentence for a message; `None` where the status's own phrase says it all.
pub(super) fn of(issue: &Issue, message: &Message) -> Option<String> {
    match (message.meaning, message.reason) {
        (Meaning::InvalidRequest, Some(reason)) => Some(invalid(issue, reason)),
        (Meaning::InvalidRequest, None) => Some("The request is not valid.".into()),
        (Meaning::Forbidden, _) => Some("This account may not do that.".into()),
        (Meaning::RateLimited, _) => Some("Too many requests: try again later.".into()),
        (Meaning::ServerError, _) => Some("Something went wrong on the server: try again later.".into()),
        (Meaning::AccountLocked, _) => Some("The account is locked: try again later.".into()),
        _ => None,
    }
}

fn invalid(issue: &Issue, reason: Reason) -> String {
    let fixed = match reason {
        Reason::IdentifierLength => return length("identifier", issue.identifier_length),
        Reason::PasswordLength => return length("password", issue.password_length),
        Reason::IdentifierMissing => "The identifier is missing: expected a string.",
        Reason::IdentifierMalformed => "The identifier is malformed: expected a string without NUL.",
        Reason::PasswordMissing => "The password is missing: expected a string.",
        Reason::PasswordMalformed => "The password is malformed: expected a string without NUL.",
        Reason::FieldMissing => "A field that this operation needs is missing.",
        Reason::FieldMalformed => "A field has the wrong type or form.",
        Reason::BodyUnreadable => {
            "The body cannot be read: expected a JSON object in UTF-8 that names each member once."
        }
        Reason::BodyTooLarge => "The body is too large: expected at most 64 KiB.",
        Reason::ContentTypeUnsupported => "The content type is not supported: expected application/json in UTF-8.",
        Reason::PathUnknown => "There is nothing at this path.",
        Reason::MethodUnsupported => "This path does not take that method: see the Allow header.",
    };
    fixed.into()
}

fn length(name: &str, length: Option<(u64, u64)>) -> String {
    let (min, max) = length.unwrap_or((1, u64::MAX));
    format!("The {name} has too few or too many characters: expected {min} to {max}.")
}
