//! A span of time as a person writes it.

use std::str::FromStr;

/// Whole seconds, written as `20s`, `5m`, `2h` or `20`; never none at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lifetime(u64);

impl Lifetime {
    pub(super) const fn secs(self) -> u64 {
        self.0
    }
}

impl FromStr for Lifetime {
    type Err = String;

    fn from_str(text: &str) -> Result<Lifetime, String> {
        let digits = text.trim_end_matches(|last: char| last.is_ascii_alphabetic());
        let unit = match text.strip_prefix(digits) {
            Some("" | "s") => Some(1_u64),
            Some("m") => Some(60),
            Some("h") => Some(3600),
            _ => None,
        };
        let count = digits.parse::<u64>().ok().filter(|it| (1..=1_000_000).contains(it));
        let secs = count.zip(unit).map(|(count, unit)| count * unit);
        secs.map(Lifetime).ok_or_else(|| "expected a number of seconds, minutes or hours, such as 20s".into())
    }
}

#[cfg(test)]
mod tests {
    use super::Lifetime;

    #[test]
    fn seconds_minutes_and_hours_are_understood_and_nothing_else() {
        let secs = |text: &str| text.parse::<Lifetime>().ok().map(Lifetime::secs);
        assert_eq!([secs("20s"), secs("20"), secs("5m"), secs("2h")], [Some(20), Some(20), Some(300), Some(7200)]);
        for text in ["", "s", "0s", "-1s", "20 s", "20d", "1.5m", "99999999999999999999s"] {
            assert_eq!(secs(text), None, "{text}");
        }
    }
}
