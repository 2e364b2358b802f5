//! The twelve rules as checks, one module for each. They see what sessions are handed and what they command, and beside
//! that the truth: what the server did, what the store holds, what the user wanted.

mod authoritative_end;
mod clocks_lie;
mod deadlines;
mod events_mean_change;
mod listeners_outside;
mod logout_wins;
mod memory_of_why;
mod one_renewal;
mod one_retry;
mod save_first;
mod storage_fails;
mod tokens_stay_home;

use crate::Violation;
use crate::clock::Clock;
use crate::host::Cause;
use crate::rule::Rule;
use crate::server::Token;
use crate::tab::{Key, Taken};
use crate::world::World;
use relatch_dialects::Meaning;
use relatch_session::{Answered, CallId, Command, Input, Lock, Login, Snapshot, Status, Stored};

/// What the rules remember of the world; what they remember of a tab is with the tab.
#[derive(Default)]
pub(crate) struct Watch {
    renewals: Vec<one_renewal::Renewal>,
    /// The logins that some tab has ended.
    ended: Vec<Login>,
    /// Tokens that the app wanted renewed, or the server refused.
    reasons: Vec<Key>,
    /// Renewals that the app wanted before it was known of what.
    vague_reasons: u32,
    /// When the user of each login was last active, by both clocks.
    active: Vec<(Login, u64, u64)>,
    swept_ms: u64,
    /// A call that is to be answered in this step.
    to_answer: Option<(usize, CallId)>,
    /// Whether the app has been told something in this step.
    told: bool,
    /// A token that has come too late, in which tab.
    to_revoke: Option<(usize, Token)>,
    text: String,
}

impl Watch {
    pub(crate) fn active(&mut self, login: Login, clock: &Clock) {
        self.active.retain(|it| it.0 != login);
        self.active.push((login, clock.monotonic_ms, clock.wall_ms()));
    }
}

impl World {
    pub(crate) fn fail(&mut self, rule: Rule, what: impl Into<String>) {
        // A broken host is to be caught by the rule that it breaks.
        if self.violation.is_none() && self.broken.is_none_or(|it| it == rule) {
            self.violation = Some(Violation { rule, what: what.into() });
        }
    }

    /// Something that a session is about to be handed.
    pub(crate) fn check_input(&mut self, slot: usize, input: &Input) {
        let awake_ms = self.at(slot).awake_ms(self.clock.monotonic_ms);
        let key = self.at(slot).key();
        match input {
            Input::Answered { exchange, answered } => {
                self.note_answer(slot, *exchange, answered.as_deref().ok());
            }
            Input::Locked(Lock::Renewal, given) => {
                let tab = self.at_mut(slot);
                tab.lock_held_since_ms = given.then_some(awake_ms);
                tab.lock_since_ms = None;
            }
            Input::Refused { call, grant, meaning, .. } => {
                self.expect_answer(slot, *call, grant, *meaning);
                self.at_mut(slot).refused = Some((grant.login, grant.generation));
                self.watch.reasons.push((grant.login, grant.generation));
            }
            Input::Renew { .. } => match key {
                Some(key) => self.watch.reasons.push(key),
                None => self.watch.vague_reasons += 1,
            },
            Input::LoginSupplied(None) => self.at_mut(slot).declined = true,
            Input::Logout { .. } => self.note_logout(slot),
            Input::Woke => self.check_burst(slot),
            _ => {}
        }
    }

    fn note_answer(&mut self, slot: usize, id: u32, answered: Option<&Answered>) {
        let key = self.at(slot).key();
        let Some(place) = self.at(slot).exchanges.iter().position(|it| it.id == id) else {
            // A named operation of the app's.
            if let Some(key) = key {
                self.watch.reasons.push(key);
                self.at_mut(slot).refused = Some(key);
            }
            return;
        };
        let meaning = answered.map(|it| it.message.meaning);
        let exchange = self.at_mut(slot).exchanges.swap_remove(place);
        let brought = meaning == Some(Meaning::Session);
        if let Some(key) = exchange.renews {
            self.renewal_over(slot, id, brought);
            if !brought && self.at(slot).renews == Some(key) {
                self.at_mut(slot).renews = None;
            }
        }
        if !brought && exchange.is_login && meaning.is_some_and(|it| it != Meaning::Challenge) {
            self.at_mut(slot).credentials_refused = true;
        }
        if brought && exchange.renews.is_none() {
            self.login_overtakes(slot);
        }
        if brought && exchange.overtaken {
            self.expect_revocation(slot, answered);
        }
    }

