//! `storage-fails`: a store that does not work is told of once, and signs nobody out. That a login succeeds without it, and that
//! every call is answered, is seen by `deadlines` and at the end of each schedule.

use crate::rule::Rule;
use crate::world::World;
use relatch_session::Event;

impl World {
    pub(super) fn check_failing_said_once(&mut self, slot: usize, event: Event) {
        if event != Event::StoreFailed {
            return;
        }
        if std::mem::replace(&mut self.at_mut(slot).store_failed, true) {
            self.fail(Rule::StorageFails, format!("tab {slot} says again that the store fails"));
        }
        if self.store.illnesses == 0 && !self.plan.slow_storage {
            self.fail(Rule::StorageFails, format!("tab {slot} says that the store fails, and it works"));
        }
    }
}
