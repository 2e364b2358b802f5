//! `keys …`: looks after the signing keys that the server keeps. Keys that the configuration names are changed there.

use super::directory::Directory;
use super::output::say;
use super::{CommandError, Outcome};
use crate::config::Config;
use crate::keys::NOTICE_MS;
use crate::realm::Realm;
use crate::store::SigningKey;
use clap::{Args, Subcommand};
use jiff::Timestamp;

/// A command about signing keys.
#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// Lists a realm's keys, the newest first: id, algorithm, state.
    List(Chosen),
    /// Makes a key that takes over in a minute, and prints its id. The old ones go on verifying until the last token
    /// that they signed has ended.
    Rotate(RotateArguments),
    /// Ends a key: the tokens that it signed are refused within a second. Not the last one that signs.
    Retire(RetireArguments),
}

/// Which realm is meant.
#[derive(Debug, Args)]
pub(super) struct Chosen {
    /// The realm.
    #[arg(long)]
    realm: String,
}

/// How to rotate.
#[derive(Debug, Args)]
pub(super) struct RotateArguments {
    #[command(flatten)]
    chosen: Chosen,
    /// The new key signs at once, so that a key that got out can be retired right away. Processes that have not yet
    /// read it refuse its tokens for up to a second, whoever keeps the published key set for up to a minute.
    #[arg(long)]
    now: bool,
}

/// Which key to end.
#[derive(Debug, Args)]
pub(super) struct RetireArguments {
    #[command(flatten)]
    chosen: Chosen,
    /// The key's id.
    key: String,
}

pub(super) async fn run(command: KeysCommand, config: &Config) -> Outcome {
    match command {
        KeysCommand::List(chosen) => list(&Directory::open(config, &chosen.realm).await?).await,
        KeysCommand::Rotate(it) => begin(&Directory::open(config, &it.chosen.realm).await?, it.now).await,
        KeysCommand::Retire(it) => retire(&Directory::open(config, &it.chosen.realm).await?, &it.key).await,
    }
}

async fn list(directory: &Directory<'_>) -> Outcome {
    let realm = directory.realm;
    if realm.secret.is_some() {
        say(&format!("the configuration names the key of realm {} ({})", realm.name, realm.issue.alg));
        return Ok(());
    }
    let keys = directory.store().signing_keys(&realm.name, &realm.issue.alg).await?;
    let now_ms = directory.clock.now_ms();
    let signing = keys.iter().position(|it| it.signs_from_ms <= now_ms && lives(it, now_ms));
    for (at, key) in keys.iter().enumerate() {
        let kept = if key.sealed { "sealed" } else { "in the open" };
        say(&format!("{}  {}  {}  {kept}", key.id, key.alg, state(key, signing == Some(at), now_ms)));
    }
    Ok(())
}

fn lives(key: &SigningKey, now_ms: i64) -> bool {
    key.verifies_until_ms.is_none_or(|until_ms| now_ms < until_ms)
}

fn state(key: &SigningKey, signs: bool, now_ms: i64) -> String {
    match key.verifies_until_ms {
        Some(until_ms) if until_ms <= now_ms => format!("ended {}", moment(until_ms)),
        Some(until_ms) if signs => format!("signs, verifies until {}", moment(until_ms)),
        Some(until_ms) => format!("verifies until {}", moment(until_ms)),
        None if signs => "signs".into(),
        None if key.signs_from_ms > now_ms => format!("signs from {}", moment(key.signs_from_ms)),
        None => "verifies".into(),
    }
}

fn moment(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map_or_else(|_| "the end of time".into(), |it| it.to_string())
}

async fn begin(directory: &Directory<'_>, at_once: bool) -> Outcome {
    let realm = Realm::open(directory.realm, directory.store(), directory.clock.now_ms()).await?;
    let notice_ms = if at_once { 0 } else { NOTICE_MS };
    if let Some(id) = directory.acting().rotate_keys(&realm, notice_ms, None).await? {
        say(&id);
    }
    Ok(())
}

async fn retire(directory: &Directory<'_>, id: &str) -> Outcome {
    let realm = &directory.realm.name;
    if directory.acting().retire_key(realm, id).await? {
        return Ok(());
    }
    Err(CommandError::Failed(format!(
        "key {id:?} of realm {realm} was not ended: it is not there, has ended already, or no other key signs yet \
         (`keys rotate --now` makes one)"
    )))
}
