//! What is going to happen, by virtual time. What happens at the same moment happens in the order in which it was planned.

use relatch_session::{Input, Stored};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::network::Trip;

/// One life of one tab: what was meant for a tab that has crashed does not reach the one that was opened in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TabId {
    pub(crate) slot: usize,
    pub(crate) life: u32,
}

/// Something that is going to happen.
pub(crate) enum Happening {
    /// A tab takes an input.
    Deliver(TabId, Input),
    /// The store does a tab's work: reads, or writes this in place of that version.
    Work(TabId, Option<(Stored, u64)>),
    /// A request reaches the server.
    Arrive(Box<Trip>),
    /// A trip is at its end: its answer, or the news that there is none, reaches the tab.
    Return(Box<Trip>),
    /// A timer fires, if it is still the one that runs.
    Timer(TabId, u32),
    /// A tab has come to the front of the queue for a lock.
    Grant(TabId, relatch_session::Lock, u32),
    /// A frozen tab goes on.
    Thaw(TabId),
    /// The app or the user does something in this tab.
    Act(usize),
    /// Something goes wrong.
    Trouble,
}

/// Everything that is planned.
#[derive(Default)]
pub(crate) struct Agenda {
    order: BinaryHeap<Reverse<(u64, u64, usize)>>,
    happenings: Vec<Option<Happening>>,
    free: Vec<usize>,
    planned: u64,
}

impl Agenda {
    pub(crate) fn plan(&mut self, at_ms: u64, happening: Happening) {
        self.planned += 1;
        let place = self.free.pop().unwrap_or(self.happenings.len());
        match self.happenings.get_mut(place) {
            Some(free) => *free = Some(happening),
            None => self.happenings.push(Some(happening)),
        }
        self.order.push(Reverse((at_ms, self.planned, place)));
    }

    /// When the next thing happens.
    pub(crate) fn next_ms(&self) -> Option<u64> {
        self.order.peek().map(|it| it.0.0)
    }

    pub(crate) fn take(&mut self) -> Option<Happening> {
        let Reverse((_, _, place)) = self.order.pop()?;
        self.free.push(place);
        self.happenings.get_mut(place)?.take()
    }
}
