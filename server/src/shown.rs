//! How accounts, sessions and entries of the audit log are shown: one JSON form of each, for the command line, the admin
//! API and what is exported. Never a hash of a password, a token or a code.

use crate::account::Account;
use crate::audit::AuditRecord;
use crate::cli::time::iso8601;
use crate::store::Session as StoredSession;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

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

/// A session: one login of an account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Session {
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

/// An entry of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Entry {
    /// One more for each entry, without gaps.
    number: u64,
    #[schema(format = DateTime)]
    at: Option<String>,
    /// By which way: `command-line`, `admin-api`, `library`, `owner` or `server`.
    channel: String,
    /// The operating system's user, the admin token's name, the embedding program's, or the owner's account id.
    actor: String,
    /// The network address, where there is one.
    address: Option<String>,
    /// What was done, such as `user.disable`.
    action: String,
    /// `done`, `unchanged` or `failed`.
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
