//! Where a password comes from: standard input, the environment, or a prompt that does not show it. Never an
//! argument, which every process of the machine can read and every shell remembers.

use super::CommandError;
use crate::config::{Environment, RealmConfig};
use std::io::{BufRead, IsTerminal};
use zeroize::Zeroizing;

/// Reads a new password and checks it against what the realm asks for.
pub(super) fn read(
    from_stdin: bool,
    environment: &Environment,
    realm: &RealmConfig,
) -> Result<Zeroizing<String>, CommandError> {
    let password = given(from_stdin, environment)?;
    check(&password, realm).map_err(CommandError::Failed)?;
    Ok(password)
}

/// What the realm asks of a new password.
///
/// # Errors
/// What is wrong with this one.
pub(crate) fn check(password: &str, realm: &RealmConfig) -> Result<(), String> {
    realm.password_scheme.accepts(password).map_err(|error| error.to_string())?;
    if let Some((least, most)) = realm.issue.password_length
        && !(least..=most).contains(&(password.chars().count() as u64))
    {
        return Err(format!("the password must have {least} to {most} characters"));
    }
    Ok(())
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
