//! `user disable`, `user enable`, `user set-password`, `user sign-out`.

use super::Chosen;
use crate::account::IdentifierKind;
use crate::cli::directory::Directory;
use crate::cli::output::say;
use crate::cli::{Outcome, secret};
use crate::config::{Config, Environment};
use crate::store::EndReason;
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
    directory.store().set_enabled(account.id, enabled, directory.clock.now_ms()).await?;
    say(&format!("{} is {}", account.id, if enabled { "enabled" } else { "disabled" }));
    Ok(())
}

pub(super) async fn set_password(arguments: PasswordArguments, config: &Config, environment: &Environment) -> Outcome {
    let directory = Directory::open(config, &arguments.chosen.realm).await?;
    let account = directory.account(&arguments.chosen.account).await?;
    let identifiers: Vec<&str> = IdentifierKind::ALL.into_iter().filter_map(|it| account.identifier(it)).collect();
    let password = secret::read(arguments.password_stdin, environment, directory.realm, &identifiers)?;
    let hash = directory.passwords.hash(&password, directory.realm.password_scheme).await?;
    directory.store().set_password(account.id, &hash, directory.clock.now_ms()).await?;
    say(&format!("{} has a new password", account.id));
    Ok(())
}

pub(super) async fn sign_out(chosen: &Chosen, config: &Config) -> Outcome {
    let directory = Directory::open(config, &chosen.realm).await?;
    let account = directory.account(&chosen.account).await?;
    let store = directory.store();
    let count = store.end_sessions(account.id, EndReason::SignedOut, directory.clock.now_ms()).await?;
    say(&format!("{} is signed out of {count} {}", account.id, if count == 1 { "session" } else { "sessions" }));
    Ok(())
}
