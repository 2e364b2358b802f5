//! Limits on guessing passwords: how many failures an account and an address may have in a window that slides.
//! Successes cost nothing. It knows no realm, no dialect and no HTTP; what a refusal says is decided elsewhere.
//!
//! **Per account** means per identifier, whether anybody has it or not. One failure is forgiven each `window / limit`; when
//! all are used up, the account is locked for one window. What must not happen is that somebody keeps the owner out by
//! failing on purpose, so:
//!
//! - an address from which the account was logged into within thirty days has a count of its own there, and is neither
//!   locked nor limited by what others do: its right password waits for `window / limit` at most;
//! - after a lock the account has a window of **relief**: no other lock, and three tries for each address. So a right
//!   password from a new address waits for one window at most, two if its owner erred thrice in the relief.
//!
//! **Per address** means per IPv4 address and per /64 of IPv6, over all accounts.
//!
//! An attempt is counted when it begins and given back if it was no failure; otherwise a hundred at once would all be let
//! in before the first has failed.

mod address;
mod bucket;
mod ledger;
mod rules;
mod subject;
mod table;

pub use address::ForwardedBy;
pub(crate) use address::client_address;
pub(crate) use subject::{Address, Subject};

use crate::clock::Clock;
use crate::store::Store;
use ipnet::IpNet;
use ledger::Ledger;
use std::sync::Arc;
use std::time::Duration;
use table::Key;

/// How much failing is borne.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitConfig {
    /// Failures per account in a window.
    pub account_failures: u32,
    /// Failures per address in a window.
    pub address_failures: u32,
    /// The window, in seconds.
    pub window_secs: u32,
    /// Proxies whose word about their clients' addresses is taken.
    pub trusted_proxies: Vec<IpNet>,
    /// Where they put it.
    pub forwarded_by: ForwardedBy,
}

impl Default for LimitConfig {
    fn default() -> LimitConfig {
        LimitConfig {
            account_failures: 10,
            address_failures: 100,
            window_secs: 900,
            trusted_proxies: Vec::new(),
            forwarded_by: ForwardedBy::XForwardedFor,
        }
    }
}

/// Tries that each new address has while an account is in relief.
const RELIEF_TRIES: u32 = 3;

/// How long an address is familiar after a login.
const FAMILIAR_MS: i64 = 30 * 24 * 3600 * 1000;

/// How long changes are gathered before they are written: a failed login must not cost an fsync of its own.
const GATHER: Duration = Duration::from_secs(1);

/// The limits of a server. Clones share their counts.
#[derive(Clone)]
pub(crate) struct Limits(Arc<Shared>);

struct Shared {
    config: LimitConfig,
    ledger: Ledger,
    store: Arc<dyn Store>,
    clock: Clock,
}

/// What stands in the way of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Barrier {
    Account,
    Address,
}

/// How things stand for whoever tries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// What refuses the attempt, and for how many seconds.
    pub(crate) refused: Option<(Barrier, u64)>,
    /// Whether the account was logged into from that address lately.
    pub(crate) is_familiar: bool,
    pub(crate) account: Quota,
    pub(crate) address: Option<Quota>,
}

/// One count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quota {
    pub(crate) limit: u32,
    pub(crate) window_secs: u32,
    /// Failures that are still borne.
    pub(crate) remaining: u32,
    /// Until all are again, in seconds.
    pub(crate) reset_secs: u64,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Succeeded,
    Failed,
    /// It could not be judged: the request or the server was at fault.
    Neither,
}

impl Limits {
    pub(crate) fn new(config: LimitConfig, store: Arc<dyn Store>, clock: Clock) -> Limits {
        Limits(Arc::new(Shared { config, ledger: Ledger::default(), store, clock }))
    }

    pub(crate) fn config(&self) -> &LimitConfig {
        &self.0.config
    }

    /// Takes up what an earlier process has written.
    pub(crate) async fn restore(&self) -> Result<(), crate::store::StoreError> {
        let rows = self.0.store.limits(self.0.clock.now_ms().saturating_sub(self.window_ms())).await?;
        self.0.ledger.load(rows);
        Ok(())
    }

