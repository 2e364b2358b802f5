//! Acts on accounts that somebody may have to answer for. The services say what was done; who keeps record of it is the
//! embedder's business, and none of it holds a secret.

use super::Server;
use crate::account::{Account, AccountId};
use std::sync::Arc;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActKind {
    /// The owner set a new password, knowing the old one.
    PasswordChanged,
    /// The owner asked for a letter with which to set a new password.
    PasswordResetRequested,
    /// A new password was set by such a letter.
    PasswordReset,
    /// The address was confirmed.
    Validated,
    /// The account and all that belongs to it was removed.
    Deleted,
    /// All that is kept about a person was handed out.
    Exported,
}

impl ActKind {
    /// The stable name, for records.
    pub const fn name(self) -> &'static str {
        match self {
            ActKind::PasswordChanged => "password-changed",
            ActKind::PasswordResetRequested => "password-reset-requested",
            ActKind::PasswordReset => "password-reset",
            ActKind::Validated => "validated",
            ActKind::Deleted => "deleted",
            ActKind::Exported => "exported",
        }
    }
}

/// One act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// What was done.
    pub kind: ActKind,
    /// The realm in which.
    pub realm: String,
    /// To which account.
    pub account: AccountId,
    /// When, in milliseconds since the Unix epoch.
    pub at_ms: i64,
}

/// Who is told of acts, after they are in force. It is called in the middle of answering: whoever has to write
/// something down hands it on rather than waiting for a disk.
pub trait Witness: Send + Sync {
    /// Takes note.
    fn saw(&self, act: &Act);
}

/// The log: a line for each act.
#[derive(Clone, Copy, Debug, Default)]
pub struct LogWitness;

impl Witness for LogWitness {
    fn saw(&self, act: &Act) {
        tracing::info!(act = act.kind.name(), realm = act.realm, account = %act.account, "done to an account");
    }
}

impl Server {
    /// The same server with somebody else than the log to tell acts to.
    #[must_use]
    pub fn witnessed_by(mut self, witness: Arc<dyn Witness>) -> Server {
        self.witness = witness;
        self
    }

    pub(super) fn did(&self, kind: ActKind, account: &Account) {
        let (realm, at_ms) = (account.realm.clone(), self.clock.now_ms());
        self.witness.saw(&Act { kind, realm, account: account.id, at_ms });
    }
}
