//! `listeners-outside`: nothing that an exchange brought is told between its lock and the unlocking. What else happens
//! meanwhile (a context is set, another tab's is heard of, the store fails, a login is asked for more) is told when everything that the host has to do in
//! that step is done: a listener delays no request, and holds no lock.

use crate::rule::Rule;
use crate::world::World;
use relatch_session::{Command, Event};

impl World {
    pub(super) fn note_unlock(&mut self, slot: usize) {
        let tab = self.at_mut(slot);
        (tab.lock_since_ms, tab.lock_held_since_ms) = (None, None);
    }

    pub(super) fn check_outside_lock(&mut self, slot: usize, event: Event) {
        let is_apart =
            matches!(event, Event::ContextChanged | Event::StoreFailed | Event::Challenged | Event::ChallengeEnded);
        if self.at(slot).lock_held_since_ms.is_some() && !is_apart {
            self.fail(Rule::ListenersOutside, format!("tab {slot} tells of {event:?} under the lock"));
        }
    }

    /// Commands to the host come before what is told.
    pub(super) fn check_told_last(&mut self, slot: usize, command: &Command) {
        let is_told = matches!(command, Command::Emit(..) | Command::Settle { .. } | Command::AskLogin(_));
        let told = std::mem::replace(&mut self.watch.told, is_told);
        if told && !is_told {
            self.fail(Rule::ListenersOutside, format!("tab {slot} has listeners run before the host is done"));
        }
    }
}
