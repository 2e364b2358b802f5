//! Locks as browsers have them: a queue for each, in the order of asking; what a tab holds or waits for goes when it dies. A
//! frozen tab keeps what it has.

use crate::agenda::{Happening, TabId};
use crate::rule::Rule;
use crate::world::World;
use relatch_session::{Input, Lock};

/// Who waits for what, under which ticket; the first for each lock has it.
#[derive(Default)]
pub(crate) struct Locks {
    queue: Vec<(Lock, TabId, u32)>,
    tickets: u32,
}

impl Locks {
    fn first(&self, lock: Lock) -> Option<(TabId, u32)> {
        self.queue.iter().find(|it| it.0 == lock).map(|it| (it.1, it.2))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }
}

impl World {
    pub(crate) fn queue_for_lock(&mut self, lock: Lock, tab: TabId) {
        if !self.plan.locks {
            return self.plan_input(tab, 0, Input::Locked(lock, false));
        }
        self.locks.tickets += 1;
        let ticket = self.locks.tickets;
        self.locks.queue.push((lock, tab, ticket));
        let everybody = self.broken == Some(Rule::OneRenewal);
        if everybody || self.locks.first(lock) == Some((tab, ticket)) {
            self.plan_grant(lock, tab, ticket);
        }
    }

    fn plan_grant(&mut self, lock: Lock, tab: TabId, ticket: u32) {
        let takes = self.dice.roll(3);
        self.agenda.plan(self.clock.monotonic_ms + takes, Happening::Grant(tab, lock, ticket));
    }

    pub(crate) fn grant(&mut self, tab: TabId, lock: Lock, ticket: u32) {
        let everybody = self.broken == Some(Rule::OneRenewal);
        if everybody || self.locks.first(lock) == Some((tab, ticket)) {
            self.plan_input(tab, 0, Input::Locked(lock, true));
        }
    }

    pub(crate) fn leave_lock(&mut self, lock: Lock, tab: TabId) {
        self.leave(|it| it.0 == lock && it.1 == tab);
    }

    /// What a tab that dies leaves behind.
    pub(crate) fn leave_locks(&mut self, tab: TabId) {
        self.leave(|it| it.1 == tab);
    }

    fn leave(&mut self, goes: impl Fn(&(Lock, TabId, u32)) -> bool) {
        let before = [Lock::Renewal, Lock::Asking].map(|lock| (lock, self.locks.first(lock)));
        self.locks.queue.retain(|it| !goes(it));
        for (lock, held) in before {
            if let Some((tab, ticket)) = self.locks.first(lock).filter(|it| Some(*it) != held) {
                self.plan_grant(lock, tab, ticket);
            }
        }
    }
}
