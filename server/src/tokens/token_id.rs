//! `jti`, by which a token is told from every other and found again.

use crate::store::SessionId;
use std::fmt;
use uuid::Uuid;

/// Which token of which session: `<session>.<generation>.<milliseconds>`.
///
/// The time stands here, finer than in `iat`, so that "everything issued until now" is exact: with whole
/// seconds a token that is issued right after such a cut would fall to it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TokenId {
    pub(crate) session: SessionId,
    pub(crate) generation: u64,
    pub(crate) issued_at_ms: i64,
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.session.0.simple(), self.generation, self.issued_at_ms)
    }
}

impl TokenId {
    /// Reads exactly what `Display` writes, and no other spelling of it.
    pub(crate) fn parse(text: &str) -> Option<TokenId> {
        let mut parts = text.splitn(3, '.');
        let token_id = TokenId {
            session: SessionId(Uuid::try_parse(parts.next()?).ok()?),
            generation: parts.next()?.parse().ok()?,
            issued_at_ms: parts.next()?.parse().ok()?,
        };
        (token_id.to_string() == text).then_some(token_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_no_other_spelling_is() {
        let session = SessionId(Uuid::from_u128(0xabcd));
        let token_id = TokenId { session, generation: 7, issued_at_ms: 1_700_000_000_123 };
        let text = token_id.to_string();
        assert_eq!(TokenId::parse(&text), Some(token_id));
        for other in [text.to_uppercase(), text.replace(".7.", ".+7."), text.replace(".7.", ".07."), format!("{text} ")]
        {
            assert_eq!(TokenId::parse(&other), None, "{other}");
        }
        assert_eq!(TokenId::parse(""), None);
        assert_eq!(TokenId::parse(&format!("{session}.7.1700000000123")), None);
    }
}
