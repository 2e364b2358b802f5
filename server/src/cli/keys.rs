//! `keys …`: looks after the keys that the server keeps. Those that the configuration names are changed there.

use super::directory::Directory;
use super::output::say;
use super::{CommandError, Outcome};
use crate::audit::Acting;
use crate::clock::Clock;
use crate::config::{Config, Environment};
use crate::keys::{KeyPurpose, MasterKey, NOTICE_MS};
use crate::realm::Realm;
use crate::store::{Retirement, SigningKey, SqliteStore};
use crate::tokens::REFRESH_ALG;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use std::path::PathBuf;
use zeroize::Zeroizing;

/// A command about keys.
#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// Lists a realm's keys, the newest first: id, algorithm, state. Signing keys, then the secrets of refresh tokens.
    List(Chosen),
    /// Makes a key that takes over in a minute, and prints its id. The old ones go on verifying until the last token
    /// that they made has ended.
    Rotate(RotateArguments),
    /// Ends a key: the tokens that it made are refused within a second. Not the last one that signs.
    Retire(RetireArguments),
    /// Seals everything that is kept, of every realm, under a new master key: all or nothing.
    Reseal(ResealArguments),
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
    /// Replaces the secret of refresh tokens rather than the signing key. Sessions go on, and move to it as they renew.
    #[arg(long)]
    refresh: bool,
    /// The new key signs at once, so that a key that got out can be retired right away. Processes that have not yet
    /// read it refuse its access tokens for up to a second, whoever keeps the published key set for up to a minute.
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
    /// Ends the sessions, too, whose refresh tokens it made; without this, a key that sessions need stays.
    #[arg(long)]
    end_sessions: bool,
}

/// Where the new master key is.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(super) struct ResealArguments {
    /// The file that holds it: 32 random bytes in base64.
    #[arg(long, value_name = "FILE")]
    new_master_key_file: Option<PathBuf>,
    /// The environment variable that holds it.
    #[arg(long, value_name = "NAME")]
    new_master_key_env: Option<String>,
}

pub(super) async fn run(command: KeysCommand, config: &Config, environment: &Environment) -> Outcome {
    match command {
        KeysCommand::List(chosen) => list(&Directory::open(config, &chosen.realm).await?).await,
        KeysCommand::Rotate(it) => begin(&Directory::open(config, &it.chosen.realm).await?, &it).await,
        KeysCommand::Retire(it) => retire(&Directory::open(config, &it.chosen.realm).await?, &it).await,
        KeysCommand::Reseal(it) => seal_anew(config, &new_master_key(&it, environment)?).await,
    }
}

async fn list(directory: &Directory<'_>) -> Outcome {
    let realm = directory.realm;
    if realm.secret.is_some() {
        say(&format!("the configuration names the key of realm {} ({})", realm.name, realm.issue.alg));
    } else {
        list_kept(directory, &realm.issue.alg).await?;
    }
    list_kept(directory, REFRESH_ALG).await
}

async fn list_kept(directory: &Directory<'_>, alg: &str) -> Outcome {
    let keys = directory.store().signing_keys(&directory.realm.name, alg).await?;
    let now_ms = directory.clock.now_ms();
    let signing = keys.iter().position(|it| it.signs_at(now_ms));
    for (at, key) in keys.iter().enumerate() {
        let kept = if key.sealed { "sealed" } else { "in the open" };
        say(&format!("{}  {}  {}  {kept}", key.id, key.alg, state(key, signing == Some(at), now_ms)));
    }
    Ok(())
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

async fn begin(directory: &Directory<'_>, arguments: &RotateArguments) -> Outcome {
    let realm = Realm::open(directory.realm, directory.store(), directory.clock.now_ms()).await?;
    let notice_ms = if arguments.now { 0 } else { NOTICE_MS };
    let purpose = if arguments.refresh { KeyPurpose::Refresh } else { KeyPurpose::Signing };
    if let Some(id) = directory.acting().rotate_keys(&realm, purpose, notice_ms, None).await? {
        say(&id);
    }
    Ok(())
}

async fn retire(directory: &Directory<'_>, arguments: &RetireArguments) -> Outcome {
    let (realm, id) = (&directory.realm.name, &arguments.key);
    let ended = match directory.acting().retire_key(realm, id, arguments.end_sessions).await? {
        Retirement::Done(ended) => ended,
        Retirement::Needed(sessions) => {
            return Err(CommandError::Failed(format!(
                "key {id} of realm {realm} was not ended: {sessions} sessions would end with it, whose refresh tokens it made \
                 (`--end-sessions` ends them too; those that renew move to the newest key and need it no longer)"
            )));
        }
        Retirement::Refused => {
            return Err(CommandError::Failed(format!(
                "key {id:?} of realm {realm} was not ended: it is not there, has ended already, or no other key signs yet \
                 (`keys rotate --now` makes one, with `--refresh` for refresh tokens)"
            )));
        }
    };
    if ended > 0 {
        say(&format!("{ended} sessions have ended with it"));
    }
    Ok(())
}

fn new_master_key(arguments: &ResealArguments, environment: &Environment) -> Result<MasterKey, CommandError> {
    let (from, text) = match (&arguments.new_master_key_file, &arguments.new_master_key_env) {
        (Some(file), _) => {
            let text = std::fs::read_to_string(file).map(Zeroizing::new);
            let failed = |error| CommandError::Usage(format!("{} cannot be read: {error}", file.display()));
            (file.display().to_string(), text.map_err(failed)?)
        }
        (None, name) => {
            let name = name.as_deref().unwrap_or_default();
            let unset = || CommandError::Usage(format!("the environment variable {name} is not set"));
            (name.into(), Zeroizing::new(environment.get(name).ok_or_else(unset)?.into()))
        }
    };
    MasterKey::parse(&text).map_err(|reason| CommandError::Usage(format!("{from}: {reason}")))
}

async fn seal_anew(config: &Config, new: &MasterKey) -> Outcome {
    let (store, clock) = (SqliteStore::open(&config.database).await?, Clock::system());
    let acting = Acting::new(&store, &clock, super::actor());
    let old = config.realms.first().and_then(|it| it.master_key.as_ref());
    let sealed = acting.reseal_keys(old, new).await.map_err(|error| {
        let (CommandError::Failed(reason) | CommandError::Usage(reason)) = CommandError::failed(&error);
        CommandError::Failed(format!(
            "nothing was changed: {reason} (the configuration has to name the master key from before)"
        ))
    })?;
    say(&match sealed {
        0 => "everything is sealed under this master key already".to_owned(),
        _ => format!("{sealed} keys are sealed under the new master key"),
    });
    say("name it in the configuration and start every server anew: until then they go on with the keys that they have");
    store.close().await;
    Ok(())
}
