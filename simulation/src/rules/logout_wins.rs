//! `logout-wins`: a login that was logged out comes back neither to the tab nor to the store, and tokens that arrive after it
//! are revoked where the API can be told to. That all tabs follow is seen at the end of each schedule.

use crate::rule::Rule;
use crate::server::Token;
use crate::world::World;
use relatch_dialects::Values;
use relatch_session::{Answered, Snapshot, Status, Stored};

impl World {
    pub(super) fn note_logout(&mut self, slot: usize) {
        let key = self.at(slot).key();
        let tab = self.at_mut(slot);
        tab.logged_out.extend(key.map(|it| it.0));
        tab.logs_out |= tab.last.status == Status::Loading;
        tab.exchanges.iter_mut().for_each(|it| it.overtaken = true);
    }

    /// Tokens have come after the log-out.
    pub(super) fn expect_revocation(&mut self, slot: usize, answered: Option<&Answered>) {
        let token = answered.and_then(|it| Token::of(&it.message.values, "access_token"));
        self.watch.to_revoke = token.map(|it| (slot, it)).filter(|_| self.plan.options.logout);
    }

    pub(super) fn check_revocation(&mut self, slot: usize, operation: &str, values: &Values) {
        if operation == "logout" && self.watch.to_revoke == Token::of(values, "access_token").map(|it| (slot, it)) {
            self.watch.to_revoke = None;
        }
    }

    pub(super) fn check_revoked(&mut self) {
        if self.watch.to_revoke.take().is_some() {
            self.fail(Rule::LogoutWins, "tokens that came after the log-out live on");
        }
    }

    pub(super) fn check_still_logged_out(&mut self, slot: usize, snapshot: &Snapshot) {
        let login = snapshot.record.as_ref().map(|it| it.login);
        if login.is_some_and(|it| self.at(slot).logged_out.contains(&it)) {
            self.fail(Rule::LogoutWins, format!("tab {slot} is back in a login that was logged out"));
        }
    }

    pub(super) fn check_not_revived(&mut self, stored: &Stored) {
        if let (Some(Stored::Tombstone(ended)), Stored::Session(after)) = (&self.store.held, stored)
            && *ended == after.login
        {
            self.fail(Rule::LogoutWins, "a login that was ended is written into the store again");
        }
    }
}
