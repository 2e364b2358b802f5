//! `user …`: looks after accounts.

mod add;
mod change;
mod person;
mod sessions;
mod show;

use super::import::ImportArguments;
use super::{Outcome, import};
use crate::config::{Config, Environment};
use clap::{Args, Subcommand};

/// A command about accounts.
#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Creates an account and prints its id.
    Add(add::AddArguments),
    /// Lists a realm's accounts.
    List(show::ListArguments),
    /// Shows one account.
    Show(show::ShowArguments),
    /// Shuts an account out and ends its sessions.
    Disable(Chosen),
    /// Lets a disabled account in again; its earlier sessions stay ended.
    Enable(Chosen),
    /// Sets a new password and ends the account's sessions.
    SetPassword(change::PasswordArguments),
    /// Prints all that is kept about an account's owner, as JSON.
    Export(Chosen),
    /// Removes an account and all that belongs to it; it cannot be had back.
    Delete(person::DeleteArguments),
    /// Lists an account's sessions, the newest first.
    Sessions(sessions::SessionsArguments),
    /// Ends an account's sessions, wherever it is signed in; its owner may log in again at once.
    SignOut(sessions::SignOutArguments),
    /// Creates accounts from a file with hashed passwords: all of them, or none.
    Import(ImportArguments),
}

/// Which account is meant.
#[derive(Debug, Args)]
pub(super) struct Chosen {
    /// The account's realm.
    #[arg(long)]
    realm: String,
    /// Its id, or any identifier of it.
    account: String,
}

pub(super) async fn run(command: UserCommand, config: &Config, environment: &Environment) -> Outcome {
    match command {
        UserCommand::Add(arguments) => add::add(arguments, config, environment).await,
        UserCommand::List(arguments) => show::list(arguments, config).await,
        UserCommand::Show(arguments) => show::show(arguments, config).await,
        UserCommand::Disable(chosen) => change::set_enabled(&chosen, config, false).await,
        UserCommand::Enable(chosen) => change::set_enabled(&chosen, config, true).await,
        UserCommand::SetPassword(arguments) => change::set_password(arguments, config, environment).await,
        UserCommand::Export(chosen) => person::export(&chosen, config).await,
        UserCommand::Delete(arguments) => person::delete(&arguments, config).await,
        UserCommand::Sessions(arguments) => sessions::list(&arguments, config).await,
        UserCommand::SignOut(arguments) => sessions::sign_out(&arguments, config).await,
        UserCommand::Import(arguments) => import::import(&arguments, config).await,
    }
}
