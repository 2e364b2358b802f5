//! `events-mean-change`: each event but the two that tell of a failure comes with a state that differs from the one before; and
//! the state object stays the same as long as there is no event.

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

    pub(super) fn check_snapshot(&mut self, slot: usize) {
        let tab = self.at(slot);
        if !Arc::ptr_eq(&tab.last, &tab.session.snapshot()) {
            self.fail(Rule::EventsMeanChange, format!("tab {slot} has changed without an event"));
        }
    }
}
