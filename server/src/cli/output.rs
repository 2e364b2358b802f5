//! The only place that prints. A reader that has gone (`relatch-server user list | head`) is no failure.

use std::io::Write;

/// One line to standard output.
pub(super) fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Lines to standard error.
pub(super) fn complain(lines: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{lines}");
}
