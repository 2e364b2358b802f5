//! Counting tests, and reading the counts of those who ran them.

use std::fmt;
use std::ops::AddAssign;

/// How many tests came out in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Tally {
    /// A check that either holds or does not.
    pub(crate) fn one(holds: bool) -> Tally {
        Tally { passed: holds.into(), failed: (!holds).into(), skipped: 0 }
    }

    /// The sums of what `cargo test` printed for each of its binaries.
    pub(crate) fn of_cargo_test(output: &str, succeeded: bool) -> Tally {
        let mut tests = Tally::default();
        for line in output.lines().filter_map(|line| line.strip_prefix("test result: ")) {
            tests.passed += before(line, "passed");
            tests.failed += before(line, "failed");
            tests.skipped += before(line, "ignored");
        }
        tests.of_status(succeeded)
    }

    /// The summary at the end of a TAP report from `node --test`.
    pub(crate) fn of_tap(report: &str, succeeded: bool) -> Tally {
        let count = |name: &str| {
            let mut lines = report.lines().rev().filter_map(|line| line.strip_prefix("# ")?.strip_prefix(name));
            lines.find_map(|rest| rest.trim().parse().ok()).unwrap_or(0)
        };
        let failed = count("fail ") + count("cancelled ");
        Tally { passed: count("pass "), failed, skipped: count("skipped ") + count("todo ") }.of_status(succeeded)
    }

    /// Whoever fails without naming a test, by not compiling or by crashing, has one failure all the same.
    fn of_status(self, succeeded: bool) -> Tally {
        if succeeded { self } else { Tally { failed: self.failed.max(1), ..self } }
    }
}

/// The number in front of a word, as in `12 passed`.
fn before(line: &str, word: &str) -> u64 {
    let words: Vec<&str> = line.split([' ', ';']).collect();
    let at = words.windows(2).find_map(|pair| (pair.last() == Some(&word)).then(|| pair.first()).flatten());
    at.and_then(|number| number.parse().ok()).unwrap_or(0)
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    const TWO_BINARIES: &str = "\
running 13 tests
test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s
test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s
";

    #[test]
    fn the_binaries_of_cargo_test_are_summed_up() {
        assert_eq!(Tally::of_cargo_test(TWO_BINARIES, false), Tally { passed: 15, failed: 2, skipped: 1 });
    }

    #[test]
    fn a_failure_without_a_failed_test_counts_as_one() {
        assert_eq!(Tally::of_cargo_test("error: could not compile", false), Tally::one(false));
    }

    #[test]
    fn the_summary_of_a_tap_report_is_read_from_its_end() {
        let report =
            "# pass 99\nok 1 - a\n    # pass 7\n# tests 9\n# pass 5\n# fail 1\n# cancelled 1\n# skipped 2\n# todo 0\n";
        assert_eq!(Tally::of_tap(report, false), Tally { passed: 5, failed: 2, skipped: 2 });
    }

    #[test]
    fn a_tally_reads_as_the_closing_line() {
        assert_eq!(Tally { passed: 3, failed: 0, skipped: 1 }.to_string(), "3 passed, 0 failed, 1 skipped");
    }
}
