//! `one-renewal`: no tokens are renewed a second time while their renewal is under way, or after it has succeeded. What
//! excuses a second one is counted: the first tab has crashed, or was frozen meanwhile; some tab had ended the login by then, or
//! was about to replace it; the store did not work; and where there are no locks, that a clock was set, since a lease in the store
//! counts by the wall clock.

use crate::agenda::TabId;
use crate::plan::Api;
use crate::rule::Rule;
use crate::server::Token;
use crate::tab::Key;
use crate::world::World;
use relatch_session::{ExchangeId, Stored};

/// How many are remembered.
const KEPT: usize = 32;

/// A renewal that was sent.
pub(crate) struct Renewal {
    key: Key,
    tab: TabId,
    exchange: ExchangeId,
    freezes: u32,
    illnesses: u32,
    was_ill: bool,
    /// Its tab has logged in anew.
    overtaken: bool,
    lies: u32,
    /// It failed, and may be tried again.
    pub(crate) failed_ms: Option<u64>,
}

impl World {
    pub(super) fn check_renewal(&mut self, slot: usize, key: Key, exchange: ExchangeId) {
        self.counts.renewals += 1;
        let mut excuses = Vec::new();
        for before in self.watch.renewals.iter().filter(|it| it.key == key && it.failed_ms.is_none()) {
            excuses.push(self.excuse(before));
        }
        for excuse in excuses {
            match excuse {
                Some(why) => self.count_double(slot, why),
                None => self.fail(Rule::OneRenewal, "tokens are renewed twice at a time"),
            }
        }
        self.remember(slot, key, exchange);
    }

    fn excuse(&self, before: &Renewal) -> Option<&'static str> {
        let tab = self.tabs.get(before.tab.slot)?;
        match () {
            () if !tab.alive || tab.id != before.tab => Some("the tab that renewed had crashed"),
            () if tab.frozen || tab.freezes != before.freezes => Some("the tab that renewed was frozen"),
            () if self.watch.ended.contains(&before.key.0) => Some("a tab has ended its login"),
            () if before.overtaken => Some("its tab logged in anew"),
            () if self.store.illnesses != before.illnesses || before.was_ill => Some("the store did not work"),
            () if !self.plan.locks && self.clock.lies != before.lies => Some("a clock was set, without locks"),
            () => None,
        }
    }

    fn is_store_ill(&self) -> bool {
        self.clock.monotonic_ms < self.store.ill_until_ms
    }

    /// Where the store does not hold what is renewed, there is nothing to put a lease on.
    fn is_stored(&self, (login, generation): Key) -> bool {
        matches!(&self.store.held, Some(Stored::Session(it)) if it.login == login && it.generation == generation)
    }

    fn count_double(&mut self, slot: usize, why: &'static str) {
        self.counts.excused_doubles += 1;
        let record = self.at(slot).last.record.as_ref();
        let token = record.and_then(|it| Token::of(&it.values, "access_token"));
        if self.plan.api == Api::Strict {
            self.server.excuse(token, why);
        }
        self.note(|_| format!("tab {slot}: a second renewal, excused: {why}"));
    }

    fn remember(&mut self, slot: usize, key: Key, exchange: ExchangeId) {
        if self.watch.renewals.len() >= KEPT {
            self.watch.renewals.remove(0);
        }
        let tab = self.at_mut(slot);
        tab.renews = Some(key);
        let (tab, freezes) = (tab.id, tab.freezes);
        let (illnesses, lies) = (self.store.illnesses, self.clock.lies);
        let was_ill = self.is_store_ill() || !self.is_stored(key);
        self.watch.renewals.push(Renewal {
            key,
            tab,
            exchange,
            freezes,
            illnesses,
            was_ill,
            overtaken: false,
            lies,
            failed_ms: None,
        });
    }

    /// The tab has heard what became of its renewal.
    pub(super) fn renewal_over(&mut self, slot: usize, exchange: ExchangeId, brought: bool) {
        let (tab, now) = (self.at(slot).id, self.clock.monotonic_ms);
        let found = self.watch.renewals.iter_mut().find(|it| it.tab == tab && it.exchange == exchange);
        if let Some(renewal) = found.filter(|_| !brought) {
            renewal.failed_ms = Some(now);
        }
    }

    /// A login of that tab's is on its way into the store, in place of what is renewed.
    pub(super) fn login_overtakes(&mut self, slot: usize) {
        let tab = self.at(slot).id;
        self.watch.renewals.iter_mut().filter(|it| it.tab == tab).for_each(|it| it.overtaken = true);
    }

    /// When this tab has last failed to renew these tokens, if no clock has been set since.
    pub(super) fn last_failure_ms(&self, slot: usize, key: Key) -> Option<u64> {
        let tab = self.at(slot).id;
        let mut last = self.watch.renewals.iter().rev().skip(1).filter(|it| it.tab == tab && it.key == key);
        last.next().filter(|it| it.lies == self.clock.lies)?.failed_ms
    }
}

impl super::Watch {
    /// Whether any renewal has failed so lately that others may still rest.
    pub(crate) fn has_failed(&self, monotonic_ms: u64) -> bool {
        self.renewals.iter().any(|it| it.failed_ms.is_some_and(|it| monotonic_ms < it + 700_000))
    }
}