    /// Something that a session has commanded, before it is obeyed.
    pub(crate) fn check_command(&mut self, slot: usize, cause: Cause, command: &Command) {
        let awake_ms = self.at(slot).awake_ms(self.clock.monotonic_ms);
        self.check_told_last(slot, command);
        match command {
            Command::Lock(Lock::Renewal) => {
                self.at_mut(slot).lock_since_ms = Some(awake_ms);
                self.check_renewal_is_due(slot);
            }
            Command::Unlock(Lock::Renewal) => self.note_unlock(slot),
            Command::Send { exchange, operation, values, attempt, .. } => {
                self.check_revocation(slot, operation, values);
                let is_renewal = operation == "renew" || operation == "login" && cause != Cause::Credentials;
                if let Some(key) = self.at(slot).key().filter(|_| is_renewal) {
                    self.check_renewal(slot, key, *exchange);
                    self.check_rest(slot, key);
                    self.check_read_and_stored(slot, cause, key, attempt.as_deref());
                }
            }
            Command::Settle { call, result } => {
                self.check_settled_is_stored(slot, result);
                self.check_granted_is_good(slot, result);
                self.check_settle_tells_nothing(result);
                self.note_settled(slot, *call);
            }
            Command::Announce(announcement) => self.check_announcement(slot, *announcement),
            Command::Emit(event, snapshot) => {
                self.check_outside_lock(slot, *event);
                self.check_event(slot, *event, snapshot);
                self.check_context_stays(slot, *event, snapshot);
                self.check_event_tells_nothing(*event, snapshot);
                self.check_failing_said_once(slot, *event);
                self.check_emitted_is_stored(snapshot);
                self.check_still_logged_out(slot, snapshot);
                if is_end(&self.at(slot).last, snapshot) {
                    self.check_end(slot, *event);
                    self.check_memory(slot, *event);
                }
                self.note_taken(slot, snapshot);
            }
            Command::Save(stored) => self.check_saved_text(stored),
            _ => {}
        }
    }

    /// A session has been obeyed.
    pub(crate) fn check_after(&mut self, slot: usize) {
        self.watch.told = false;
        self.check_snapshot(slot);
        self.check_answered_at_once();
        self.check_revoked();
    }

    /// Something is about to be written over what the store holds.
    pub(crate) fn check_write(&mut self, stored: &Stored) {
        self.check_not_revived(stored);
        self.check_not_overwritten(stored);
    }

    /// When tokens came, by the clocks that this tab can read.
    fn note_taken(&mut self, slot: usize, snapshot: &Snapshot) {
        let (monotonic_ms, wall_ms) = (self.clock.monotonic_ms, self.clock.wall_ms());
        let tab = self.at_mut(slot);
        let Some(record) = &snapshot.record else {
            tab.taken = None;
            return;
        };
        let key = (record.login, record.generation);
        if tab.taken.is_none_or(|it| it.key != key) {
            let age_ms = wall_ms.saturating_sub(record.received_at_ms);
            tab.taken = Some(Taken { key, monotonic_ms, wall_ms, age_ms, lifetime_ms: record.lifetime_ms });
            (tab.refused, tab.declined) = (None, false);
        }
        if tab.renews.is_some_and(|it| it != key) {
            tab.renews = None;
        }
    }

    /// How old a tab's tokens are, by the clock that says more.
    fn age_ms(&self, taken: &Taken) -> u64 {
        let by_monotonic = self.clock.monotonic_ms.saturating_sub(taken.monotonic_ms);
        taken.age_ms + by_monotonic.max(self.clock.wall_ms().saturating_sub(taken.wall_ms))
    }

    /// The same by the clock that says less.
    fn sure_age_ms(&self, taken: &Taken) -> u64 {
        let by_monotonic = self.clock.monotonic_ms.saturating_sub(taken.monotonic_ms);
        taken.age_ms + by_monotonic.min(self.clock.wall_ms().saturating_sub(taken.wall_ms))
    }
}

fn is_end(before: &Snapshot, after: &Snapshot) -> bool {
    before.status == Status::SignedIn && after.status != Status::SignedIn
}
