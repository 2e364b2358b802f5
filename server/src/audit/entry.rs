//! An entry of the log.

use super::Actor;
use crate::account::AccountId;

/// Declares an enum whose variants have a stable name in the database and in the admin API.
macro_rules! named {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// Every variant.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The stable name.
            pub const fn name(self) -> &'static str {
                match self { $($name::$variant => $text,)+ }
            }
        }
    };
}

pub(super) use named;

named! {
    /// What was done.
    Action {
        /// An account was created.
        UserAdd = "user.add",
        /// Accounts were imported.
        UserImport = "user.import",
        /// An account was shut out.
        UserDisable = "user.disable",
        /// A disabled account was let in again.
        UserEnable = "user.enable",
        /// An account got a new password.
        UserSetPassword = "user.set-password",
        /// An account's owner confirmed its address.
        UserValidate = "user.validate",
        /// All that is kept about an account's owner was handed out.
        UserExport = "user.export",
        /// An account was deleted.
        UserDelete = "user.delete",
        /// One session was ended.
        SessionEnd = "session.end",
        /// A session was ended because a refresh token of it was in two hands.
        SessionTheft = "session.theft",
        /// All sessions of an account were ended.
        SignOut = "user.sign-out",
        /// A key was made that takes over from the others.
        KeyRotate = "key.rotate",
        /// A key was ended.
        KeyRetire = "key.retire",
        /// All keys were sealed under another master key.
        KeyReseal = "key.reseal",
        /// The database was copied.
        Backup = "database.backup",
        /// The database was replaced by a backup.
        Restore = "database.restore",
    }
}

named! {
    /// How it went.
    AuditOutcome {
        /// It was done.
        Done = "done",
        /// There was nothing to change: it was so before, or nobody is there any more.
        Unchanged = "unchanged",
        /// It was refused or failed, and nothing was changed.
        Failed = "failed",
    }
}

/// An entry that is to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Who.
    pub actor: Actor,
    /// What.
    pub action: Action,
    /// How it went.
    pub outcome: AuditOutcome,
    /// In which realm.
    pub realm: Option<String>,
    /// To whom.
    pub account: Option<AccountId>,
    /// More about it, in a few words: a session's or a key's id, a count, a file. Never a secret.
    pub detail: Option<String>,
}

/// An entry as the log keeps it. Names are texts here: a newer version may have written others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its number; one more for each entry, so that a gap shows.
    pub number: u64,
    /// When, in milliseconds since the Unix epoch.
    pub at_ms: i64,
    /// By which way: [`Channel::name`](super::Channel::name).
    pub channel: String,
    /// Who: [`Actor::name`].
    pub actor: String,
    /// From which network address.
    pub address: Option<String>,
    /// [`Action::name`].
    pub action: String,
    /// [`AuditOutcome::name`].
    pub outcome: String,
    /// In which realm.
    pub realm: Option<String>,
    /// To whom.
    pub account: Option<AccountId>,
    /// More about it.
    pub detail: Option<String>,
}

/// Which part of the log is asked for, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// Entries numbered below this one only.
    pub before: Option<u64>,
    /// Of this realm only.
    pub realm: Option<String>,
    /// About this account only.
    pub account: Option<AccountId>,
    /// At most this many.
    pub limit: u32,
}
