//! `save-first`: the app is told of no tokens, and no call goes on with any, that have not been in the store; an attempt key is
//! there before its renewal leaves, which it does in the step in which the store was heard; and nothing newer in the store is
//! written over. The first two hold in schedules in which the store works.

use crate::host::Cause;
use crate::rule::Rule;
use crate::tab::Key;
use crate::world::World;
use relatch_session::{Failure, Outcome, Snapshot, Stored};

impl World {
    pub(super) fn check_settled_is_stored(&mut self, slot: usize, result: &Result<Outcome, Box<Failure>>) {
        match result {
            Ok(Outcome::Granted(grant)) => self.check_is_stored((grant.login, grant.generation)),
            Ok(Outcome::Done) => self.check_emitted_is_stored(&self.at(slot).last.clone()),
            _ => {}
        }
    }

    pub(super) fn check_emitted_is_stored(&mut self, snapshot: &Snapshot) {
        if let Some(record) = &snapshot.record {
            self.check_is_stored((record.login, record.generation));
        }
    }

    fn check_is_stored(&mut self, (login, generation): Key) {
        if self.store.illnesses == 0 && !self.store.has_held(login, generation) {
            self.fail(Rule::SaveFirst, "the app has tokens that the store has not got");
        }
    }

    pub(super) fn check_read_and_stored(&mut self, slot: usize, cause: Cause, key: Key, attempt: Option<&str>) {
        if cause != Cause::Store {
            self.fail(Rule::SaveFirst, format!("tab {slot} renews without having looked at the store"));
        }
        let is_stored = attempt.is_none_or(|attempt| {
            let mut entries = self.store.log.iter().rev().filter(|it| (it.login, it.generation) == key);
            entries.any(|it| it.attempt.as_deref() == Some(attempt))
        });
        if !is_stored && self.store.illnesses == 0 {
            self.fail(Rule::SaveFirst, "an attempt key leaves that is not stored");
        }
    }

    pub(super) fn check_not_overwritten(&mut self, stored: &Stored) {
        if let (Some(Stored::Session(before)), Stored::Session(after)) = (&self.store.held, stored)
            && before.login == after.login
            && (before.generation > after.generation
                || before.generation == after.generation
                    && before.values.text("access_token") != after.values.text("access_token"))
        {
            self.fail(Rule::SaveFirst, "newer tokens in the store are written over");
        }
    }
}
