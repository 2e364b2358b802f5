//! `one-retry`: a call goes to the server twice at the most; the second time with newer tokens of the same login, and in the
//! same context; and if these are here already, it waits for nothing.

use crate::host::Cause;
use crate::rule::Rule;
use crate::world::World;
use relatch_session::{CallId, Grant};

impl World {
    /// A call is about to go to the server.
    pub(crate) fn check_fetch(&mut self, slot: usize, number: u32, grant: &Grant) {
        let Some(fetch) = self.at(slot).fetches.iter().find(|it| it.number == number) else { return };
        let made_as_another = fetch.made_under.is_some_and(|it| it != (grant.login, grant.context));
        let retried_as_another =
            fetch.grant.as_ref().is_some_and(|it| (it.login, it.context) != (grant.login, grant.context));
        let retried_with_the_same = fetch.grant.as_ref().is_some_and(|it| it.generation >= grant.generation);
        match () {
            () if fetch.sent >= 2 => self.fail(Rule::OneRetry, "a call is sent a third time"),
            () if made_as_another => self.fail(Rule::OneRetry, "a call is sent under another login or context"),
            () if retried_as_another => {
                self.fail(Rule::OneRetry, "a call is sent again under another login or context")
            }
            () if retried_with_the_same => self.fail(Rule::OneRetry, "a call is sent again with the same tokens"),
            () => {}
        }
    }

    /// Nothing to check in an answer that comes in the same step; what waits is looked at in `deadlines`.
    pub(super) fn check_retry(&mut self, slot: usize, call: CallId, cause: Cause) {
        if cause == Cause::Refused(call) {
            self.note(|_| format!("tab {slot}: call {call} is answered at once"));
        }
    }
}
