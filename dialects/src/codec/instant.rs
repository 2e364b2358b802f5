//! Moments as ISO 8601 writes them, in the forms that login APIs use (RFC 3339 and its loose relatives).

const DAY_MS: u64 = 86_400_000;

/// As JavaScript's `toISOString` writes it: in UTC, with milliseconds.
pub(super) fn iso8601(ms: u64) -> String {
    let (year, month, day) = date(ms / DAY_MS);
    let (of_day, millis) = (ms % DAY_MS / 1000, ms % 1000);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

/// Milliseconds since the epoch: `2026-03-05`, or that with a time after `T` or a blank, seconds with any number of digits
/// after their point, and an offset (UTC if there is none). `None` for anything else.
pub(super) fn parse_iso8601(text: &str) -> Option<i64> {
    let mut rest = Rest(text.trim().as_bytes());
    let (year, month, day) = (rest.number(4)?, rest.after(b"-")?.number(2)?, rest.after(b"-")?.number(2)?);
    let days = days(year, month, day)?;
    if rest.0.is_empty() {
        return Some(days * DAY_MS as i64);
    }
    let time = rest.after(b"Tt ")?.time()?;
    let ms = days * DAY_MS as i64 + time - rest.offset()?;
    rest.0.is_empty().then_some(ms)
}

/// What is left of a text.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    /// Steps over one of these bytes.
    fn after(&mut self, any: &[u8]) -> Option<&mut Self> {
        let (first, rest) = self.0.split_first()?;
        self.0 = if any.contains(first) { rest } else { return None };
        Some(self)
    }

    fn number(&mut self, digits: usize) -> Option<i64> {
        let (number, rest) = self.0.split_at_checked(digits)?;
        self.0 = rest;
        number.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte & 15)))
    }

    /// The time of day in milliseconds. A leap second counts as the one after it.
    fn time(&mut self) -> Option<i64> {
        let (hour, minute) = (self.number(2)?, self.after(b":")?.number(2)?);
        let second = if self.after(b":").is_some() { self.number(2)? } else { 0 };
        let millis = if self.after(b".,").is_some() { self.fraction()? } else { 0 };
        let good = hour < 24 && minute < 60 && second <= 60;
        good.then_some(((hour * 60 + minute) * 60 + second) * 1000 + millis)
    }

    /// What is finer than a millisecond is cut off.
    fn fraction(&mut self) -> Option<i64> {
        let digits = self.0.iter().take_while(|it| it.is_ascii_digit()).count();
        let (fraction, rest) = self.0.split_at_checked(digits).filter(|_| digits > 0)?;
        self.0 = rest;
        let padded = fraction.iter().chain(b"00").take(3);
        Some(padded.fold(0, |sum, byte| sum * 10 + i64::from(byte & 15)))
    }

    /// How far the clock of that place is ahead, in milliseconds: `Z`, `+05:00`, `-0500`, `+05`.
    fn offset(&mut self) -> Option<i64> {
        let _ = self.after(b" ");
        let sign = match self.0.first() {
            None => return Some(0),
            Some(b'+') => 1,
            Some(b'-') => -1,
            Some(_) => return self.after(b"Zz").map(|_| 0),
        };
        let hours = self.after(b"+-")?.number(2)?;
        let _ = self.after(b":");
        let minutes = if self.0.is_empty() { 0 } else { self.number(2)? };
        (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60_000)
    }
}

/// Days since the epoch, by the count that begins each year with March, so that leap days come last.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || !(1..=length(year, month)).contains(&day) {
        return None;
    }
    let year = if month > 2 { year } else { year - 1 };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

const fn length(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Year, month and day of a day since the epoch: the same count backwards.
const fn date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    (era * 400 + year + (month <= 2) as u64, month, day)
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
        assert_eq!(iso8601(u64::MAX).get(..4), Some("5845"));
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
