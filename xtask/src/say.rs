//! What the tasks tell the person in front of them. Progress goes to standard error and results to standard output,
//! so that a result can be piped. A closed pipe is no reason to stop working.

use std::io::Write;

/// One plain line on what is being done.
pub(crate) fn step(text: &str) {
    let _ = writeln!(std::io::stderr(), "xtask: {text}");
}

/// One line of a result.
pub(crate) fn result(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Why a task did not succeed, with all its causes.
pub(crate) fn failure(error: &anyhow::Error) {
    let _ = writeln!(std::io::stderr(), "error: {error:#}");
}
