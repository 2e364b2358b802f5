//! `backup` and `restore`.

use super::output::say;
use super::time::iso8601;
use super::{CommandError, Outcome};
use crate::audit::{Acting, Action, Subject};
use crate::clock::Clock;
use crate::config::Config;
use crate::store::{
    EndReason, Restoration, Revival, Revived, RevivedAccount, RevivedSession, SqliteStore, Store, backup,
};
use clap::Args;
use std::path::PathBuf;

/// What `backup` takes.
#[derive(Debug, Args)]
pub(super) struct BackupArguments {
    /// The file to be made; it must not be there yet.
    file: PathBuf,
}

/// What `restore` takes.
#[derive(Debug, Args)]
pub(super) struct RestoreArguments {
    /// The backup.
    file: PathBuf,
    /// Ends the sessions that it would bring back to life.
    #[arg(long)]
    revoke_sessions: bool,
    /// Tells what it would bring back to life, and changes nothing.
    #[arg(long)]
    dry_run: bool,
}

/// A copy that cannot be recorded is removed again; if the process dies in between, it is there without an entry.
pub(super) async fn make(arguments: &BackupArguments, config: &Config) -> Outcome {
    let (store, clock) = (SqliteStore::open(&config.database).await?, Clock::system());
    let subject = Subject::default().with_detail(arguments.file.display().to_string());
    let made = backup(&config.database, &arguments.file).await.map_err(CommandError::from);
    let is_made = made.is_ok();
    let recorded = Acting::new(&store, &clock, super::actor()).record(Action::Backup, subject, made).await;
    if is_made && recorded.is_err() {
        std::fs::remove_file(&arguments.file)?;
    }
    let (checked, file) = (recorded?, arguments.file.display());
    let schema = checked.schema;
    say(&format!("{file}: {} accounts, {} sessions, schema {schema}, checked", checked.accounts, checked.sessions));
    store.close().await;
    Ok(())
}

pub(super) async fn restore(arguments: &RestoreArguments, config: &Config) -> Outcome {
    let clock = Clock::system();
    let restoration = Restoration::prepare(&config.database, &arguments.file, clock.now_ms()).await?;
    let (file, checked) = (arguments.file.display(), restoration.checked);
    say(&format!("{file}: {} accounts, {} sessions, schema {}", checked.accounts, checked.sessions, checked.schema));
    tell(restoration.revived.as_ref());
    if arguments.dry_run {
        restoration.abandon().await;
        say("nothing was changed");
        return Ok(());
    }
    let mut detail = arguments.file.display().to_string();
    if arguments.revoke_sessions {
        let revoked = revoke(&restoration, config, &clock).await?;
        say(&format!("{revoked} sessions revoked"));
        detail = format!("{detail}, {revoked} sessions revoked");
    }
    // Into the copy, which becomes the database only after it.
    let (acting, subject) = (Acting::new(&restoration.store, &clock, super::actor()), Subject::default());
    acting.record(Action::Restore, subject.with_detail(detail), Ok::<_, CommandError>(())).await?;
    if let Some(old) = restoration.finish().await? {
        say(&format!("the database from before is {}", old.display()));
    }
    say(&format!("{} is restored", config.database.display()));
    Ok(())
}

/// Ends what came back to life; without a database to compare with, whatever lives.
async fn revoke(restoration: &Restoration, config: &Config, clock: &Clock) -> Result<u64, CommandError> {
    let (store, now_ms): (&dyn Store, i64) = (&restoration.store, clock.now_ms());
    let mut revoked = 0;
    if let Some(revived) = &restoration.revived {
        for session in &revived.sessions {
            let reason =
                session.ended.as_ref().and_then(|(_, name)| EndReason::ALL.into_iter().find(|it| it.name() == name));
            revoked += u64::from(store.end_session(session.id, reason.unwrap_or(EndReason::Restored), now_ms).await?);
        }
        return Ok(revoked);
    }
    for realm in &config.realms {
        let mut after = 0;
        loop {
            let page = store.list_accounts(&realm.name, after, 500).await?;
            let Some(last) = page.last() else { break };
            after = last.number;
            for account in &page {
                revoked += store.end_sessions(account.id, EndReason::Restored, now_ms).await?;
            }
        }
    }
    Ok(revoked)
}

fn tell(revived: Option<&Revived>) {
    let Some(revived) = revived else {
        say("there is no database that it could be compared with: whatever lives in it lives again");
        return;
    };
    if revived.sessions.is_empty() && revived.accounts.is_empty() && revived.keys == 0 {
        say("it brings nothing back to life");
    } else {
        say("it brings back to life:");
    }
    revived.sessions.iter().for_each(|it| say(&session(it)));
    revived.accounts.iter().for_each(|it| say(&account(it)));
    if revived.keys > 0 {
        say(&format!("  {} signing keys that were retired since", revived.keys));
    }
    if !revived.sessions.is_empty() {
        say("(--revoke-sessions ends these sessions)");
    }
    if revived.renewed_since > 0 {
        say(&format!("{} sessions were renewed since; they go on", revived.renewed_since));
    }
    if revived.begun_since > 0 {
        say(&format!("{} sessions began since, and are lost", revived.begun_since));
    }
}

fn session(session: &RevivedSession) -> String {
    let (id, realm, account) = (session.id, &session.realm, session.account);
    let since = session.ended.as_ref().map_or("is not known any more".into(), |(at_ms, reason)| {
        format!("ended {} ({reason})", iso8601(*at_ms).unwrap_or_default())
    });
    format!("  session {id} of {account} ({realm}), which {since}")
}

fn account(account: &RevivedAccount) -> String {
    let (id, realm) = (account.id, &account.realm);
    let what = match account.revival {
        Revival::Enabled => format!("was disabled since: `user disable --realm {realm} {id}`"),
        Revival::Undeleted => format!("was deleted since: `user delete --realm {realm} {id}`"),
        Revival::OldPassword => "has got another password since; the one from before is good again".into(),
        Revival::OldRoles => "has got other roles since; it has those from before again".into(),
    };
    format!("  account {id} ({realm}), which {what}")
}
