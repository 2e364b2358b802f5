//! How each schedule ends: faults stop, everything thaws, and within a bounded time every call is answered, all tabs agree with
//! the store, whoever is signed in is so for the server too, and a log-out in one tab is one in all.

use crate::rule::Rule;
use crate::server::Token;
use crate::store::SLOWEST_MS;
use crate::tab::{Key, Wish};
use crate::world::World;
use relatch_session::{Input, Stored};

/// As long as a call waits for somebody to log in, and what comes after that.
const SETTLED_MS: u64 = 180_000;

/// The longest that renewals rest after a failure.
const RESTED_MS: u64 = 620_000;

const FOLLOWED_MS: u64 = 60_000;

const ROUNDS: u64 = 6;

/// More than this is a loop.
const MOST_STEPS: u64 = 50_000;

impl World {
    pub(crate) fn finish(&mut self) {
        self.faults_end = true;
        self.note(|_| "faults end".into());
        self.come_back();
        self.run_for(SETTLED_MS);
        self.check_settled();
        self.call_once_more();
        self.check_agreement();
        self.log_out_everywhere();
        for slot in self.alive() {
            self.check_history(slot);
        }
    }

    fn alive(&self) -> Vec<usize> {
        self.tabs.iter().filter(|it| it.alive).map(|it| it.id.slot).collect()
    }

    fn come_back(&mut self) {
        for slot in 0..self.tabs.len() {
            if !self.at(slot).alive {
                self.open_tab(slot);
            }
        }
        for slot in self.alive() {
            let tab = self.at_mut(slot);
            tab.hidden = false;
            let (id, is_asked) = (tab.id, tab.is_asked);
            self.thaw(id);
            self.plan_input(id, 0, Input::Returned);
            // A tab that crashed may have written something and not told of it.
            self.plan_input(id, 2 * SLOWEST_MS, Input::Returned);
            if is_asked {
                let supplied = Some(self.right_credentials(slot, false));
                self.plan_input(id, 1_000, Input::LoginSupplied(supplied));
            }
        }
    }

    fn run_for(&mut self, millis: u64) {
        let (end_ms, end_steps) = (self.clock.monotonic_ms + millis, self.steps + MOST_STEPS);
        while self.agenda.next_ms().is_some_and(|it| it <= end_ms) && self.step() {
            if self.steps > end_steps {
                return self.fail(Rule::ClocksLie, "the tabs do not come to rest");
            }
        }
        self.clock.monotonic_ms = self.clock.monotonic_ms.max(end_ms);
        self.check_deadlines();
    }

    fn check_settled(&mut self) {
        let waiting = self.tabs.iter().filter(|it| it.alive).find_map(|it| it.asked.first());
        if let Some(what) = waiting.map(|it| format!("{:?} was never answered", it.wish)) {
            self.fail(Rule::Deadlines, what);
        }
    }

    /// Whoever is signed in after a call is so for the server as well.
    fn call_once_more(&mut self) {
        let rests = self.watch.has_failed(self.clock.monotonic_ms);
        if rests {
            self.run_for(RESTED_MS);
        }
        for slot in self.alive() {
            self.authorize(slot);
        }
        self.run_for(FOLLOWED_MS);
        self.check_settled();
        // A guarded API does not say that a session has ended, and without a store another tab may have ended it since.
        let is_told = !self.plan.guarded && self.store.illnesses == 0;
        for slot in self.alive().into_iter().filter(|_| is_told).collect::<Vec<_>>() {
            let record = self.at(slot).last.record.as_ref();
            let token = record.map(|it| Token::of(&it.values, "access_token"));
            if token.is_some_and(|it| !self.server.is_alive(it)) {
                self.fail(Rule::AuthoritativeEnd, format!("tab {slot} stays signed in, and the server knows better"));
            }
        }
    }

    fn check_agreement(&mut self) {
        // A renewal may be under way at this very moment.
        for _ in 0..ROUNDS {
            if self.odd_one().is_some() {
                self.run_for(FOLLOWED_MS / ROUNDS);
            }
        }
        if let Some(slot) = self.odd_one().filter(|_| self.store.illnesses == 0) {
            let (key, stored) = (self.at(slot).key(), &self.store.held);
            let what = format!("tab {slot} has {key:?}, and the store {stored:?}");
            self.fail(Rule::SaveFirst, what);
        }
    }

    fn odd_one(&self) -> Option<usize> {
        let stored: Option<Key> = match &self.store.held {
            Some(Stored::Session(record)) => Some((record.login, record.generation)),
            _ => None,
        };
        self.tabs.iter().filter(|it| it.alive).find(|it| it.key() != stored).map(|it| it.id.slot)
    }

    fn log_out_everywhere(&mut self) {
        // Tabs that lived through a store that did not work may each have a session of their own.
        let rounds = if self.store.illnesses == 0 { 1 } else { self.tabs.len() };
        for _ in 0..rounds {
            let Some(slot) = self.alive().into_iter().find(|it| self.at(*it).key().is_some()) else { break };
            self.ask(slot, Wish::Logout, |call| Input::Logout { call });
            self.run_for(FOLLOWED_MS);
        }
        if let Some(slot) = self.alive().into_iter().find(|it| self.at(*it).key().is_some()) {
            self.fail(Rule::LogoutWins, format!("tab {slot} stays signed in after a log-out"));
        }
        if matches!(self.store.held, Some(Stored::Session(_))) && self.store.illnesses == 0 {
            self.fail(Rule::LogoutWins, "the store still has a session after a log-out");
        }
        self.check_settled();
        if !self.locks.is_empty() {
            self.fail(Rule::Deadlines, "a lock is held or waited for without end");
        }
    }
}
