//! `events-mean-change`: each event but the two that tell of a failure comes with a state that differs from the one before; and
//! the state object stays the same as long as there is no event. No renewal changes the context.

use crate::rule::Rule;
use crate::world::World;
use relatch_session::{Event, Snapshot};
use std::sync::Arc;

impl World {
    pub(super) fn check_event(&mut self, slot: usize, event: Event, snapshot: &Arc<Snapshot>) {
        let last = &self.at(slot).last;
        let is_same = Arc::ptr_eq(last, snapshot);
        let is_equal = is_same || **last == **snapshot;
        let tells_of_failure = matches!(event, Event::RenewalFailed | Event::StoreFailed);
        if is_equal != tells_of_failure || is_same != is_equal {
            self.fail(Rule::EventsMeanChange, format!("tab {slot} tells of {event:?}, and what changed does not fit"));
        }
    }

    /// With one tab and a store that works, nobody but its app sets the context: it outlasts a renewal.
    pub(super) fn check_context_stays(&mut self, slot: usize, event: Event, snapshot: &Snapshot) {
        let is_other = self.at(slot).last.context_values != snapshot.context_values;
        if event == Event::Renewed && is_other && self.plan.tabs == 1 && self.store.illnesses == 0 {
            self.fail(Rule::EventsMeanChange, "a context that was set is lost");
        }
    }

    pub(super) fn check_snapshot(&mut self, slot: usize) {
        let tab = self.at(slot);
        if !Arc::ptr_eq(&tab.last, &tab.session.snapshot()) {
            self.fail(Rule::EventsMeanChange, format!("tab {slot} has changed without an event"));
        }
    }
}
