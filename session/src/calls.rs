//! The app's calls: from the wish to send one to the permission, and what becomes of one that was refused.

use crate::answers::for_app;
use crate::clock::{Moment, NEVER};
use crate::exchanges::{Performing, Purpose};
use crate::history::Cause;
use crate::{Answered, CallId, Command, Event, Failure, FailureKind, Grant, Login, Outcome, Session, Status};
use relatch_dialects::{FULL, Meaning, Values};

/// A call that waits for tokens.
pub(crate) struct Parked {
    call: CallId,
    since: Moment,
    /// Under which login and context it was made; `None` while the store is being read.
    made_under: Option<(Login, u32)>,
    wish: Wish,
}

/// What a parked call wants.
pub(crate) enum Wish {
    /// To be sent.
    Grant,
    /// A renewal for its own sake.
    Renewal,
    /// A log-out, as soon as it is known of what.
    Logout,
    /// A named operation.
    Perform(Box<Performing>),
}

impl Session {
    pub(crate) fn authorize(&mut self, call: CallId) {
        self.wish(call, Wish::Grant);
    }

    pub(crate) fn perform(&mut self, call: CallId, operation: String, attached: bool, values: Values) {
        let performing = Box::new(Performing { call, operation, values, grant: None, retried: false });
        if attached {
            self.wish(call, Wish::Perform(performing));
        } else {
            let values = performing.values.clone();
            self.send_performing(performing, values);
        }
    }

    fn send_performing(&mut self, performing: Box<Performing>, values: Values) {
        let operation = performing.operation.clone();
        self.send(&operation, values, None, Purpose::Perform(performing));
    }

    fn wish(&mut self, call: CallId, wish: Wish) {
        match self.snapshot.status {
            Status::Loading => self.park(call, wish),
            Status::SignedIn if !matches!(wish, Wish::Renewal) && !self.has_expired() => {
                if self.validity.is_stale(&self.now) && self.renews_unseen() {
                    self.begin_renewal();
                }
                self.fulfil(call, wish);
            }
            Status::SignedIn => self.park_for_renewal(call, wish),
            Status::SignedOut | Status::Challenge => self.reject(call, FailureKind::LoginRequired),
        }
    }

    pub(crate) fn renew(&mut self, call: CallId) {
        self.wish(call, Wish::Renewal);
    }

    pub(crate) fn park(&mut self, call: CallId, wish: Wish) {
        let made_under = self.made_under();
        self.parked.push(Box::new(Parked { call, since: Moment::of(&self.now), made_under, wish }));
    }

    /// The call waits for new tokens, and whatever can bring them is set going.
    fn park_for_renewal(&mut self, call: CallId, wish: Wish) {
        let renews = self.renews_unseen();
        // While renewals rest, nobody is asked either: the tab that keeps the credentials is there, or the server is not.
        let rests = if renews || self.is_kept() { self.backoff.failure(&self.now) } else { None };
        if let Some(failure) = rests {
            return self.settle(call, Err(failure));
        }
        self.park(call, wish);
        if renews {
            self.begin_renewal();
        } else {
            self.seek_help();
        }
    }

    /// A call came back refused.
    pub(crate) fn refused(&mut self, call: CallId, grant: &Grant, meaning: Meaning, retried: bool) {
        let verdict = self.judge(grant, meaning, retried);
        self.carry_out(verdict, call, Wish::Grant, Ok(Outcome::HandOver));
    }

    fn carry_out(&mut self, verdict: Verdict, call: CallId, wish: Wish, refusal: Result<Outcome, Box<Failure>>) {
        match verdict {
            Verdict::Wait => self.park_for_renewal(call, wish),
            Verdict::Send => self.fulfil(call, wish),
            Verdict::HandOver => self.settle(call, refusal),
            Verdict::End => self.settle_stored(call, refusal),
            Verdict::Changed => self.reject(call, FailureKind::SessionChanged),
        }
    }

