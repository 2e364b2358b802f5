//! What every service works with.

use super::standing::Standings;
use super::{Cutoffs, LogWitness, Outbox, Witness};
use crate::clock::Clock;
use crate::limits::{LimitConfig, Limits};
use crate::passwords::Passwords;
use crate::realm::Realm;
use crate::store::Store;
use std::fmt;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// A server that is ready to answer: its realms and what they share. Clones share everything.
///
/// Who embeds it has [`upkeep`](Server::upkeep) run beside it, on a task of its own, or calls
/// [`forget_expired`](Server::forget_expired) and [`look_after_keys`](Server::look_after_keys) now and then; else expired
/// sessions are kept for ever, and keys that another process made are not known.
#[derive(Clone)]
pub struct Server {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) passwords: Passwords,
    pub(crate) clock: Clock,
    pub(crate) outbox: Arc<dyn Outbox>,
    pub(crate) cutoffs: Cutoffs,
    pub(crate) standings: Standings,
    pub(crate) limits: Option<Limits>,
    pub(crate) witness: Arc<dyn Witness>,
    /// Places for letters that are written after the answer.
    pub(crate) letters: Arc<Semaphore>,
    realms: Arc<[Arc<Realm>]>,
}

/// Letters on their way at once; whoever asks for one more is told to come back.
pub(super) const LETTERS: u32 = 64;

impl Server {
    /// A server of these realms, whose accounts and sessions are in `store`; letters to their owners go to `outbox`.
    pub fn new(
        realms: Vec<Realm>,
        store: Arc<dyn Store>,
        passwords: Passwords,
        clock: Clock,
        outbox: Arc<dyn Outbox>,
    ) -> Server {
        let realms = realms.into_iter().map(Arc::new).collect();
        let standings = Standings::new(Arc::clone(&store));
        Server {
            store,
            passwords,
            clock,
            outbox,
            cutoffs: Cutoffs::default(),
            standings,
            limits: None,
            witness: Arc::new(LogWitness),
            letters: Arc::new(Semaphore::new(LETTERS as usize)),
            realms,
        }
    }

    /// The same server with limits on failed logins, which [`new`](Self::new) alone does not have. Their counts are this
    /// server's own and its clones'.
    #[must_use]
    pub fn with_limits(mut self, config: LimitConfig) -> Server {
        self.limits = Some(Limits::new(config, Arc::clone(&self.store), self.clock.clone()));
        self
    }

    /// Its realms, in the order of the configuration.
    pub fn realms(&self) -> &[Arc<Realm>] {
        &self.realms
    }
}

// Deliberately not derived: the realms hold keys.
impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.realms.iter().map(|realm| realm.name.as_str()).collect();
        f.debug_struct("Server").field("realms", &names).finish_non_exhaustive()
    }
}
