//! `tokens-stay-home`: no token, password or attempt key in what tabs tell each other, in an event and its state as they are
//! printed, in the details of a failure, in the history; and no password in the store. Every secret of a schedule begins with
//! the same word, so that looking for that word finds all of them.

use crate::rule::Rule;
use crate::world::World;
use relatch_dialects::Value;
use relatch_session::{Announcement, Event, Failure, Outcome, Snapshot, Stored};
use std::fmt::{Debug, Write};

const SECRET: &str = "secret-";

impl World {
    /// As it goes to the other tabs.
    pub(super) fn check_announcement(&mut self, slot: usize, announcement: Announcement) {
        let leaked = self.at(slot).last.record.as_ref().and_then(|it| it.values.text("access_token"));
        let leaked = leaked.filter(|_| self.broken == Some(Rule::TokensStayHome)).map(String::from);
        self.check_text("an announcement", &(announcement, leaked));
    }

    pub(super) fn check_event_tells_nothing(&mut self, event: Event, snapshot: &Snapshot) {
        self.check_text("an event", &(event, snapshot));
        let mut details = snapshot.challenge.iter().flat_map(|it| it.details.iter());
        if details.any(|(name, it)| is_secret(it) || !name.starts_with("detail.")) {
            self.fail(Rule::TokensStayHome, "a challenge tells what is not for people");
        }
    }

    pub(super) fn check_settle_tells_nothing(&mut self, result: &Result<Outcome, Box<Failure>>) {
        match result {
            Err(failure) if failure.details.iter().any(|(_, it)| is_secret(it)) => {
                self.fail(Rule::TokensStayHome, "a token is in the details of a failure");
            }
            Ok(Outcome::Performed(values)) if values.iter().any(|(_, it)| is_secret(it)) => {
                self.fail(Rule::TokensStayHome, "a token is in what an operation brought");
            }
            _ => {}
        }
    }

    pub(super) fn check_saved_text(&mut self, stored: &Stored) {
        let Stored::Session(record) = stored else { return };
        if record
            .values
            .iter()
            .any(|(name, _)| matches!(name, "password" | "expires") || name.starts_with("challenge."))
        {
            self.fail(Rule::TokensStayHome, "a password is stored, or what only a request needs");
        }
        let attempt = record.attempt.as_deref().and_then(|it| u64::from_str_radix(it.get(16..)?, 16).ok());
        if attempt.is_some_and(|it| it >> 11 == record.login.0) {
            self.fail(Rule::TokensStayHome, "a login's name tells its attempt key");
        }
    }

    /// As it can be printed.
    pub(crate) fn check_history(&mut self, slot: usize) {
        let entries: Vec<_> = self.at(slot).session.history().copied().collect();
        self.check_text("a history", &entries);
        if entries.len() > 50 {
            self.fail(Rule::MemoryOfWhy, "a history grows without bound");
        }
    }

    fn check_text(&mut self, what: &str, printed: &dyn Debug) {
        let mut text = std::mem::take(&mut self.watch.text);
        text.clear();
        let _ = write!(text, "{printed:?}");
        if text.contains(SECRET) {
            self.fail(Rule::TokensStayHome, format!("a secret is in {what}"));
        }
        self.watch.text = text;
    }
}

fn is_secret(value: &Value) -> bool {
    value.as_str().is_some_and(|it| it.contains(SECRET))
}
