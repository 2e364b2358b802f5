//! The one record that all tabs share: asynchronous, with compare-and-set, never stale; sometimes slow, failing, full, or
//! cleared by somebody.

use crate::agenda::{Happening, TabId};
use crate::rule::Rule;
use crate::world::World;
use relatch_session::{Input, Login, Record, Saved, StoreFailed, Stored};

/// No piece of work takes the store longer than this.
pub(crate) const SLOWEST_MS: u64 = 4_096;

/// What is wrong with the store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Illness {
    #[default]
    None,
    /// It can be neither read nor written.
    Failing,
    /// It can be read.
    Full,
}

#[derive(Default)]
pub(crate) struct Store {
    pub(crate) held: Option<Stored>,
    /// One more at each write, for compare-and-set.
    version: u64,
    pub(crate) illness: Illness,
    pub(crate) ill_until_ms: u64,
    /// How often it has been ill or cleared.
    pub(crate) illnesses: u32,
    pub(crate) was_cleared: bool,
    /// Every record that was ever in it: login, generation, attempt key.
    pub(crate) log: Vec<Entry>,
    pub(crate) tombstones: Vec<Login>,
    /// Which login was written over which.
    pub(crate) replaced: Vec<(Login, Login)>,
}

pub(crate) struct Entry {
    pub(crate) login: Login,
    pub(crate) generation: u64,
    pub(crate) attempt: Option<String>,
}

impl Store {
    /// Whether a session of that login and generation, or a later one, has been in it.
    pub(crate) fn has_held(&self, login: Login, generation: u64) -> bool {
        self.log.iter().rev().any(|it| it.login == login && it.generation >= generation)
    }

    pub(crate) fn clear(&mut self) {
        self.held = None;
        self.was_cleared = true;
        self.version += 1;
        self.illnesses += 1;
    }

    fn put(&mut self, stored: Stored) {
        self.version += 1;
        match &stored {
            Stored::Session(record) => {
                if let Some(Stored::Session(before)) = &self.held
                    && before.login != record.login
                {
                    self.replaced.push((before.login, record.login));
                }
                self.log.push(Entry::of(record));
            }
            Stored::Tombstone(login) => {
                if let Some(Stored::Session(before)) = &self.held
                    && before.login != *login
                {
                    self.replaced.push((before.login, *login));
                }
                self.tombstones.push(*login);
            }
        }
        self.held = Some(stored);
    }
}

impl Entry {
    fn of(record: &Record) -> Entry {
        Entry { login: record.login, generation: record.generation, attempt: record.attempt.clone() }
    }
}

impl World {
    /// A tab has asked the store for something.
    pub(crate) fn ask_store(&mut self, tab: TabId, write: Option<Stored>) {
        let seen = self.at(tab.slot).seen;
        let write = write.map(|it| (it, seen));
        let takes = self.store_takes();
        if self.broken == Some(Rule::SaveFirst) && write.is_some() {
            self.plan_input(tab, 0, Input::Saved(Saved::Done));
            return self.agenda.plan(self.clock.monotonic_ms + 500, Happening::Work(tab, write));
        }
        self.agenda.plan(self.clock.monotonic_ms + takes, Happening::Work(tab, write));
    }

    fn store_takes(&mut self) -> u64 {
        let is_slow = self.plan.slow_storage && !self.faults_end;
        if is_slow { self.dice.magnitude(11) } else { self.dice.roll(4) }
    }

    /// The store does it, and the tab hears of it a little later.
    pub(crate) fn work(&mut self, tab: TabId, write: Option<(Stored, u64)>) {
        let ill = self.clock.monotonic_ms < self.store.ill_until_ms && !self.faults_end;
        let illness = if ill { self.store.illness } else { Illness::None };
        let is_write = write.is_some();
        let input = match (write, illness) {
            (None, Illness::Failing) => Input::Loaded(self.unreadable()),
            (None, _) => Input::Loaded(Ok(self.look(tab))),
            (Some(_), Illness::Failing | Illness::Full) => Input::Saved(Saved::Failed),
            (Some((stored, seen)), Illness::None) => Input::Saved(self.write(tab, stored, seen)),
        };
        let takes = self.store_takes();
        if self.broken != Some(Rule::SaveFirst) || !is_write {
            self.plan_input(tab, takes, input);
        }
    }

    fn unreadable(&self) -> Result<Option<Stored>, StoreFailed> {
        match self.store.log.last() {
            Some(last) if self.broken == Some(Rule::StorageFails) => Ok(Some(Stored::Tombstone(last.login))),
            _ => Err(StoreFailed),
        }
    }

    fn look(&mut self, tab: TabId) -> Option<Stored> {
        let version = self.store.version;
        if let Some(it) = self.tab_mut(tab) {
            it.seen = version;
        }
        self.store.held.clone()
    }

    fn write(&mut self, tab: TabId, stored: Stored, seen: u64) -> Saved {
        let mut fits = seen == self.store.version;
        if self.broken == Some(Rule::LogoutWins) {
            fits |= matches!(self.store.held, Some(Stored::Tombstone(_)));
        }
        if !fits {
            self.counts.conflicts += 1;
            return Saved::Conflict(self.look(tab));
        }
        self.check_write(&stored);
        self.store.put(stored);
        self.look(tab);
        Saved::Done
    }
}
