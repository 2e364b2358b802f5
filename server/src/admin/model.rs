//! What the admin API shows and takes. Never a password hash.

use crate::account::Account;
use crate::audit::AuditRecord;
use crate::cli::time::iso8601;
use crate::store::Session as StoredSession;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use zeroize::Zeroizing;

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct User {
    /// Its identity, never used again.
    id: Uuid,
    /// Its serial number within the realm.
    number: u64,
    /// The realm it belongs to.
    realm: String,
    /// The name it logs in with.
    username: Option<String>,
    /// Its email address.
    email: Option<String>,
    /// Its phone number.
    phone: Option<String>,
    /// Whether it may log in.
    enabled: bool,
    /// Whether it has confirmed its address.
    validated: bool,
    /// Its roles, the highest first.
    roles: Vec<String>,
    /// The organization it acts for unless it asks for another.
    organization: Option<String>,
    /// Further organizations of which it is a member.
    memberships: Vec<String>,
    /// The fields of the realm's dialect.
    #[schema(value_type = Object)]
    fields: serde_json::Value,
    /// When it was created.
    #[schema(format = DateTime)]
    created_at: Option<String>,
    /// When its password was last set.
    #[schema(format = DateTime)]
    password_changed_at: Option<String>,
}

impl From<&Account> for User {
    fn from(account: &Account) -> User {
        User {
            id: account.id.0,
            number: account.number,
            realm: account.realm.clone(),
            username: account.username.clone(),
            email: account.email.clone(),
            phone: account.phone.clone(),
            enabled: account.enabled,
            validated: account.validated,
            roles: account.roles.clone(),
            organization: account.organization.clone(),
            memberships: account.memberships.clone(),
            fields: serde_json::Value::from(&account.extension),
            created_at: iso8601(account.created_at_ms),
            password_changed_at: iso8601(account.password_changed_at_ms),
        }
    }
}

/// Some of a realm's accounts, by number.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UserPage {
    pub(super) users: Vec<User>,
    /// The `after` of the next page; null on the last one.
    pub(super) next: Option<u64>,
}

/// An account that is to be created. What the realm's dialect takes beyond this shape is checked too (422).
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewUser {
    /// The name it logs in with.
    #[schema(pattern = r"^[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]{0,252}[^\s\x00-\x1f\x7f-\x9f])?$")]
    pub(super) username: Option<String>,
    /// Its email address.
    #[schema(max_length = 254, pattern = r"^[^\s\x00-\x1f\x7f-\x9f]+@[^\s@\x00-\x1f\x7f-\x9f]+$")]
    pub(super) email: Option<String>,
    /// Its phone number with country code.
    #[schema(pattern = r"^[ .()-]*\+([ .()-]*[0-9]){6,15}[ .()-]*$")]
    pub(super) phone: Option<String>,
    /// Its password.
    #[schema(value_type = String, format = Password, min_length = 1, pattern = r"^[^\x00]*$")]
    pub(super) password: Zeroizing<String>,
    /// Roles of the dialect; its lowest if none is given.
    #[serde(default)]
    pub(super) roles: Vec<String>,
    /// The organization it acts for unless it asks for another.
    pub(super) organization: Option<String>,
    /// Further organizations of which it is a member.
    #[serde(default)]
    pub(super) memberships: Vec<String>,
    /// The fields of the realm's dialect.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub(super) fields: serde_json::Map<String, serde_json::Value>,
    /// Whether it may log in.
    #[serde(default = "yes")]
    pub(super) enabled: bool,
    /// Whether it counts as having confirmed its address.
    #[serde(default = "yes")]
    pub(super) validated: bool,
}

const fn yes() -> bool {
    true
}

/// A password that is to be set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPassword {
    /// The password.
    #[schema(value_type = String, format = Password, min_length = 1, pattern = r"^[^\x00]*$")]
    pub(super) password: Zeroizing<String>,
}

/// A session: one login of an account.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Session {
    id: Uuid,
    /// One more at each renewal, from 1.
    generation: u64,
    #[schema(format = DateTime)]
    began_at: Option<String>,
    /// When its last token ends.
    #[schema(format = DateTime)]
    ends_at: Option<String>,
    /// When it was ended before its time.
    #[schema(format = DateTime)]
    ended_at: Option<String>,
    /// Why.
    end_reason: Option<String>,
}

impl From<&StoredSession> for Session {
    fn from(session: &StoredSession) -> Session {
        Session {
            id: session.id.0,
            generation: session.generation,
            began_at: iso8601(session.created_at_ms),
            ends_at: iso8601(session.expires_at_ms),
            ended_at: session.ended.and_then(|(at_ms, _)| iso8601(at_ms)),
            end_reason: session.ended.map(|(_, reason)| reason.name().into()),
        }
    }
}

/// How many sessions were ended.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Ended {
    pub(super) ended: u64,
}

/// A realm.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Realm {
    pub(super) name: String,
    /// The path prefix under which it is served; empty for the root.
    pub(super) mount: String,
    /// The dialect that it speaks.
    pub(super) dialect: String,
    /// The roles that accounts can have, the highest first.
    pub(super) roles: Vec<String>,
    /// What accounts log in by.
    pub(super) identifiers: Vec<String>,
    /// How long access tokens live, in seconds.
    pub(super) lifetime_secs: u64,
}

/// An entry of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Entry {
    /// One more for each entry, without gaps.
    number: u64,
    #[schema(format = DateTime)]
    at: Option<String>,
    /// `command-line` or `admin-api`.
    channel: String,
    /// The operating system's user, or the admin token's name.
    actor: String,
    /// The network address, where there is one.
    address: Option<String>,
    /// What was done, such as `user.disable`.
    action: String,
    /// `begun`, `done` or `failed`.
    outcome: String,
    realm: Option<String>,
    account: Option<Uuid>,
    detail: Option<String>,
}

impl From<AuditRecord> for Entry {
    fn from(record: AuditRecord) -> Entry {
        Entry {
            number: record.number,
            at: iso8601(record.at_ms),
            channel: record.channel,
            actor: record.actor,
            address: record.address,
            action: record.action,
            outcome: record.outcome,
            realm: record.realm,
            account: record.account.map(|it| it.0),
            detail: record.detail,
        }
    }
}

/// Numbers that every JSON reader has exactly.
pub(super) const MAX_NUMBER: u64 = 9_007_199_254_740_991;

/// Which accounts are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct UserQuery {
    /// Accounts numbered above this one only.
    #[param(required = false, minimum = 0, maximum = 9_007_199_254_740_991_i64, default = 0)]
    #[serde(default)]
    pub(super) after: u64,
    /// At most this many.
    #[param(required = false, minimum = 1, maximum = 500, default = 100)]
    #[serde(default = "hundred")]
    pub(super) limit: u32,
    /// The one account that has this username, email address or phone number.
    #[param(required = false, nullable = false)]
    pub(super) identifier: Option<String>,
}

/// Which entries are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EntryQuery {
    /// Entries numbered below this one only.
    #[param(required = false, nullable = false, minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub(super) before: Option<u64>,
    /// At most this many.
    #[param(required = false, minimum = 1, maximum = 500, default = 100)]
    #[serde(default = "hundred")]
    pub(super) limit: u32,
    /// Of this realm only.
    #[param(required = false, nullable = false)]
    pub(super) realm: Option<String>,
    /// About this account only; it may have been deleted since.
    #[param(required = false, nullable = false)]
    pub(super) account: Option<Uuid>,
}

const fn hundred() -> u32 {
    100
}

/// The most entries that one answer holds.
pub(super) const MOST: u32 = 500;
