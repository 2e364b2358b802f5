//! The accounts that every demo realm has, and the tests log in with. Not for production: everybody knows
//! their password.

mod people;

use crate::account::{IdentifierKind, NewAccount, PasswordHash};
use crate::passwords::{PasswordError, PasswordScheme, Passwords};
use crate::realm::Realm;
use crate::store::{Store, StoreError};
use people::{PEOPLE, Person, Rank};
use relatch_dialects::{FieldKind, FieldType, Issue, Value};
use std::collections::HashMap;

/// The password of every demo account.
pub const DEMO_PASSWORD: &str = "correct horse 9";

/// Why the demo accounts could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The password could not be hashed.
    #[error(transparent)]
    Password(#[from] PasswordError),
}

/// Makes the demo accounts that a realm lacks; those that are there stay as they are, so that a demo that is
/// started again on its data goes on.
///
/// In every realm: `ada` (highest role), `grace` (lowest role) and `dora` (disabled); `nova` (not validated)
/// where the dialect validates; `gina` (a role that acts for the organizations of which she is a member)
/// where the dialect has such a role.
///
/// # Errors
/// [`SeedError`] if the store or the hashing fails.
pub async fn seed_demo(
    store: &dyn Store,
    passwords: &Passwords,
    realms: &[Realm],
    now_ms: i64,
) -> Result<(), SeedError> {
    let mut hashes = HashMap::new();
    let mut missing = Vec::new();
    for realm in realms {
        for person in PEOPLE.iter().filter(|it| belongs(it, &realm.issue)) {
            if store.find_account(&realm.name, &[IdentifierKind::Username], person.username).await?.is_none() {
                let hash = shared_hash(&mut hashes, passwords, realm.password_scheme).await?;
                missing.push(account(realm, person, hash));
            }
        }
    }
    store.create_accounts(&missing, now_ms).await?;
    Ok(())
}

/// One hash per scheme for all of them, salt included: it is one well-known password, and a demo should not
/// take seconds to start.
async fn shared_hash(
    hashes: &mut HashMap<PasswordScheme, PasswordHash>,
    passwords: &Passwords,
    scheme: PasswordScheme,
) -> Result<PasswordHash, PasswordError> {
    if let Some(hash) = hashes.get(&scheme) {
        return Ok(hash.clone());
    }
    let hash = passwords.hash(DEMO_PASSWORD, scheme).await?;
    hashes.insert(scheme, hash.clone());
    Ok(hash)
}

fn belongs(person: &Person, issue: &Issue) -> bool {
    match person.rank {
        Rank::Member => issue.organizations.as_ref().is_some_and(|it| !it.member.is_empty()),
        _ => person.validated || issue.validation,
    }
}

fn account(realm: &Realm, person: &Person, hash: PasswordHash) -> NewAccount {
    let organizations = realm.issue.organizations.is_some();
    let memberships = person.memberships.iter().filter(|_| organizations);
    NewAccount {
        username: Some(person.username.into()),
        email: Some(format!("{}@example.com", person.username)),
        phone: Some(person.phone.into()),
        enabled: person.enabled,
        validated: person.validated,
        roles: role(&realm.issue, person.rank).into_iter().collect(),
        organization: organizations.then(|| person.organization.into()),
        memberships: memberships.map(|it| (*it).into()).collect(),
        extension: extension(&realm.issue.account, person, ""),
        ..NewAccount::new(&realm.name, hash)
    }
}

fn role(issue: &Issue, rank: Rank) -> Option<String> {
    match rank {
        Rank::Highest => issue.roles.first().map(|it| it.name.clone()),
        Rank::Ordinary => issue.roles.last().map(|it| it.name.clone()),
        Rank::Member => issue.organizations.as_ref().and_then(|it| it.member.first().cloned()),
    }
}

/// The fields of whatever dialect: what is known about the person under that name, or anything of its type.
fn extension(fields: &[(String, FieldType)], person: &Person, path: &str) -> Value {
    let member = |(name, field): &(String, FieldType)| {
        let path = format!("{path}{name}");
        let value = match &field.kind {
            FieldKind::Object(inner) => extension(inner, person, &format!("{path}.")),
            FieldKind::Integer => Value::Number(person.fact(&path).and_then(|it| it.parse().ok()).unwrap_or(1.0)),
            FieldKind::Bool => Value::Bool(true),
            FieldKind::String | FieldKind::Date if field.optional && person.fact(&path).is_none() => Value::Null,
            FieldKind::String => person.fact(&path).unwrap_or("demo").into(),
            FieldKind::Date => person.fact(&path).unwrap_or("2024-01-15").into(),
        };
        (name.clone(), value)
    };
    Value::Object(fields.iter().map(member).collect())
}

#[cfg(test)]
mod tests;
