//! `listeners-outside`: between the lock and its unlocking no listener is called for anything that the exchange under it
//! brought. What the app itself does meanwhile (a context, a log-out) is told at once.

use crate::host::Cause;
use crate::rule::Rule;
use crate::world::World;
use relatch_session::Event;

impl World {
    pub(super) fn note_unlock(&mut self, slot: usize) {
        let tab = self.at_mut(slot);
        (tab.lock_since_ms, tab.lock_held_since_ms) = (None, None);
    }

    pub(super) fn check_outside_lock(&mut self, slot: usize, cause: Cause, event: Event) {
        if self.at(slot).lock_held_since_ms.is_some() && cause != Cause::Context {
            self.fail(Rule::ListenersOutside, format!("tab {slot} tells of {event:?} under the lock"));
        }
    }
}