    fn judge(&mut self, grant: &Grant, meaning: Meaning, retried: bool) -> Verdict {
        let current = self.held(grant.login).map(|it| it.generation);
        let is_ours = current.is_some();
        match meaning {
            Meaning::AccountDisabled if is_ours => return self.ended_by_call(Event::AccountDisabled, meaning),
            // What ended may be the session of an older generation: an API that renews by login has one for each.
            Meaning::SessionEnded if current == Some(grant.generation) => {
                return self.ended_by_call(Event::SessionEnded, meaning);
            }
            Meaning::SessionEnded if is_ours => {}
            Meaning::TokenMissing
            | Meaning::TokenMalformed
            | Meaning::TokenExpired
            | Meaning::TokenExpiredOrForbidden => {}
            // Nothing is sent again, so it does not matter who is signed in by now.
            _ => return Verdict::HandOver,
        }
        let is_same_context = self.snapshot.context == grant.context;
        let Some(current) = current.filter(|_| is_same_context) else { return Verdict::Changed };
        let is_renewed = current > grant.generation;
        match meaning {
            Meaning::TokenExpiredOrForbidden => self.judge_guarded(is_renewed, grant, retried),
            _ if retried => Verdict::HandOver,
            _ => match () {
                // It is sent once more only: not with tokens that have ended as well.
                () if is_renewed && !self.has_expired() => Verdict::Send,
                () if self.renews_unseen() || self.may_get_help() => Verdict::Wait,
                () => self.expired_by_call(meaning),
            },
        }
    }

    /// The API gives one answer for a bad token and for a right that is missing: one renewal is worth trying, unseen. If
    /// it did not help, whatever is refused under the generation that it brought is forbidden.
    fn judge_guarded(&mut self, is_renewed: bool, grant: &Grant, retried: bool) -> Verdict {
        if retried {
            self.forbidden_under = (grant.login, grant.generation);
            return Verdict::HandOver;
        }
        if is_renewed {
            return if self.has_expired() && self.renews_unseen() { Verdict::Wait } else { Verdict::Send };
        }
        if !self.renews_unseen() {
            // Where nothing can bring another token, a clock and the server together say that it is this one.
            let is_token = self.validity.until_end(&self.now) == 0 && !self.may_get_help();
            return if is_token { self.expired_by_call(Meaning::TokenExpiredOrForbidden) } else { Verdict::HandOver };
        }
        if self.forbidden_under == (grant.login, grant.generation) {
            return Verdict::HandOver;
        }
        self.guarded = true;
        Verdict::Wait
    }

    fn expired_by_call(&mut self, meaning: Meaning) -> Verdict {
        self.end_unless_renewed(Event::Expired, meant(meaning));
        Verdict::End
    }

    fn ended_by_call(&mut self, event: Event, meaning: Meaning) -> Verdict {
        self.end(event, meant(meaning));
        Verdict::End
    }

    fn fulfil(&mut self, call: CallId, wish: Wish) {
        let Some(mut grant) = self.grant() else { return self.reject(call, FailureKind::LoginRequired) };
        match wish {
            Wish::Grant => self.settle(call, Ok(Outcome::Granted(grant))),
            Wish::Renewal => self.settle_done(call),
            Wish::Logout => self.logout(call),
            Wish::Perform(mut performing) => {
                let mut all = std::mem::take(&mut grant.values);
                let token = all.get("access_token").cloned();
                all.overlay(&performing.values);
                if let Some(token) = token {
                    all.set("access_token", token);
                }
                performing.grant = Some(grant);
                self.send_performing(performing, all);
            }
        }
    }

    pub(crate) fn performed(&mut self, mut performing: Box<Performing>, answered: Result<Box<Answered>, Box<Failure>>) {
        let (call, retried) = (performing.call, performing.retried);
        if let (true, Some(grant), Ok(answered)) = (FULL, &performing.grant, &answered) {
            self.observed(grant, &answered.message.values, answered.lifetime_ms);
        }
        let failure = match answered {
            Ok(answered) if matches!(answered.message.meaning, Meaning::Done | Meaning::Session) => {
                // With the tokens that it gave, if any: whoever changed the tenant makes no call with those from before.
                return self.settle_stored(call, Ok(Outcome::Performed(for_app(&answered.message.values))));
            }
            answered => Failure::from_answer(answered),
        };
        let meaning = match failure.kind {
            FailureKind::Meant(meaning) => Some(meaning),
            // A refusal that a browser hides looks just like this.
            FailureKind::Network if !retried && self.has_expired() => Some(Meaning::TokenExpired),
            _ => None,
        };
        let (Some(grant), Some(meaning)) = (&performing.grant, meaning) else {
            return self.settle(call, Err(failure));
        };
        let verdict = self.judge(grant, meaning, retried);
        performing.retried = true;
        self.carry_out(verdict, call, Wish::Perform(performing), Err(failure));
    }