    /// Begins an attempt: counted as a failure until [`end`](Self::end) says otherwise, unless it is refused.
    pub(crate) fn begin(&self, subject: Subject, address: Option<Address>) -> Standing {
        let now_ms = self.0.clock.now_ms();
        self.0.ledger.with(|book| {
            let refused = self.barrier(book, subject, address, now_ms);
            if refused.is_none() {
                for (key, bucket) in self.counts(book, subject, address, now_ms) {
                    book.failures
                        .change(key, now_ms, self.window_ms(), |it| it.level_ms = bucket.add(it.level_ms, now_ms));
                }
            }
            self.standing(book, subject, address, now_ms, refused)
        })
    }

    /// Ends an attempt that was let in.
    pub(crate) fn end(&self, subject: Subject, address: Option<Address>, outcome: Outcome) -> Standing {
        let (now_ms, window_ms) = (self.0.clock.now_ms(), self.window_ms());
        let standing = self.0.ledger.with(|book| {
            if outcome != Outcome::Failed {
                for (key, bucket) in self.counts(book, subject, address, now_ms) {
                    book.failures.change(key, now_ms, window_ms, |it| it.level_ms = bucket.give_back(it.level_ms));
                    // What counts for nothing need not be written: who is turned away in a flood costs no row. (A row that was
                    // written amid the attempt says one failure too many, for the time that one failure counts.)
                    if book.failures.get(key).level_ms > now_ms {
                        book.dirty.insert(key);
                    }
                }
            }
            match (outcome, address) {
                (Outcome::Succeeded, Some(address)) => self.welcome(book, Key::pair(subject, address), now_ms),
                (Outcome::Failed, _) => self.failed(book, subject, address, now_ms),
                _ => {}
            }
            self.standing(book, subject, address, now_ms, None)
        });
        self.write_soon();
        standing
    }

    fn failed(&self, book: &mut ledger::Book, subject: Subject, address: Option<Address>, now_ms: i64) {
        let counts = self.counts(book, subject, address, now_ms);
        book.dirty.extend(counts.iter().map(|(key, _)| *key));
        let key = Key::account(subject);
        let account = book.failures.get(key);
        let counted = counts.iter().any(|(it, _)| *it == key);
        if counted && self.account().is_full(account.level_ms, now_ms) && !self.in_relief(account, now_ms) {
            let window_ms = self.window_ms();
            book.failures.change(key, now_ms, window_ms, |it| it.until_ms = now_ms.saturating_add(window_ms));
        }
    }

    fn welcome(&self, book: &mut ledger::Book, pair: Key, now_ms: i64) {
        let until_ms = now_ms.saturating_add(FAMILIAR_MS);
        let before = book.familiar.get(pair).until_ms;
        // Not at every login: a day more or less does not matter, and a write does.
        if until_ms.saturating_sub(before) > FAMILIAR_MS / 30 {
            book.familiar.change(pair, now_ms, 0, |it| it.until_ms = until_ms);
            book.dirty.insert(pair);
        }
    }

    /// Has what changed written in a while, all of it in one transaction.
    fn write_soon(&self) {
        if !self.0.ledger.begin_gathering() {
            return;
        }
        let limits = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(GATHER).await;
            limits.write().await;
        });
    }

    /// Writes what has changed since the last time.
    pub(crate) async fn write(&self) {
        let (rows, now_ms) = (self.0.ledger.changed(), self.0.clock.now_ms());
        if rows.is_empty() {
            return;
        }
        // Now and then: it reads the whole table while everybody who writes waits.
        let since_ms = self.0.ledger.is_time_to_forget(now_ms).then(|| now_ms.saturating_sub(self.window_ms()));
        if let Err(error) = self.0.store.put_limits(&rows, since_ms).await {
            // They stay in memory, where they count; a restart would forget them.
            tracing::warn!(%error, "failed logins could not be written down");
        }
    }
}

/// Whole seconds, rounded up.
fn secs(ms: i64) -> u64 {
    ms.max(0).unsigned_abs().div_ceil(1000)
}

impl std::fmt::Debug for Limits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Limits").field("config", &self.0.config).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
