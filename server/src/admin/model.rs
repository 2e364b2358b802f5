//! What the admin API takes, and answers of its own beside what is [shown](crate::shown) everywhere.

use crate::shown::User;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use zeroize::Zeroizing;

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
