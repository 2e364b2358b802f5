//! A span of time as a person writes it.

use anyhow::Context;
use std::str::FromStr;

/// Whole seconds, written as `20s`, `5m`, `2h` or `20`; never none at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lifetime {
    secs: u64,
}

impl Lifetime {
    pub(crate) fn secs(self) -> u64 {
        self.secs
    }
}

impl FromStr for Lifetime {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Lifetime> {
        let digits = text.trim_end_matches(|last: char| last.is_ascii_alphabetic());
        let unit = text.strip_prefix(digits).and_then(unit_secs);
        let secs = digits.parse::<u64>().ok().zip(unit).and_then(|(count, unit)| count.checked_mul(unit));
        let secs = secs.filter(|secs| *secs > 0).context("write a number of seconds, minutes or hours, such as 20s")?;
        Ok(Lifetime { secs })
    }
}

fn unit_secs(unit: &str) -> Option<u64> {
    match unit {
        "" | "s" => Some(1),
        "m" => Some(60),
        "h" => Some(3600),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Lifetime;

    #[test]
    fn seconds_minutes_and_hours_are_understood() {
        let secs = |text: &str| text.parse::<Lifetime>().unwrap().secs();
        assert_eq!([secs("20s"), secs("20"), secs("5m"), secs("2h")], [20, 20, 300, 7200]);
    }

    #[test]
    fn what_is_no_span_of_time_is_refused() {
        for text in ["", "s", "0s", "-1s", "20 s", "20d", "1.5m", "99999999999999999999s", "9999999999999999999h"] {
            assert!(text.parse::<Lifetime>().is_err(), "{text}");
        }
    }
}
