//! `user add`.

use crate::account::PasswordHash;
use crate::cli::directory::Directory;
use crate::cli::draft::{Draft, DraftFault};
use crate::cli::output::say;
use crate::cli::{CommandError, Outcome, secret};
use crate::config::{Config, Environment};
use crate::store::StoreError;
use clap::Args;

/// What `user add` takes. Never the password: see `secret`.
#[derive(Debug, Args)]
pub(in crate::cli) struct AddArguments {
    /// The realm it is to belong to.
    #[arg(long)]
    realm: String,
    /// The name it logs in with.
    #[arg(long)]
    username: Option<String>,
    /// Its email address.
    #[arg(long)]
    email: Option<String>,
    /// Its phone number with country code.
    #[arg(long)]
    phone: Option<String>,
    /// A role; may be given again. The dialect's lowest role if none is given.
    #[arg(long = "role")]
    roles: Vec<String>,
    /// The organization it acts for unless it asks for another.
    #[arg(long)]
    organization: Option<String>,
    /// A further organization of which it is a member; may be given again.
    #[arg(long = "member-of", value_name = "ORGANIZATION")]
    memberships: Vec<String>,
    /// A field of the dialect, as name=value, such as nombre=Ada or puesto.id=3; may be given again.
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = field)]
    fields: Vec<(String, String)>,
    /// It has to be validated before its first login.
    #[arg(long)]
    not_validated: bool,
    /// It may not log in yet.
    #[arg(long)]
    disabled: bool,
    /// The password is the first line of standard input; else RELATCH_PASSWORD or a prompt.
    #[arg(long)]
    password_stdin: bool,
}

fn field(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected name=value")?;
    Ok((name.into(), value.into()))
}

pub(super) async fn add(arguments: AddArguments, config: &Config, environment: &Environment) -> Outcome {
    let directory = Directory::open(config, &arguments.realm).await?;
    let from_stdin = arguments.password_stdin;
    // Checked before anybody is asked for a password, and hashed after.
    let unhashed = PasswordHash(String::new());
    let mut account = draft(arguments).checked(directory.realm, unhashed).map_err(|faults| told(&faults))?;
    let identifiers: Vec<&str> =
        [&account.username, &account.email, &account.phone].into_iter().flatten().map(String::as_str).collect();
    let password = secret::read(from_stdin, environment, directory.realm, &identifiers)?;
    account.password_hash = directory.passwords.hash(&password, directory.realm.password_scheme).await?;
    match directory.acting().add(&account).await {
        Ok(account) => say(&account.id.to_string()),
        Err(StoreError::Taken { kind, .. }) => return Err(taken(kind.name())),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

fn draft(arguments: AddArguments) -> Draft {
    Draft {
        username: arguments.username,
        email: arguments.email,
        phone: arguments.phone,
        disabled: arguments.disabled,
        not_validated: arguments.not_validated,
        roles: arguments.roles,
        organization: arguments.organization,
        memberships: arguments.memberships,
        fields: arguments.fields,
        extension: None,
    }
}

fn told(faults: &[DraftFault]) -> CommandError {
    let line = |fault: &DraftFault| match (fault.what.as_str(), fault.what.strip_prefix("field.")) {
        (_, Some(field)) => format!("--field {field}: {}", fault.reason),
        ("roles", None) => format!("--role: {}", fault.reason),
        (option, None) => format!("--{option}: {}", fault.reason),
    };
    CommandError::Failed(faults.iter().map(line).collect::<Vec<_>>().join("\n"))
}

fn taken(kind: &str) -> CommandError {
    CommandError::Failed(format!("--{kind}: another account of this realm has it"))
}
