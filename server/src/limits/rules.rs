//! The rules themselves: what stands in the way of an attempt, what it counts against, and how things stand then.

use super::bucket::Bucket;
use super::ledger::Book;
use super::subject::{Address, Subject};
use super::table::{Entry, Key};
use super::{Barrier, Limits, Quota, RELIEF_TRIES, Standing, secs};

impl Limits {
    pub(super) fn barrier(
        &self,
        book: &Book,
        subject: Subject,
        address: Option<Address>,
        now_ms: i64,
    ) -> Option<(Barrier, u64)> {
        let wait = |barrier, ms: i64| Some((barrier, secs(ms).max(1)));
        if let Some(pair) = self.familiar(book, subject, address, now_ms) {
            let level_ms = book.failures.get(pair).level_ms;
            let full = self.account().is_full(level_ms, now_ms);
            return if full { wait(Barrier::Account, self.account().wait_ms(level_ms, now_ms)) } else { None };
        }
        let account = book.failures.get(Key::account(subject));
        if account.until_ms > now_ms {
            return wait(Barrier::Account, account.until_ms - now_ms);
        }
        let (bucket, key) = match address.filter(|_| self.in_relief(account, now_ms)) {
            Some(address) => (self.relief(), Key::pair(subject, address)),
            None => (self.account(), Key::account(subject)),
        };
        let level_ms = book.failures.get(key).level_ms;
        if bucket.is_full(level_ms, now_ms) {
            return wait(Barrier::Account, bucket.wait_ms(level_ms, now_ms));
        }
        let level_ms = book.failures.get(Key::address(address?)).level_ms;
        let full = self.address().is_full(level_ms, now_ms);
        if full { wait(Barrier::Address, self.address().wait_ms(level_ms, now_ms)) } else { None }
    }

    /// What an attempt counts against.
    pub(super) fn counts(
        &self,
        book: &Book,
        subject: Subject,
        address: Option<Address>,
        now_ms: i64,
    ) -> Vec<(Key, Bucket)> {
        let mut counts = Vec::with_capacity(3);
        match self.familiar(book, subject, address, now_ms) {
            Some(pair) => counts.push((pair, self.account())),
            None => {
                counts.push((Key::account(subject), self.account()));
                let account = book.failures.get(Key::account(subject));
                let relieved = address.filter(|_| self.in_relief(account, now_ms));
                counts.extend(relieved.map(|it| (Key::pair(subject, it), self.relief())));
            }
        }
        counts.extend(address.map(|it| (Key::address(it), self.address())));
        counts
    }

    pub(super) fn standing(
        &self,
        book: &Book,
        subject: Subject,
        address: Option<Address>,
        now_ms: i64,
        refused: Option<(Barrier, u64)>,
    ) -> Standing {
        let familiar = self.familiar(book, subject, address, now_ms);
        let key = familiar.unwrap_or(Key::account(subject));
        let entry = book.failures.get(key);
        let mut account = self.account().quota(entry.level_ms, now_ms);
        if entry.until_ms > now_ms {
            account = Quota { remaining: 0, reset_secs: secs(entry.until_ms - now_ms), ..account };
        }
        let of_address = |it| self.address().quota(book.failures.get(Key::address(it)).level_ms, now_ms);
        Standing { refused, is_familiar: familiar.is_some(), account, address: address.map(of_address) }
    }

    /// The count of its own that an address has which the account was logged into from.
    fn familiar(&self, book: &Book, subject: Subject, address: Option<Address>, now_ms: i64) -> Option<Key> {
        let pair = Key::pair(subject, address?);
        (book.familiar.get(pair).until_ms > now_ms).then_some(pair)
    }

    /// Whether a lock has just ended.
    pub(super) fn in_relief(&self, account: Entry, now_ms: i64) -> bool {
        let ended_ms = account.until_ms;
        ended_ms > 0 && ended_ms <= now_ms && now_ms < ended_ms.saturating_add(self.window_ms())
    }

    pub(super) fn account(&self) -> Bucket {
        Bucket::new(self.0.config.account_failures, self.0.config.window_secs)
    }

    fn address(&self) -> Bucket {
        Bucket::new(self.0.config.address_failures, self.0.config.window_secs)
    }

    fn relief(&self) -> Bucket {
        Bucket::new(RELIEF_TRIES, self.0.config.window_secs)
    }

    pub(super) fn window_ms(&self) -> i64 {
        i64::from(self.0.config.window_secs) * 1000
    }
}
