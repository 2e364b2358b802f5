//! An account in memory, with what was written of it: so both are dropped at once when the account changes, and neither
//! can outlive the other.

use crate::account::Account;
use axum::body::Bytes;
use std::ops::Deref;
use std::sync::OnceLock;

/// An account as it was read, for as long as nobody has changed it.
#[derive(Debug)]
pub(crate) struct Resident {
    account: Account,
    /// Its profile, with the organization of its own, in the words of the realm's dialect. Filled when it is first asked
    /// for, and only where these words say nothing that differs from one request to the next.
    pub(crate) profile: OnceLock<Written>,
}

/// An answer as it goes out. Deliberately not `Debug` beyond its size: it is somebody's data.
pub(crate) struct Written {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    /// Of the body.
    pub(crate) media_type: &'static str,
    pub(crate) body: Option<Bytes>,
}

impl From<Account> for Resident {
    fn from(account: Account) -> Resident {
        Resident { account, profile: OnceLock::new() }
    }
}

impl Deref for Resident {
    type Target = Account;

    fn deref(&self) -> &Account {
        &self.account
    }
}

impl std::fmt::Debug for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Written").field("bytes", &self.body.as_ref().map_or(0, Bytes::len)).finish_non_exhaustive()
    }
}
