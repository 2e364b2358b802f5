//! One-time codes that are sent to an account's owner.

use super::Pending;
use crate::account::{Account, AccountId};
use std::fmt;

/// What a code is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodePurpose {
    /// To validate the account.
    Validation,
    /// To have the validation message sent again.
    Resend,
    /// To set a new password.
    PasswordReset,
}

impl CodePurpose {
    /// The stable name, as the database spells it.
    pub const fn name(self) -> &'static str {
        match self {
            CodePurpose::Validation => "validation",
            CodePurpose::Resend => "resend",
            CodePurpose::PasswordReset => "password-reset",
        }
    }
}

/// The SHA-256 of a code. Codes are random and long (128 bits at least), so they need no salt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CodeHash(pub [u8; 32]);

impl fmt::Debug for CodeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeHash")
    }
}

/// Codes: stored hashed, good until they expire or the account is validated.
pub trait Codes {
    /// Keeps a code for an account, beside those it has. Expired ones of the account are forgotten.
    fn put_code(
        &self,
        account: AccountId,
        purpose: CodePurpose,
        code: CodeHash,
        now_ms: i64,
        expires_at_ms: i64,
    ) -> Pending<'_, ()>;

    /// The account for which that code is good now. The code stays.
    fn code_account<'a>(
        &'a self,
        realm: &'a str,
        purpose: CodePurpose,
        code: CodeHash,
        now_ms: i64,
    ) -> Pending<'a, Option<Account>>;

    /// Marks the account as validated and forgets all its codes, if that validation code is still good for it.
    fn validate_account(&self, account: AccountId, code: CodeHash, now_ms: i64) -> Pending<'_, bool>;
}
