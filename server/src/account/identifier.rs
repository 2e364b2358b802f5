//! What an account is found by, and the form in which two spellings are the same.

use unicode_normalization::UnicodeNormalization;

/// The kinds of identifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdentifierKind {
    /// A name.
    Username,
    /// An email address.
    Email,
    /// A phone number.
    Phone,
}

/// An identifier that cannot be one of its kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: expected {expected}", kind.name())]
pub struct IdentifierFault {
    /// Which kind it should have been.
    pub kind: IdentifierKind,
    /// What was expected.
    pub expected: &'static str,
}

/// As long as an email address can be (RFC 5321 section 4.5.3.1.3, less the angle brackets).
const MAX_CHARS: usize = 254;

impl IdentifierKind {
    /// Every kind.
    pub const ALL: [IdentifierKind; 3] = [IdentifierKind::Username, IdentifierKind::Email, IdentifierKind::Phone];

    /// The stable name, as dialects, the command line and the database spell it.
    pub const fn name(self) -> &'static str {
        match self {
            IdentifierKind::Username => "username",
            IdentifierKind::Email => "email",
            IdentifierKind::Phone => "phone",
        }
    }

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<IdentifierKind> {
        IdentifierKind::ALL.into_iter().find(|it| it.name() == name)
    }

    /// The form in which identifiers are compared: names and addresses without regard to case or to how a keyboard
    /// composes its accents (RFC 8265 section 3.3: lower case, then normalization form C), numbers without the marks
    /// that people put between digits.
    ///
    /// # Errors
    /// [`IdentifierFault`] if `text` cannot be one of this kind. A login takes that as "no such account".
    pub fn normal(self, text: &str) -> Result<String, IdentifierFault> {
        let (normal, expected) = match self {
            IdentifierKind::Username => {
                (username(text), "1 to 254 characters, no control character, no space at either end")
            }
            IdentifierKind::Email => (email(text), "an address such as ada@example.com"),
            IdentifierKind::Phone => (phone(text), "6 to 15 digits after a plus sign, such as +51900000001"),
        };
        normal.ok_or(IdentifierFault { kind: self, expected })
    }
}

fn username(text: &str) -> Option<String> {
    let count = text.chars().count();
    let fits = (1..=MAX_CHARS).contains(&count) && text.trim() == text && !text.chars().any(char::is_control);
    fits.then(|| folded(text))
}

/// Deliberately no grammar (RFC 5322): whether an address exists is found out by writing to it.
fn email(text: &str) -> Option<String> {
    let (local, domain) = text.rsplit_once('@')?;
    let plain = !text.chars().any(|it| it.is_control() || it.is_whitespace());
    (plain && !local.is_empty() && !domain.is_empty() && text.chars().count() <= MAX_CHARS).then(|| folded(text))
}

fn folded(text: &str) -> String {
    text.to_lowercase().nfc().collect()
}

/// E.164: a plus sign and at most fifteen digits. The country code is asked for, since without it one number
/// would be two people's.
fn phone(text: &str) -> Option<String> {
    let number: String = text.chars().filter(|it| !matches!(it, ' ' | '-' | '.' | '(' | ')')).collect();
    let digits = number.strip_prefix('+')?;
    ((6..=15).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit())).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_compared_without_regard_to_case() {
        assert_eq!(IdentifierKind::Username.normal("Ñandú").as_deref(), Ok("ñandú"));
        assert_eq!(IdentifierKind::Email.normal("Ada@Example.COM").as_deref(), Ok("ada@example.com"));
    }

    #[test]
    fn an_accent_is_the_same_however_it_was_typed() {
        assert_eq!(IdentifierKind::Username.normal("N\u{303}andu\u{301}").as_deref(), Ok("ñandú"));
    }

    #[test]
    fn phone_numbers_are_compared_without_the_marks_between_digits() {
        assert_eq!(IdentifierKind::Phone.normal("+51 (900) 000-001").as_deref(), Ok("+51900000001"));
    }

    #[test]
    fn what_cannot_be_an_identifier_is_refused_with_what_was_expected() {
        for text in ["", " ada", "ada\0", &"x".repeat(255)] {
            assert!(IdentifierKind::Username.normal(text).is_err(), "{text:?}");
        }
        for text in ["ada", "@example.com", "ada@", "a da@example.com"] {
            assert!(IdentifierKind::Email.normal(text).is_err(), "{text:?}");
        }
        for text in ["900000001", "+12345", "+1234567890123456", "+5190000000x"] {
            let fault = IdentifierKind::Phone.normal(text).unwrap_err();
            assert_eq!(fault.to_string(), "phone: expected 6 to 15 digits after a plus sign, such as +51900000001");
        }
    }
}
