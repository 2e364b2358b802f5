//! `user import`: accounts of another system, with the hashes that it stored. Every row is checked before the
//! first is written; they are created all, in one transaction, or none.

mod csv;
mod json;
mod row;

use super::directory::Directory;
use super::draft::{Draft, DraftFault};
use super::output::say;
use super::{CommandError, Outcome};
use crate::account::{IdentifierKind, NewAccount, PasswordHash};
use crate::config::{Config, RealmConfig};
use crate::passwords::adopt_hash;
use crate::store::StoreError;
use clap::{Args, ValueEnum};
use row::Row;
use std::collections::HashMap;
use std::path::PathBuf;

/// What `user import` takes.
#[derive(Debug, Args)]
pub(super) struct ImportArguments {
    /// The realm they are to belong to.
    #[arg(long)]
    realm: String,
    /// How the file is written.
    #[arg(long)]
    format: Format,
    /// CSV with a header, or a JSON array of objects. Columns: username, email, phone, password_hash, enabled,
    /// validated, roles, organization, memberships (lists split at semicolons in CSV), and each field of the
    /// dialect as field.NAME (in JSON: an object "fields").
    file: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Csv,
    Json,
}

pub(super) async fn import(arguments: &ImportArguments, config: &Config) -> Outcome {
    let directory = Directory::open(config, &arguments.realm).await?;
    let bytes = std::fs::read(&arguments.file)
        .map_err(|error| CommandError::Failed(format!("{}: {error}", arguments.file.display())))?;
    let rows = match arguments.format {
        Format::Csv => csv::rows(&bytes),
        Format::Json => json::rows(&bytes),
    };
    let accounts = rows.and_then(|rows| checked(rows, directory.realm)).map_err(|told| refused(arguments, &told))?;
    match directory.acting().import(&directory.realm.name, &accounts).await {
        Ok(created) => say(&format!("{} accounts imported into {}", created.len(), directory.realm.name)),
        Err(StoreError::Taken { position, kind }) => {
            let taken = format!("row {}, column {}: another account of this realm has it", position + 1, kind.name());
            return Err(refused(arguments, &[taken]));
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

fn refused(arguments: &ImportArguments, told: &[String]) -> CommandError {
    let file = arguments.file.display();
    let lines: Vec<String> = told.iter().map(|line| format!("{file}: {line}")).collect();
    CommandError::Failed(format!("{}\nnothing was imported", lines.join("\n")))
}

/// The accounts of all rows, or every fault of every row.
fn checked(rows: Vec<Row>, realm: &RealmConfig) -> Result<Vec<NewAccount>, Vec<String>> {
    let (mut accounts, mut told) = (Vec::with_capacity(rows.len()), Vec::new());
    let mut seen = HashMap::new();
    for (at, row) in rows.into_iter().enumerate() {
        let number = at + 1;
        let mut faults = row.faults;
        let hash = adopted(row.password_hash.as_ref()).map_err(|fault| faults.push(fault)).ok();
        match row.draft.checked(realm, hash.unwrap_or(PasswordHash(String::new()))) {
            Ok(account) => {
                faults.extend(repeated(&account, number, &mut seen));
                accounts.push(account);
            }
            Err(more) => faults.extend(more),
        }
        told.extend(faults.iter().map(|fault| format!("row {number}, column {}: {}", fault.what, fault.reason)));
    }
    if told.is_empty() { Ok(accounts) } else { Err(told) }
}

fn adopted(hash: Option<&PasswordHash>) -> Result<PasswordHash, DraftFault> {
    let fault = |reason: String| DraftFault::new("password_hash", reason);
    let hash = hash.ok_or_else(|| fault("is missing; expected a hash as the other system stored it".into()))?;
    adopt_hash(&hash.0).map_err(|it| fault(it.to_string()))
}

/// Two rows of one file that would be found by the same text.
fn repeated(account: &NewAccount, number: usize, seen: &mut HashMap<String, usize>) -> Vec<DraftFault> {
    let own = [
        (IdentifierKind::Username, &account.username),
        (IdentifierKind::Email, &account.email),
        (IdentifierKind::Phone, &account.phone),
    ];
    let mut faults = Vec::new();
    for (kind, text) in own {
        let Some(Ok(value)) = text.as_deref().map(|text| kind.normal(text)) else { continue };
        let earlier = *seen.entry(value).or_insert(number);
        if earlier != number {
            faults.push(DraftFault::new(kind.name(), format!("row {earlier} has it already")));
        }
    }
    faults
}
