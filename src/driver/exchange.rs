//! A request of the session's own on its way, with the steps that go before it.

use relatch_dialects::Values;

/// One [`Command::Send`](relatch_session::Command::Send): which operation, with what, and how far it is.
pub struct Exchange {
    pub(super) operation: String,
    /// The step that comes next, from 0; the operation itself after the last.
    pub(super) step: usize,
    pub(super) values: Values,
    /// What the steps so far have given.
    given: Values,
    pub(super) attempt: Option<String>,
}

impl Exchange {
    /// What a `Send` says: its operation, values, and the attempt key.
    pub fn new(operation: &str, values: &Values, attempt: Option<&str>) -> Exchange {
        Exchange {
            operation: operation.into(),
            step: 0,
            values: values.clone(),
            given: Values::new(),
            attempt: attempt.map(Into::into),
        }
    }

    /// The operation's name, for logs.
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// How many of the steps before it are done: with that many, the operation's own request comes next.
    pub const fn step(&self) -> usize {
        self.step
    }

    /// What a step has given is there for the next, and for the session in the end.
    pub(super) fn go_on(&mut self, captured: &Values) {
        self.step += 1;
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
