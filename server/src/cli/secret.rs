//! Where a password comes from: standard input, the environment, or a prompt that does not show it. Never an
//! argument, which every process of the machine can read and every shell remembers.

use super::CommandError;
use crate::config::{Environment, RealmConfig};
use std::io::{BufRead, IsTerminal};
use zeroize::Zeroizing;

/// Reads a new password of an account with these identifiers, and checks it against what the realm asks for.
pub(super) fn read(
    from_stdin: bool,
    environment: &Environment,
    realm: &RealmConfig,
    identifiers: &[&str],
) -> Result<Zeroizing<String>, CommandError> {
    let password = given(from_stdin, environment)?;
    realm.password_policy().check(&password, identifiers)?;
    Ok(password)
}

fn given(from_stdin: bool, environment: &Environment) -> Result<Zeroizing<String>, CommandError> {
    if from_stdin {
        return first_line();
    }
    if let Some(password) = environment.get("RELATCH_PASSWORD") {
        return Ok(Zeroizing::new(password.into()));
    }
    if std::io::stdin().is_terminal() {
        return prompted();
    }
    Err(CommandError::Usage(
        "no password: give it with --password-stdin, in RELATCH_PASSWORD, or at a terminal's prompt".into(),
    ))
}

/// The line without its end; spaces belong to the password.
fn first_line() -> Result<Zeroizing<String>, CommandError> {
    let mut line = Zeroizing::new(String::new());
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).into()))
}

fn prompted() -> Result<Zeroizing<String>, CommandError> {
    let first = Zeroizing::new(rpassword::prompt_password("Password: ")?);
    let second = Zeroizing::new(rpassword::prompt_password("The same again: ")?);
    if first != second {
        return Err(CommandError::Failed("the two passwords differ".into()));
    }
    Ok(first)
}
