//! What goes along with calls beside the token, the same in all tabs: the organization, the tenant.

use crate::store::Work;
use crate::{Event, Session};
use relatch_dialects::Values;

impl Session {
    pub(crate) fn set_context(&mut self, name: &str, value: Option<String>) {
        let mut key = String::from("context.");
        key.push_str(name);
        let mut values = self.snapshot.context_values.clone();
        match value {
            Some(value) => values.set(&key, value),
            None => drop(values.remove(&key)),
        }
        if self.change_context(values) && self.is_signed_in() {
            self.enqueue(Work::Context);
        }
    }

    /// True if these values are others than before.
    pub(crate) fn change_context(&mut self, values: Values) -> bool {
        if values.same_texts(&self.snapshot.context_values) {
            return false;
        }
        if let Some(record) = &mut self.record {
            record.context.clone_from(&values);
        }
        let (status, context) = (self.snapshot.status, self.snapshot.context.wrapping_add(1));
        self.publish_with(Event::ContextChanged, status, context, values);
        true
    }
}
