//! `user export`, `user delete`: one person's data as a whole.

use super::Chosen;
use crate::cli::directory::Directory;
use crate::cli::output::say;
use crate::cli::{CommandError, Outcome};
use crate::config::Config;
use clap::Args;

/// What `user delete` takes.
#[derive(Debug, Args)]
pub(in crate::cli) struct DeleteArguments {
    #[command(flatten)]
    chosen: Chosen,
    /// Yes, for good: nothing brings it back.
    #[arg(long)]
    yes: bool,
}

pub(super) async fn export(chosen: &Chosen, config: &Config) -> Outcome {
    let directory = Directory::open(config, &chosen.realm).await?;
    let account = directory.account(&chosen.account).await?;
    say(&format!("{:#}", directory.acting().export(&account).await?));
    Ok(())
}

pub(super) async fn delete(arguments: &DeleteArguments, config: &Config) -> Outcome {
    let directory = Directory::open(config, &arguments.chosen.realm).await?;
    let account = directory.account(&arguments.chosen.account).await?;
    if !arguments.yes {
        let reason = "deleting is for good: say --yes, or disable the account instead";
        return Err(CommandError::Usage(reason.into()));
    }
    directory.acting().delete(&account).await?;
    say(&format!("{} is deleted", account.id));
    Ok(())
}
