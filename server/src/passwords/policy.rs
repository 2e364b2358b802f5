//! What a new password must be. Old ones are never asked: a login takes whatever was stored.
//!
//! Length and a list of common ones, no rules about digits and signs (NIST SP 800-63B section 3.1.1.2): those make
//! passwords that are alike and hard to remember.

use super::common::is_common;
use super::{PasswordError, PasswordScheme};

/// What a realm asks of new passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// The fewest characters (not bytes).
    pub min_chars: usize,
    /// The most characters.
    pub max_chars: usize,
    /// How they are hashed, which may bound their bytes.
    pub scheme: PasswordScheme,
}

/// A longer one is no better, and hashing it is work that anybody can ask for.
const MAX_BYTES: usize = 1024;

/// What is wrong with a new password. The password is in no message.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PolicyFault {
    /// Too few or too many characters.
    #[error("the password must have {min} to {max} characters; this one has {got}")]
    Chars {
        /// The fewest.
        min: usize,
        /// The most.
        max: usize,
        /// How many it has.
        got: usize,
    },
    /// Too many bytes in UTF-8, whatever the hash.
    #[error("the password may have at most {MAX_BYTES} bytes; this one has {0}")]
    Bytes(usize),
    /// The realm's hash cannot take it whole.
    #[error(transparent)]
    Scheme(#[from] PasswordError),
    /// It is on the list of common ones.
    #[error("the password is one of the most common ones; choose another")]
    Common,
    /// It is what the account is called.
    #[error("the password is the account's own name or address; choose another")]
    Identifier,
}

impl PasswordPolicy {
    /// Checks a new password of an account that is called by these identifiers.
    ///
    /// # Errors
    /// The first fault.
    pub fn check(&self, password: &str, identifiers: &[&str]) -> Result<(), PolicyFault> {
        self.scheme.accepts(password)?;
        let got = password.chars().count();
        if !(self.min_chars..=self.max_chars).contains(&got) {
            return Err(PolicyFault::Chars { min: self.min_chars, max: self.max_chars, got });
        }
        if password.len() > MAX_BYTES {
            return Err(PolicyFault::Bytes(password.len()));
        }
        if is_common(password) {
            return Err(PolicyFault::Common);
        }
        let folded = password.to_lowercase();
        if identifiers.iter().any(|it| it.to_lowercase() == folded) {
            return Err(PolicyFault::Identifier);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: PasswordPolicy = PasswordPolicy { min_chars: 8, max_chars: 256, scheme: PasswordScheme::ARGON2ID };
    const BCRYPT: PasswordPolicy = PasswordPolicy { scheme: PasswordScheme::BCRYPT, ..POLICY };

    #[test]
    fn length_is_counted_in_characters_and_bounded_in_bytes() {
        assert_eq!(POLICY.check("ñandú-ñá", &[]), Ok(()));
        let short = POLICY.check("ñandú-ñ", &[]).unwrap_err();
        assert_eq!(short.to_string(), "the password must have 8 to 256 characters; this one has 7");
        assert_eq!(POLICY.check(&"語".repeat(256), &[]), Ok(()));
        assert_eq!(
            PasswordPolicy { max_chars: 2000, ..POLICY }.check(&"語".repeat(400), &[]),
            Err(PolicyFault::Bytes(1200))
        );
    }

    #[test]
    fn bcrypts_72_bytes_are_said_out_loud() {
        assert_eq!(BCRYPT.check(&"ñ".repeat(36), &[]), Ok(()));
        let told = BCRYPT.check(&"ñ".repeat(37), &[]).unwrap_err().to_string();
        assert_eq!(told, "a password may have at most 72 bytes where bcrypt is used; this one has 74");
    }

    #[test]
    fn common_ones_and_the_accounts_own_names_are_refused() {
        assert_eq!(POLICY.check("Password1", &[]), Err(PolicyFault::Common));
        assert_eq!(POLICY.check("Ada@Example.com", &["ada", "ada@example.com"]), Err(PolicyFault::Identifier));
        assert_eq!(POLICY.check("correct horse 9", &["ada"]), Ok(()));
    }
}
