//! An operation that has steps before it, on its way.

use super::Driver;
use relatch_dialects::{Rare, Values};

/// What an exchange of several requests keeps from one to the next. One request alone needs nothing of the kind.
pub struct Steps {
    /// How many of them are done.
    done: usize,
    /// What the next request is filled with.
    values: Values,
    /// What the steps so far have given.
    given: Values,
    attempt: Option<String>,
}

impl Driver {
    /// What is to be kept of a [`Command::Send`](relatch_session::Command::Send); `None` if its operation has no steps before it.
    pub fn steps(&self, operation: &str, values: &Values, attempt: Option<&str>) -> Option<Rare<Box<Steps>>> {
        if self.dialect.steps(operation) == 0 {
            return None;
        }
        let (values, attempt) = (values.clone(), attempt.map(Into::into));
        Rare::new(Box::new(Steps { done: 0, values, given: Values::new(), attempt }))
    }
}

impl Steps {
    /// How many of the steps are done: with all of them, the operation's own request comes next.
    pub const fn done(&self) -> usize {
        self.done
    }

    /// What the next request is filled with.
    pub const fn values(&self) -> &Values {
        &self.values
    }

    /// The attempt key of the operation's own request.
    pub fn attempt(&self) -> Option<&str> {
        self.attempt.as_deref()
    }

    /// What a step has given is there for the next, and for the session in the end.
    pub(super) fn go_on(&mut self, captured: &Values) {
        self.done += 1;
        self.values.overlay(captured);
        self.given.overlay(captured);
    }

    /// Everything that was captured, the last answer's own over the rest.
    pub(super) fn captured(&self, last: &Values) -> Values {
        let mut all = self.given.clone();
        all.overlay(last);
        all
    }
}
