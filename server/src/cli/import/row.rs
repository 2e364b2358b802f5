//! A row of a file, whatever the format.

use super::{Draft, DraftFault, PasswordHash};

/// What one row holds, and what could not even be read of it.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) draft: Draft,
    pub(super) password_hash: Option<PasswordHash>,
    pub(super) faults: Vec<DraftFault>,
}

/// Every column beside the dialect's fields, in the order in which the help names them.
pub(super) const COLUMNS: [&str; 9] =
    ["username", "email", "phone", "password_hash", "enabled", "validated", "roles", "organization", "memberships"];

impl Row {
    /// Takes a column that holds one text. False if there is no such column.
    pub(super) fn set_text(&mut self, column: &str, text: String) -> bool {
        match column {
            "username" => self.draft.username = Some(text),
            "email" => self.draft.email = Some(text),
            "phone" => self.draft.phone = Some(text),
            "password_hash" => self.password_hash = Some(PasswordHash(text)),
            "organization" => self.draft.organization = Some(text),
            _ => return false,
        }
        true
    }

    /// Takes a column that holds a list. False if there is no such column.
    pub(super) fn set_list(&mut self, column: &str, texts: Vec<String>) -> bool {
        match column {
            "roles" => self.draft.roles = texts,
            "memberships" => self.draft.memberships = texts,
            _ => return false,
        }
        true
    }

    /// Takes a column that is true or false. False if there is no such column.
    pub(super) fn set_flag(&mut self, column: &str, it: bool) -> bool {
        match column {
            "enabled" => self.draft.disabled = !it,
            "validated" => self.draft.not_validated = !it,
            _ => return false,
        }
        true
    }

    pub(super) fn fault(&mut self, column: &str, reason: &str) {
        self.faults.push(DraftFault::new(column, reason));
    }
}
