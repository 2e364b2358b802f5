//! An account as somebody wrote it down, on the command line or in a file to be imported, and what is wrong
//! with that in this realm. Every fault is told, by the name under which the thing was written.

use crate::account::{FieldFault, IdentifierKind, NewAccount, PasswordHash, check_extension, parse_field};
use crate::config::RealmConfig;
use relatch_dialects::Value;

/// An account that has not been checked yet.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) username: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) disabled: bool,
    pub(crate) not_validated: bool,
    pub(crate) roles: Vec<String>,
    pub(crate) organization: Option<String>,
    pub(crate) memberships: Vec<String>,
    /// Extension fields by their path, as text.
    pub(crate) fields: Vec<(String, String)>,
    /// The extension as JSON has it, where it is not text.
    pub(crate) extension: Option<Value>,
}

/// What is wrong with a draft.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DraftFault {
    /// `username`, `email`, `phone`, `roles`, `fields`, or `field.` and an extension field's path.
    pub(crate) what: String,
    pub(crate) reason: String,
}

impl DraftFault {
    pub(crate) fn new(what: impl Into<String>, reason: impl Into<String>) -> DraftFault {
        DraftFault { what: what.into(), reason: reason.into() }
    }

    fn of(fault: FieldFault) -> DraftFault {
        let what = if fault.field.is_empty() { "fields".into() } else { format!("field.{}", fault.field) };
        DraftFault { what, reason: fault.reason }
    }
}

impl Draft {
    /// The account that this becomes in that realm.
    ///
    /// # Errors
    /// Every fault.
    pub(crate) fn checked(self, realm: &RealmConfig, hash: PasswordHash) -> Result<NewAccount, Vec<DraftFault>> {
        let mut faults = identifier_faults(&self, realm);
        let roles = roles(&self.roles, realm, &mut faults);
        let extension = extension(&self, realm, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(NewAccount {
            username: self.username,
            email: self.email,
            phone: self.phone,
            enabled: !self.disabled,
            validated: !self.not_validated,
            roles,
            organization: self.organization,
            memberships: self.memberships,
            extension,
            ..NewAccount::new(&realm.name, hash)
        })
    }

    fn identifier(&self, kind: IdentifierKind) -> Option<&str> {
        match kind {
            IdentifierKind::Username => self.username.as_deref(),
            IdentifierKind::Email => self.email.as_deref(),
            IdentifierKind::Phone => self.phone.as_deref(),
        }
    }
}

fn identifier_faults(draft: &Draft, realm: &RealmConfig) -> Vec<DraftFault> {
    let mut faults = Vec::new();
    for kind in IdentifierKind::ALL {
        let Some(text) = draft.identifier(kind) else { continue };
        if let Err(fault) = kind.normal(text) {
            faults.push(DraftFault::new(kind.name(), format!("expected {}", fault.expected)));
        } else if let Some(reason) = length_fault(realm, kind, text) {
            faults.push(DraftFault::new(kind.name(), reason));
        }
    }
    if !realm.identifiers.iter().any(|&kind| draft.identifier(kind).is_some()) {
        let names: Vec<&str> = realm.identifiers.iter().map(|it| it.name()).collect();
        let reason = format!("is missing; accounts of this realm log in by {}", names.join(", "));
        faults.push(DraftFault::new(names.first().copied().unwrap_or("username"), reason));
    }
    faults
}

/// An identifier that no login would let through must not be given to anybody.
fn length_fault(realm: &RealmConfig, kind: IdentifierKind, text: &str) -> Option<String> {
    let (least, most) = realm.issue.identifier_length?;
    let fits = (least..=most).contains(&(text.chars().count() as u64));
    (realm.identifiers.contains(&kind) && !fits).then(|| format!("expected {least} to {most} characters"))
}

/// The highest first, as the dialect orders them; the lowest role for an account that was given none.
fn roles(given: &[String], realm: &RealmConfig, faults: &mut Vec<DraftFault>) -> Vec<String> {
    let known: Vec<&str> = realm.issue.roles.iter().map(|it| it.name.as_str()).collect();
    for wrong in given.iter().filter(|it| !known.contains(&it.as_str())) {
        faults.push(DraftFault::new("roles", format!("expected one of {}, got {wrong:?}", known.join(", "))));
    }
    if given.is_empty() {
        return known.last().map(|it| (*it).into()).into_iter().collect();
    }
    known.into_iter().filter(|it| given.iter().any(|role| role == it)).map(Into::into).collect()
}

fn extension(draft: &Draft, realm: &RealmConfig, faults: &mut Vec<DraftFault>) -> Value {
    let fields = &realm.issue.account;
    let mut extension = draft.extension.clone().unwrap_or(Value::Object(Vec::new()));
    let mut told = Vec::new();
    for (path, text) in &draft.fields {
        if let Err(fault) = parse_field(fields, &mut extension, path, text) {
            told.push(fault.field.clone());
            faults.push(DraftFault::of(fault));
        }
    }
    // What is wrong as text is missing as a field, which need not be said twice.
    let missing = check_extension(fields, &extension).err().unwrap_or_default();
    let missing = missing.into_iter().filter(|it| !told.contains(&it.field));
    faults.extend(missing.map(DraftFault::of));
    extension
}
