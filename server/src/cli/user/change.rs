//! `user disable`, `user enable`, `user set-password`.

use super::Chosen;
use crate::account::IdentifierKind;
use crate::cli::directory::Directory;
use crate::cli::output::say;
use crate::cli::{Outcome, secret};
use crate::config::{Config, Environment};
use clap::Args;

/// What `user set-password` takes. Never the password: see `secret`.
#[derive(Debug, Args)]
pub(in crate::cli) struct PasswordArguments {
    #[command(flatten)]
    chosen: Chosen,
    /// The password is the first line of standard input; else RELATCH_PASSWORD or a prompt.
    #[arg(long)]
    password_stdin: bool,
}

pub(super) async fn set_enabled(chosen: &Chosen, config: &Config, enabled: bool) -> Outcome {
    let directory = Directory::open(config, &chosen.realm).await?;
    let account = directory.account(&chosen.account).await?;
    directory.acting().set_enabled(&account, enabled).await?;
    say(&format!("{} is {}", account.id, if enabled { "enabled" } else { "disabled" }));
    Ok(())
}

pub(super) async fn set_password(arguments: PasswordArguments, config: &Config, environment: &Environment) -> Outcome {
    let directory = Directory::open(config, &arguments.chosen.realm).await?;
    let account = directory.account(&arguments.chosen.account).await?;
    let identifiers: Vec<&str> = IdentifierKind::ALL.into_iter().filter_map(|it| account.identifier(it)).collect();
    let password = secret::read(arguments.password_stdin, environment, directory.realm, &identifiers)?;
    let hash = directory.passwords.hash(&password, directory.realm.password_scheme).await?;
    directory.acting().set_password(&account, &hash).await?;
    say(&format!("{} has a new password", account.id));
    Ok(())
}
