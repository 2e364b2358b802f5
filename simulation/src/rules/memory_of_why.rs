//! `memory-of-why`: after every sign-out the history names its reason, and the answer behind it where there was one; it holds
//! fifty entries at the most.

use crate::rule::Rule;
use crate::world::World;
use relatch_session::{Event, FailureKind};

impl World {
    pub(super) fn check_memory(&mut self, slot: usize, event: Event) {
        let is_forgotten = self.broken == Some(Rule::MemoryOfWhy);
        let entries: Vec<_> = self.at(slot).session.history().filter(|_| !is_forgotten).copied().collect();
        let Some(entry) = entries.iter().rev().take(5).find(|it| it.event == event) else {
            return self.fail(Rule::MemoryOfWhy, format!("tab {slot} does not remember why it was signed out"));
        };
        let by_server = matches!(event, Event::SessionEnded | Event::AccountDisabled | Event::CredentialsRefused);
        if by_server && !matches!(entry.cause, Some(FailureKind::Meant(_))) {
            self.fail(Rule::MemoryOfWhy, format!("tab {slot} does not remember what the server said: {event:?}"));
        }
    }
}
