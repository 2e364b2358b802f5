//! Where a password comes from: standard input, the environment, or a prompt that does not show it. Never an argument, which
//! every process of the machine can read and every shell remembers.

use crate::output::CommandError;
use std::io::{BufRead, IsTerminal};
use zeroize::Zeroizing;

/// The variable that may hold it.
const VARIABLE: &str = "RELATCH_PASSWORD";

/// Reads the password.
///
/// # Errors
/// If there is none and nobody to ask.
pub(crate) fn read(from_stdin: bool) -> Result<Zeroizing<String>, CommandError> {
    if from_stdin {
        return first_line();
    }
    if let Ok(password) = std::env::var(VARIABLE) {
        return Ok(Zeroizing::new(password));
    }
    if std::io::stdin().is_terminal() {
        return rpassword::prompt_password("Password: ").map(Zeroizing::new).map_err(|error| failed(&error));
    }
    Err(CommandError::Usage(format!(
        "no password: give it with --password-stdin, in {VARIABLE}, or at a terminal's prompt"
    )))
}

/// The line without its end; spaces belong to the password.
fn first_line() -> Result<Zeroizing<String>, CommandError> {
    let mut line = Zeroizing::new(String::new());
    std::io::stdin().lock().read_line(&mut line).map_err(|error| failed(&error))?;
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).into()))
}

fn failed(error: &std::io::Error) -> CommandError {
    CommandError::Failed(format!("the password cannot be read: {error}"))
}
