//! `user list` and `user show`. Password hashes are never shown.

use super::Chosen;
use crate::account::Account;
use crate::cli::Outcome;
use crate::cli::directory::Directory;
use crate::cli::output::say;
use crate::config::Config;
use crate::shown::User;
use clap::Args;
use serde_json::{Value as Json, json};

/// What `user list` takes.
#[derive(Debug, Args)]
pub(in crate::cli) struct ListArguments {
    /// The realm.
    #[arg(long)]
    realm: String,
    /// One JSON object a line, with everything but the password hash.
    #[arg(long)]
    json: bool,
}

/// What `user show` takes.
#[derive(Debug, Args)]
pub(in crate::cli) struct ShowArguments {
    #[command(flatten)]
    chosen: Chosen,
    /// A JSON object.
    #[arg(long)]
    json: bool,
}

/// How many accounts are in memory at once, however large the realm is.
const PAGE: u32 = 500;

pub(super) async fn list(arguments: ListArguments, config: &Config) -> Outcome {
    let directory = Directory::open(config, &arguments.realm).await?;
    if !arguments.json {
        say("number\tid\tusername\temail\tphone\troles\tstate");
    }
    let mut after = 0;
    loop {
        let page = directory.store().list_accounts(&directory.realm.name, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.number;
        page.iter().for_each(|it| say(&if arguments.json { json!(User::from(it)).to_string() } else { row(it) }));
    }
}

pub(super) async fn show(arguments: ShowArguments, config: &Config) -> Outcome {
    let directory = Directory::open(config, &arguments.chosen.realm).await?;
    let account = directory.account(&arguments.chosen.account).await?;
    let members = json!(User::from(&account));
    if arguments.json {
        say(&members.to_string());
        return Ok(());
    }
    for (name, value) in members.as_object().into_iter().flatten() {
        say(&format!("{name:<21} {}", plain(value)));
    }
    Ok(())
}

fn row(account: &Account) -> String {
    let text = |it: &Option<String>| it.clone().unwrap_or_else(|| "-".into());
    let state = match (account.enabled, account.validated) {
        (false, _) => "disabled",
        (true, false) => "not-validated",
        (true, true) => "enabled",
    };
    let (username, email, phone) = (text(&account.username), text(&account.email), text(&account.phone));
    format!("{}\t{}\t{username}\t{email}\t{phone}\t{}\t{state}", account.number, account.id, account.roles.join(","))
}

fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Null => "-".into(),
        other => other.to_string(),
    }
}
