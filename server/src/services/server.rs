//! What every service works with.

use super::standing::Standings;
use super::{Cutoffs, Outbox};
use crate::audit::{Acting, Actor};
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
/// Who embeds it has its upkeep run beside it ([`start_upkeep`](Server::start_upkeep)), or calls
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
    /// Places for letters that are written after the answer.
    pub(crate) letters: Arc<Semaphore>,
    realms: Arc<[Arc<Realm>]>,
}

/// Letters on their way at once; whoever asks for one more is told to come back.
pub(super) const LETTERS: u32 = 64;

impl Server {
    /// A server of these realms, whose accounts and sessions are in `store`; letters to their owners go to `outbox`. Failed
    /// logins are limited as by default ([`with_limits`](Self::with_limits), [`without_limits`](Self::without_limits)).
    pub fn new(
        realms: Vec<Realm>,
        store: Arc<dyn Store>,
        passwords: Passwords,
        clock: Clock,
        outbox: Arc<dyn Outbox>,
    ) -> Server {
        let realms = realms.into_iter().map(Arc::new).collect();
        let standings = Standings::new(Arc::clone(&store));
        let limits = Some(Limits::new(LimitConfig::default(), Arc::clone(&store), clock.clone()));
        Server {
            store,
            passwords,
            clock,
            outbox,
            cutoffs: Cutoffs::default(),
            standings,
            limits,
            letters: Arc::new(Semaphore::new(LETTERS as usize)),
            realms,
        }
    }

    /// The same server with other limits on failed logins. Their counts are this server's own and its clones';
    /// [`restore_limits`](Self::restore_limits) takes up what was counted before.
    #[must_use]
    pub fn with_limits(mut self, config: LimitConfig) -> Server {
        self.limits = Some(Limits::new(config, Arc::clone(&self.store), self.clock.clone()));
        self
    }

    /// The same server with no limits on failed logins, for tests that fail a thousand times and for programs that have
    /// limits of their own around it. Everybody may guess passwords as fast as they are checked.
    #[must_use]
    pub fn without_limits(mut self) -> Server {
        self.limits = None;
        self
    }

    /// Somebody who acts on accounts, sessions and keys, on the record: a program that embeds the server does so as
    /// [`Actor::library`].
    ///
    /// ```no_run
    /// # use relatch_server::{Server, audit::Actor, account::AccountId, store::{Accounts, Store, StoreError}};
    /// # async fn run(server: &Server, store: &dyn Store, id: AccountId) -> Result<(), StoreError> {
    /// let acting = server.acting(Actor::library("billing"));
    /// if let Some(account) = store.account("shop", id).await? {
    ///     acting.sign_out(&account).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn acting(&self, actor: Actor) -> Acting<'_> {
        Acting::new(self.store.as_ref(), &self.clock, actor)
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
