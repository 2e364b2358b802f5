//! Ending a session: by the user, by the server, by time, by another tab.

use crate::calls::Wish;
use crate::clock::Validity;
use crate::exchanges::Purpose;
use crate::history::Cause;
use crate::session::NO_TOKENS;
use crate::store::{Due, Then, Work};
use crate::{Announcement, CallId, Command, Event, Failure, FailureKind, Login, Outcome, Record, Session, Status};
use relatch_dialects::{FULL, Values};

impl Session {
    /// Signs out at once; the server is told as far as it can be.
    pub(crate) fn logout(&mut self, call: CallId) {
        if self.snapshot.status == Status::Loading {
            self.drop_logins(true);
            self.reject_parked(Failure::of(FailureKind::SessionChanged));
            return self.park(call, Wish::Logout);
        }
        let grant = self.grant();
        self.end(Event::SignedOut, Cause::NONE);
        match grant {
            Some(grant) => self.revoke(grant.values, Some(call)),
            None => self.left(call),
        }
    }

    fn left(&mut self, call: CallId) {
        self.settle_stored(call, Ok(Outcome::Done));
    }

    /// Whoever ends a session, or hears that it has ended, hears of it when the store has it too: the page that is opened next, or
    /// the next start of the program, must not find the session again.
    pub(crate) fn settle_stored(&mut self, call: CallId, result: Result<Outcome, Box<Failure>>) {
        self.leaving.push(Command::Settle { call, result });
    }

    /// Answers them, if neither an end nor what they have brought is on its way into the store.
    pub(crate) fn settle_leaving(&mut self) {
        let waits = self.queue.is_ending() || self.queue.is_storing_end() || FULL && self.queue.has_observed();
        if !waits {
            self.told.append(&mut self.leaving);
        }
    }

    /// Tells the server that this token is not wanted any more. A session without one is that of the platform's cookies, which may be
    /// another's by now.
    pub(crate) fn revoke(&mut self, values: Values, call: Option<CallId>) {
        let is_nobodys = !self.is_signed_in() && !self.queue.has_tokens();
        if self.options.logout && (is_nobodys || values.get("access_token").is_some()) {
            self.send("logout", values, None, Purpose::Logout { call });
        } else {
            self.logout_answered(call);
        }
    }

    /// Told or not: the session is over here, and the caller has waited long enough.
    pub(crate) fn logout_answered(&mut self, call: Option<CallId>) {
        if let Some(call) = call {
            self.left(call);
        }
    }

    /// The session is over, for this reason; the other tabs follow.
    pub(crate) fn end(&mut self, event: Event, cause: Cause) {
        self.end_up_to(u64::MAX, event, cause);
    }

    /// The same, unless another tab turns out to have a later generation than this.
    fn end_up_to(&mut self, generation: u64, event: Event, cause: Cause) {
        let login = self.record.as_ref().map(|it| it.login);
        self.forget_incoming(login, event == Event::SignedOut);
        if let Some(login) = login {
            self.record = None;
            self.ended.push((login, generation));
            self.enqueue(Work::Ended(login, generation));
            self.finish(event, cause);
            self.announce(Announcement::Ended { login, generation });
        } else {
            self.finish(event, cause);
        }
    }

    /// Ends the session for a reason that is none if another tab has newer tokens: the store is asked first.
    pub(crate) fn end_unless_renewed(&mut self, event: Event, cause: Cause) {
        if self.is_signed_in() && !self.queue.is_ending() {
            self.read(Then::End(Box::new(Due { event, of: self.generation(), cause })));
        }
    }

    pub(crate) fn end_if_still_due(&mut self, due: &Due) {
        if self.generation() != due.of {
            return;
        }
        if due.event != Event::Idle {
            self.end_up_to(due.of.1, due.event, due.cause);
        } else if self.until_idle() == 0
            && let Some(grant) = self.grant()
        {
            self.end(due.event, Cause::NONE);
            self.revoke(grant.values, None);
        }
    }

    /// Another tab says, or the store does, that a session has ended: ours, if it is one of those.
    pub(crate) fn follow_end(&mut self, concerned: impl Fn(&Record) -> bool) {
        if let Some(record) = self.record.take_if(|it| concerned(it)) {
            self.ended.push((record.login, u64::MAX));
            self.forget_incoming(Some(record.login), false);
            self.finish(Event::SignedOutElsewhere, Cause::NONE);
        }
    }

    /// New tokens of that login, or of any, are not to come into the store any more; or to be taken out of it again.
    fn forget_incoming(&mut self, login: Option<Login>, every: bool) {
        while let Some(incoming) = self.queue.end_incoming(login, every) {
            self.ended.push((incoming.record.login, u64::MAX));
            self.revoke(incoming.record.values, None);
            if let Some(call) = incoming.call {
                self.reject(call, FailureKind::Aborted);
            }
        }
    }

    fn finish(&mut self, event: Event, cause: Cause) {
        self.validity = Validity::endless(&self.now);
        self.credentials = None;
        self.backoff.clear();
        self.forbidden_under = NO_TOKENS;
        self.settle_help();
        self.guarded = false;
        if matches!(event, Event::SignedOut | Event::SignedOutElsewhere) {
            self.drop_logins(true);
        }
        self.settle_renewal();
        let context = self.snapshot.context.wrapping_add(1);
        let before = self.snapshot.clone();
        self.publish_ended(event, cause, context);
        // Calls of a user who signs out are not calls of nobody: they belong to a session that is no more.
        let kind = match event {
            Event::SignedOut | Event::SignedOutElsewhere => FailureKind::SessionChanged,
            _ => FailureKind::LoginRequired,
        };
        if before.status != Status::Loading {
            self.end_parked(kind);
        }
    }

    fn publish_ended(&mut self, event: Event, cause: Cause, context: u32) {
        if self.snapshot.record.is_none() && self.snapshot.status == Status::SignedOut {
            return;
        }
        let length = self.told.len();
        self.publish_with(event, Status::SignedOut, context, Values::new());
        if self.told.len() > length {
            self.history.explain(cause);
        }
    }
}
