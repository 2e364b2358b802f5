//! Where a session and its account stand, kept in memory so that a verified request costs no query.
//!
//! The rows are the truth, and this is a bounded copy of some of them. Whatever ends a session or changes an account,
//! in this process or another, is written to the store's log of changes; what the log names is dropped here, and the
//! next request that needs it asks the store. Beyond the bound too: what was displaced is asked for again.
//!
//! Deliberately no list of revoked tokens with times of its own: such a list can lose an entry, by its bound or at a
//! restart, and then a dead token lives again. Here what is not known is asked for. An ended session is remembered as
//! ended, so that a revoked token that keeps coming costs no queries either.

mod following;
mod place;
mod resident;
#[cfg(test)]
mod tests;

use crate::account::AccountId;
use crate::store::{Changed, Session, SessionId, Store, StoreError};
use place::Place;
use quick_cache::sync::Cache;
pub(crate) use resident::{Resident, Written};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// Sessions kept: about 100 bytes each.
const SESSIONS: usize = 100_000;

/// Accounts kept: about a kilobyte each, and as much again for the profile that was written of it.
const ACCOUNTS: usize = 10_000;

/// What is known. Clones share it.
#[derive(Clone)]
pub(crate) struct Standings(Arc<Known>);

/// A session's standing.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub(crate) account: Arc<Resident>,
    pub(crate) has_ended: bool,
}

#[derive(Clone, Copy)]
struct Row {
    account: AccountId,
    has_ended: bool,
}

struct Known {
    store: Arc<dyn Store>,
    sessions: Cache<SessionId, Row>,
    accounts: Cache<AccountId, Arc<Resident>>,
    /// One more with everything that is dropped. What was read from the store before that may be what was dropped.
    epoch: RwLock<u64>,
    place: Place,
    following: OnceLock<()>,
}

impl Standings {
    pub(crate) fn new(store: Arc<dyn Store>) -> Standings {
        Standings::bounded(store, SESSIONS, ACCOUNTS)
    }

    fn bounded(store: Arc<dyn Store>, sessions: usize, accounts: usize) -> Standings {
        Standings(Arc::new(Known {
            store,
            sessions: Cache::new(sessions),
            accounts: Cache::new(accounts),
            epoch: RwLock::default(),
            place: Place::default(),
            following: OnceLock::new(),
        }))
    }

    /// Begins to follow the log, if that has not been done. A server is ready only after it.
    pub(crate) async fn start(&self) -> Result<(), StoreError> {
        self.0.following.get_or_init(|| following::spawn(&self.0));
        self.0.catch_up().await
    }

    /// Where the session of that identity stands; `None` if the realm has none such.
    pub(crate) async fn of(&self, realm: &str, session: SessionId) -> Result<Option<Standing>, StoreError> {
        self.start().await?;
        match self.0.known(session) {
            Some(standing) => Ok(Some(standing).filter(|it| it.account.realm == realm)),
            None => self.0.asked(realm, session).await,
        }
    }
}

impl Known {
    fn known(&self, session: SessionId) -> Option<Standing> {
        if self.place.is_lost() {
            return None;
        }
        let row = self.sessions.get(&session)?;
        Some(Standing { account: self.accounts.get(&row.account)?, has_ended: row.has_ended })
    }

    async fn asked(&self, realm: &str, session: SessionId) -> Result<Option<Standing>, StoreError> {
        let epoch = self.epoch();
        let Some((session, account)) = self.store.session(realm, session).await? else { return Ok(None) };
        let standing = Standing { account: Arc::new(account.into()), has_ended: session.ended.is_some() };
        self.keep(epoch, &session, &standing);
        Ok(Some(standing))
    }

    fn epoch(&self) -> u64 {
        *self.epoch.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Unless something was dropped since the rows were read. Under the lock, so that nothing is dropped between the
    /// look and the keeping.
    fn keep(&self, epoch: u64, session: &Session, standing: &Standing) {
        let now = self.epoch.read().unwrap_or_else(PoisonError::into_inner);
        if *now == epoch {
            self.sessions.insert(session.id, Row { account: session.account, has_ended: standing.has_ended });
            self.accounts.insert(session.account, Arc::clone(&standing.account));
        }
    }

    /// Drops what changed; everything, if that cannot be told.
    fn drop_changed(&self, changed: Option<&[Changed]>) {
        let mut epoch = self.epoch.write().unwrap_or_else(PoisonError::into_inner);
        *epoch += 1;
        let Some(changed) = changed else {
            self.sessions.clear();
            self.accounts.clear();
            return;
        };
        for changed in changed {
            match changed {
                Changed::Session(id) => drop(self.sessions.remove(id)),
                Changed::Account(id) => drop(self.accounts.remove(id)),
            }
        }
    }
}
