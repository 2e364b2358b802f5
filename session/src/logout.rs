//! Ending a session: by the user, by the server, by time, by another tab.

use crate::calls::Wish;
use crate::exchanges::Purpose;
use crate::renewal::Renewing;
use crate::{Announcement, CallId, Command, Event, Failure, FailureKind, Login, Outcome, Record, Session, Status};
use relatch_dialects::Values;

impl Session {
    /// Signs out at once; the server is told as far as it can be.
    pub(crate) fn logout(&mut self, call: CallId) {
        if self.snapshot.status == Status::Loading {
            self.drop_logins();
            self.reject_parked(&Failure::of(FailureKind::SessionChanged));
            return self.park(call, Wish::Logout);
        }
        let record = self.record.clone();
        self.end(Event::SignedOut, None);
        match record {
            Some(record) if self.options.logout => self.revoke(record.values, Some(call)),
            _ => self.settle(call, Ok(Outcome::Done(self.snapshot.clone()))),
        }
    }

    /// Tells the server that this token is not wanted any more.
    pub(crate) fn revoke(&mut self, values: Values, call: Option<CallId>) {
        if self.options.logout && values.text("access_token").is_some() {
            self.send("logout", values, true, None, Purpose::Logout { call });
        }
    }

    /// Told or not: the session is over here, and the caller has waited long enough.
    pub(crate) fn logout_answered(&mut self, call: Option<CallId>) {
        if let Some(call) = call {
            self.settle(call, Ok(Outcome::Done(self.snapshot.clone())));
        }
    }

    /// The session is over, for this reason; the other tabs follow.
    pub(crate) fn end(&mut self, event: Event, failure: Option<&Failure>) {
        let login = self.record.as_ref().map(|it| it.login);
        self.forget_pending(login, event == Event::SignedOut);
        if let Some(record) = self.record.take() {
            self.erase(record.login);
            self.finish(event, failure);
            self.commands.push(Command::Announce(Announcement::Ended { login: record.login }));
        } else {
            self.finish(event, failure);
        }
    }

    /// The session was ended by another tab.
    pub(crate) fn follow_end(&mut self, record: &Record) {
        self.last_ended = Some(record.login);
        self.record = None;
        self.forget_pending(Some(record.login), false);
        self.finish(Event::SignedOutElsewhere, None);
    }

    fn forget_pending(&mut self, login: Option<Login>, every: bool) {
        let mut dropped = Vec::new();
        for pending in &mut self.pending {
            dropped.extend(pending.take_if(|it| every || Some(it.record.login) == login));
        }
        for incoming in dropped {
            self.erase(incoming.record.login);
            self.revoke(incoming.record.values, None);
            if let Some(call) = incoming.call {
                self.reject(call, FailureKind::Aborted);
            }
        }
    }

    fn erase(&mut self, login: Login) {
        self.outdated |= self.reading;
        self.last_ended = Some(login);
        // A later login is on its way into the store already: a tombstone would go over it.
        if !self.has_arrivals() {
            self.pending.push(None);
            self.commands.push(Command::Erase(login));
        }
    }

    fn finish(&mut self, event: Event, failure: Option<&Failure>) {
        self.validity = None;
        self.credentials = None;
        self.backoff.clear();
        self.forbidden_under = None;
        self.asked = 0;
        self.guarded = false;
        if matches!(event, Event::SignedOut | Event::SignedOutElsewhere) {
            self.drop_logins();
        }
        self.exchanges.orphan(&|it| matches!(it, Purpose::Renewal(_)));
        if !matches!(self.renewing, Renewing::Idle) {
            self.renewing = Renewing::Idle;
            self.unlock();
        }
        let context = self.snapshot.context.wrapping_add(1);
        let before = self.snapshot.clone();
        self.publish_ended(event, failure, context);
        // Calls of a user who signs out are not calls of nobody: they belong to a session that is no more.
        let kind = match event {
            Event::SignedOut | Event::SignedOutElsewhere => FailureKind::SessionChanged,
            _ => FailureKind::LoginRequired,
        };
        if before.status != Status::Loading {
            self.reject_parked(&Failure::of(kind));
        }
    }

    fn publish_ended(&mut self, event: Event, failure: Option<&Failure>, context: u32) {
        if self.snapshot.record.is_none() && self.snapshot.status == Status::SignedOut {
            return;
        }
        let length = self.commands.len();
        self.publish_with(event, Status::SignedOut, context, Values::new());
        if self.commands.len() > length {
            self.history.explain(failure.map(|it| it.kind), failure.and_then(|it| it.status));
        }
    }
}
