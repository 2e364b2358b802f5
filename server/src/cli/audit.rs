//! `audit`: reads the audit log.

use super::Outcome;
use super::output::say;
use super::time::iso8601;
use crate::account::AccountId;
use crate::audit::{AuditQuery, AuditRecord};
use crate::config::Config;
use crate::shown::Entry;
use crate::store::{SqliteStore, Store};
use clap::Args;
use serde_json::json;
use uuid::Uuid;

/// What `audit` takes.
#[derive(Debug, Args)]
pub(super) struct AuditArguments {
    /// Entries of this realm only.
    #[arg(long)]
    realm: Option<String>,
    /// Entries about the account of this id only; it may have been deleted since.
    #[arg(long)]
    account: Option<Uuid>,
    /// At most this many.
    #[arg(long, default_value_t = 100)]
    limit: u32,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
}

pub(super) async fn read(arguments: &AuditArguments, config: &Config) -> Outcome {
    let store = SqliteStore::open(&config.database).await?;
    let store: &dyn Store = &store;
    let query = AuditQuery {
        before: None,
        realm: arguments.realm.clone(),
        account: arguments.account.map(AccountId),
        limit: arguments.limit,
    };
    for record in store.audit_log(&query).await? {
        say(&if arguments.json { json!(Entry::from(record)).to_string() } else { row(&record) });
    }
    Ok(())
}

fn row(record: &AuditRecord) -> String {
    let or_dash = |it: Option<String>| it.unwrap_or_else(|| "-".into());
    let at = or_dash(iso8601(record.at_ms));
    let account = or_dash(record.account.map(|it| it.to_string()));
    let (realm, detail) = (or_dash(record.realm.clone()), or_dash(record.detail.clone()));
    let who = format!("{}:{}", record.channel, record.actor);
    format!("{}\t{at}\t{who}\t{}\t{}\t{realm}\t{account}\t{detail}", record.number, record.action, record.outcome)
}
