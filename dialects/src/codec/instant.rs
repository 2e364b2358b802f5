//! Moments as ISO 8601 writes them, in the forms that login APIs use (RFC 3339 and its loose relatives).

use jiff::Timestamp;
use jiff::civil::{DateTime, Time};
use jiff::fmt::temporal::Pieces;

const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// As JavaScript's `toISOString` writes it: in UTC, with milliseconds.
pub(super) fn iso8601(ms: u64) -> String {
    let moment = i64::try_from(ms).ok().and_then(|it| Timestamp::from_millisecond(it).ok());
    format!("{:.3}", moment.unwrap_or(Timestamp::MAX))
}

/// Milliseconds since the epoch: `2026-03-05`, or that with a time after `T` or a blank, seconds with any number of digits
/// after their point, and an offset (UTC if there is none). `None` for anything else.
///
/// By its pieces and not as a timestamp: the last day of the year 9999, which means "never" in some databases, has none.
pub(super) fn parse_iso8601(text: &str) -> Option<i64> {
    let text = plain(text)?;
    let pieces = Pieces::parse(&text).ok()?;
    let at = pieces.date().to_datetime(pieces.time().unwrap_or(Time::midnight()));
    let ahead_secs = pieces.to_numeric_offset().map_or(0, |it| i64::from(it.seconds()));
    let ms = i64::try_from(at.duration_since(EPOCH).as_millis()).ok()?;
    Some(ms - ahead_secs * 1000)
}

/// The text as RFC 9557 wants it: no blank before an offset, no more than the nine digits that nanoseconds have. JavaScript knows no dates
/// without dashes.
fn plain(text: &str) -> Option<String> {
    let text = text.trim().replace(" +", "+").replace(" -", "-");
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((&text, ""));
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = fraction.split_at_checked(digits)?;
    let fine = digits.get(..digits.len().min(9)).filter(|it| !it.is_empty());
    let point = if fine.is_some() { "." } else { "" };
    let good = whole.as_bytes().get(4) == Some(&b'-') && (fraction.is_empty() || fine.is_some());
    good.then(|| [whole, point, fine.unwrap_or_default(), rest].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_and_read_back() {
        for ms in [0, 951_782_400_000, 951_868_799_999, 1_772_705_730_007, 4_102_444_800_000] {
            assert_eq!(parse_iso8601(&iso8601(ms)), Some(ms as i64));
        }
        assert_eq!(iso8601(951_782_400_000), "2000-02-29T00:00:00.000Z");
        assert_eq!(iso8601(u64::MAX).get(..4), Some("9999"));
    }

    #[test]
    fn every_form_that_was_seen_is_read() {
        let noon = Some(1_772_712_000_000);
        for text in [
            "2026-03-05T12:00:00Z",
            "2026-03-05T12:00:00",
            "2026-03-05 12:00",
            "2026-03-05t07:00:00.0000000-05:00",
            "2026-03-05T14:00:00,0+0200",
            "2026-03-05 14:00:00 +02",
            " 2026-03-05T12:00:00.000999999z ",
        ] {
            assert_eq!(parse_iso8601(text), noon, "{text}");
        }
        assert_eq!(parse_iso8601("2026-03-05"), Some(1_772_668_800_000));
        assert_eq!(parse_iso8601("1969-12-31T23:59:59.5Z"), Some(-500));
    }

    #[test]
    fn anything_else_is_no_moment() {
        for text in [
            "",
            "soon",
            "2026",
            "2026-3-5",
            "2026-02-29",
            "2026-13-01",
            "2026-03-05T",
            "2026-03-05T24:00:00Z",
            "2026-03-05T12:60Z",
            "2026-03-05T12:00:00.Z",
            "2026-03-05T12:00:00Zulu",
            "2026-03-05T12:00:00+5",
            "+2026-03-05",
            "20260305T120000Z",
            "２０２６-03-05",
        ] {
            assert_eq!(parse_iso8601(text), None, "{text}");
        }
    }
}
