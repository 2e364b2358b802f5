//! Accounts: the one model that every realm's users share. What a dialect adds is the typed extension; what
//! it calls things is the dialect's business, not this module's. No SQL, no HTTP, no password arithmetic.

mod extension;
mod identifier;

pub use extension::{FieldFault, check_extension, parse_field};
pub use identifier::{IdentifierFault, IdentifierKind};

use relatch_dialects::Value;
use std::fmt;
use uuid::Uuid;

/// An account's identity (`{user.id}`), unique over all realms and never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AccountId(pub Uuid);

impl AccountId {
    /// A fresh random one.
    pub fn random() -> AccountId {
        AccountId(Uuid::new_v4())
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A stored password hash: a PHC string (argon2) or a modular one (bcrypt).
///
/// `Debug` tells its type only: a hash is what an attacker takes away to guess at leisure.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub String);

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash")
    }
}

/// An account that is to be created.
#[derive(Clone, Debug, PartialEq)]
pub struct NewAccount {
    /// The realm it belongs to.
    pub realm: String,
    /// The name it logs in with.
    pub username: Option<String>,
    /// Its email address.
    pub email: Option<String>,
    /// Its phone number.
    pub phone: Option<String>,
    /// Its password, hashed.
    pub password_hash: PasswordHash,
    /// Whether it may log in.
    pub enabled: bool,
    /// Whether it has confirmed its address.
    pub validated: bool,
    /// Its roles' names, the highest first, as the dialect orders them.
    pub roles: Vec<String>,
    /// The organization it acts for unless it asks for another.
    pub organization: Option<String>,
    /// Further organizations of which it is a member.
    pub memberships: Vec<String>,
    /// The fields of the dialect's `issue.account`: an object, checked by [`check_extension`].
    pub extension: Value,
}

impl NewAccount {
    /// An enabled and validated account that has nothing yet but its realm and password.
    pub fn new(realm: &str, password_hash: PasswordHash) -> NewAccount {
        NewAccount {
            realm: realm.into(),
            username: None,
            email: None,
            phone: None,
            password_hash,
            enabled: true,
            validated: true,
            roles: Vec::new(),
            organization: None,
            memberships: Vec::new(),
            extension: Value::Object(Vec::new()),
        }
    }
}

/// An account as the store keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// Its identity.
    pub id: AccountId,
    /// Its serial number within its realm, from 1 (`{user.number}`).
    pub number: u64,
    /// The realm it belongs to.
    pub realm: String,
    /// The name it logs in with, as it was given (compared without regard to case).
    pub username: Option<String>,
    /// Its email address, as it was given (compared without regard to case).
    pub email: Option<String>,
    /// Its phone number, in the form `+51900000001`.
    pub phone: Option<String>,
    /// Its password, hashed.
    pub password_hash: PasswordHash,
    /// When that was last set, in milliseconds since the Unix epoch.
    pub password_changed_at_ms: i64,
    /// Whether it may log in and use its tokens.
    pub enabled: bool,
    /// Whether it has confirmed its address.
    pub validated: bool,
    /// Its roles' names, the highest first.
    pub roles: Vec<String>,
    /// The organization it acts for unless it asks for another.
    pub organization: Option<String>,
    /// Further organizations of which it is a member.
    pub memberships: Vec<String>,
    /// The fields of the dialect's `issue.account`, an object.
    pub extension: Value,
    /// When it was created, in milliseconds since the Unix epoch.
    pub created_at_ms: i64,
}

impl Account {
    /// The highest role, if it has any.
    pub fn role(&self) -> Option<&str> {
        self.roles.first().map(String::as_str)
    }

    /// Whether it belongs to that organization: its own, or one of which it is a member.
    pub fn belongs_to(&self, organization: &str) -> bool {
        self.organization.as_deref() == Some(organization) || self.memberships.iter().any(|it| it == organization)
    }

    /// What it may be found by, of that kind, as it was given.
    pub fn identifier(&self, kind: IdentifierKind) -> Option<&str> {
        match kind {
            IdentifierKind::Username => self.username.as_deref(),
            IdentifierKind::Email => self.email.as_deref(),
            IdentifierKind::Phone => self.phone.as_deref(),
        }
    }
}
