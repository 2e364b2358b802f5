//! `one-retry`: a call goes to the server twice at the most; the second time with newer tokens of the same login, and in the
//! same context; and if these are here already, it waits for nothing.

use crate::rule::Rule;
use crate::tab::Taken;
use crate::world::World;
use relatch_dialects::Meaning;
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

    /// A call was refused while newer tokens were here already: no renewal is made for it, unless these have ended too.
    /// What ends the session, whatever its tokens, is answered when the store has heard of that.
    pub(super) fn expect_answer(&mut self, slot: usize, call: CallId, grant: &Grant, meaning: Meaning) {
        let tab = self.at(slot);
        let is_good = |it: &Taken| it.lifetime_ms.is_none_or(|lifetime| self.age_ms(it) < lifetime);
        let newer = tab.taken.filter(|it| it.key.0 == grant.login && it.key.1 > grant.generation);
        self.watch.to_answer =
            newer.filter(is_good).filter(|_| meaning != Meaning::AccountDisabled).map(|_| (slot, call));
    }

    pub(super) fn note_settled(&mut self, slot: usize, call: CallId) {
        self.watch.to_answer = self.watch.to_answer.filter(|it| *it != (slot, call));
    }

    pub(super) fn check_answered_at_once(&mut self) {
        if self.watch.to_answer.take().is_some() {
            self.fail(Rule::OneRetry, "a refused call waits, and newer tokens are here");
        }
    }
}