    /// Lets every waiting call go on, each under the login and context under which it was made, or not at all.
    pub(crate) fn release(&mut self) {
        for parked in std::mem::take(&mut self.parked) {
            let Parked { call, made_under, wish, .. } = *parked;
            let current = self.made_under();
            match wish {
                Wish::Logout => self.logout(call),
                wish if made_under.is_none() => self.wish(call, wish),
                wish if made_under == current => self.fulfil(call, wish),
                _ if current.is_none() => self.reject(call, FailureKind::LoginRequired),
                _ => self.reject(call, FailureKind::SessionChanged),
            }
        }
    }

    /// Under what a call is made now.
    fn made_under(&self) -> Option<(Login, u32)> {
        self.record.as_ref().map(|it| (it.login, self.snapshot.context))
    }

    pub(crate) fn has_parked(&self) -> bool {
        !self.parked.is_empty()
    }

    /// Whether the tokens that are held are of no use: ended, or refused. An app that only wished for newer ones has not lost them.
    pub(crate) fn needs_tokens(&self) -> bool {
        self.has_expired() || self.parked.iter().any(|it| !matches!(it.wish, Wish::Renewal))
    }

    /// Whether calls wait that were made before the store had been read.
    pub(crate) fn awaits_store(&self) -> bool {
        self.parked.iter().any(|it| it.made_under.is_none())
    }

    // Compiled once: the wasm would else have a copy wherever it is called.
    #[inline(never)]
    fn unpark(&mut self, at: usize) -> CallId {
        self.parked.remove(at).call
    }

    pub(crate) fn reject_parked(&mut self, failure: Box<Failure>) {
        while !self.parked.is_empty() {
            let call = self.unpark(0);
            self.settle(call, Err(failure.clone()));
        }
    }

    /// The session is over for them; they hear of it with everybody else.
    pub(crate) fn end_parked(&mut self, kind: FailureKind) {
        while !self.parked.is_empty() {
            let call = self.unpark(0);
            self.settle_stored(call, Err(Failure::of(kind)));
        }
    }

    /// Calls that have waited too long stop waiting.
    pub(crate) fn reject_overdue(&mut self) {
        // They stand in the order in which they came.
        while self.until_overdue() == 0 {
            let call = self.unpark(0);
            self.reject(call, FailureKind::Timeout);
        }
    }

    /// Milliseconds until the first parked call has waited too long.
    pub(crate) fn until_overdue(&self) -> u64 {
        let Some(first) = self.parked.first() else { return NEVER };
        self.options.parked_deadline_ms.saturating_sub(first.since.elapsed(&self.now))
    }

    /// The caller's signal detaches the caller only; what others wait for goes on.
    pub(crate) fn cancel(&mut self, call: CallId) {
        let parked = self.parked.iter().position(|it| it.call == call);
        if let Some(at) = parked {
            self.unpark(at);
        }
        let leaving = self.leaving.iter().position(|it| matches!(it, Command::Settle { call: of, .. } if *of == call));
        if let Some(at) = leaving {
            drop(self.leaving.swap_remove(at));
        }
        let sent = self.exchanges.orphan(&|it| it.call() == Some(call));
        if parked.is_some() || leaving.is_some() || sent.is_some() {
            self.reject(call, FailureKind::Aborted);
        }
    }
}

/// What becomes of a refused call.
enum Verdict {
    /// It waits for new tokens.
    Wait,
    /// It is sent once more, with the newer tokens that are here.
    Send,
    /// The caller gets the answer that came.
    HandOver,
    /// The same, but the session is over with it.
    End,
    /// It belongs to a login or a context that is no more.
    Changed,
}

/// What a call was answered is behind it; its status is not known here.
const fn meant(meaning: Meaning) -> Cause {
    Cause { kind: Some(FailureKind::Meant(meaning)), status: None }
}
