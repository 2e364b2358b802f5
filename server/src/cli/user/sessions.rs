//! `user sessions` and `user sign-out`.

use super::Chosen;
use crate::cli::directory::Directory;
use crate::cli::output::say;
use crate::cli::time::iso8601;
use crate::cli::{CommandError, Outcome};
use crate::config::Config;
use crate::shown;
use crate::store::{Session, SessionId};
use clap::Args;
use serde_json::json;
use uuid::Uuid;

/// More than anybody has, and few enough to look at.
const MOST: u32 = 1000;

/// What `user sessions` takes.
#[derive(Debug, Args)]
pub(in crate::cli) struct SessionsArguments {
    #[command(flatten)]
    chosen: Chosen,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
}

/// What `user sign-out` takes.
#[derive(Debug, Args)]
pub(in crate::cli) struct SignOutArguments {
    #[command(flatten)]
    chosen: Chosen,
    /// This session only, rather than all of them.
    #[arg(long)]
    session: Option<Uuid>,
}

pub(super) async fn list(arguments: &SessionsArguments, config: &Config) -> Outcome {
    let directory = Directory::open(config, &arguments.chosen.realm).await?;
    let account = directory.account(&arguments.chosen.account).await?;
    if !arguments.json {
        say("id\tgeneration\tbegan\tends\tended");
    }
    for session in directory.store().sessions_of(&account.realm, account.id, MOST).await? {
        say(&if arguments.json { json!(shown::Session::from(&session)).to_string() } else { row(&session) });
    }
    Ok(())
}

pub(super) async fn sign_out(arguments: &SignOutArguments, config: &Config) -> Outcome {
    let directory = Directory::open(config, &arguments.chosen.realm).await?;
    let account = directory.account(&arguments.chosen.account).await?;
    let Some(session) = arguments.session.map(SessionId) else {
        let ended = directory.acting().sign_out(&account).await?;
        say(&format!("{ended} sessions of {} have ended", account.id));
        return Ok(());
    };
    let found = directory.store().session(&account.realm, session).await?;
    if !found.is_some_and(|(it, _)| it.account == account.id) {
        return Err(CommandError::Failed(format!("--session: {} has no session {session}", account.id)));
    }
    let ended = directory.acting().end_session(&account, session).await?;
    say(&format!("session {session} has {}", if ended { "ended" } else { "ended before" }));
    Ok(())
}

fn row(session: &Session) -> String {
    let time = |at_ms| iso8601(at_ms).unwrap_or_default();
    let ended = session.ended.map_or("-".into(), |(at_ms, reason)| format!("{} {}", time(at_ms), reason.name()));
    let (began, ends) = (time(session.created_at_ms), time(session.expires_at_ms));
    format!("{}\t{}\t{began}\t{ends}\t{ended}", session.id, session.generation)
}
