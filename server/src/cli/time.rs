//! Times as people and programs read them.

/// As RFC 3339 has it, in UTC; `None` for a time that no calendar has.
pub(crate) fn iso8601(at_ms: i64) -> Option<String> {
    jiff::Timestamp::from_millisecond(at_ms).ok().map(|it| it.to_string())
}
