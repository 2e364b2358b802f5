//! Logging in, and asking the app for credentials.

use crate::answers::{some_of, without};
use crate::exchanges::{Attempt, Purpose};
use crate::history::Cause;
use crate::store::{Incoming, Work};
use crate::{Answered, CallId, Command, Event, Failure, FailureKind, Login, Record, Session};
use relatch_dialects::{FULL, Meaning, Values};

/// How many times the app is asked for credentials before the session is given up: an app that answers with the same
/// wrong password by itself must not become a flood of logins.
const MAX_ASKED: u32 = 3;

impl Session {
    /// An explicit login: no backoff delays it.
    pub(crate) fn login(&mut self, call: Option<CallId>, credentials: Values) {
        self.send_login(call, credentials, false);
    }

    fn send_login(&mut self, call: Option<CallId>, credentials: Values, supplied: bool) {
        let attempt = Attempt { call, credentials: credentials.clone(), supplied, challenged: None };
        self.send("login", credentials, None, Purpose::Login(attempt));
    }

    /// Beside what it is given, a request may have the context in it, and where it is not about to change who is signed in, what the
    /// session keeps for requests.
    pub(crate) fn send(&mut self, operation: &str, values: Values, attempt: Option<String>, purpose: Purpose) {
        let mut all = self.snapshot.context_values.clone();
        if FULL && let (Some(record), Purpose::Renewal(_) | Purpose::Perform(_)) = (&self.record, &purpose) {
            all.overlay(&some_of(&record.values, &["session."], true));
        }
        if let (Some(captures), Purpose::Perform(_)) = (self.challenge_captures(), &purpose) {
            all.overlay(captures);
        }
        all.overlay(&values);
        let exchange = self.exchanges.open(purpose);
        let deadline_ms = self.options.request_deadline_ms;
        self.commands.push(Command::Send { exchange, operation: operation.into(), values: all, attempt, deadline_ms });
    }

    pub(crate) fn login_answered(&mut self, attempt: Attempt, answered: Result<Box<Answered>, Box<Failure>>) {
        match answered {
            Ok(answered) if answered.message.meaning == Meaning::Session => self.logged_in(attempt, &answered),
            Ok(answered) if FULL && answered.message.meaning == Meaning::Challenge => {
                self.challenged(attempt, answered)
            }
            answered => {
                let failure = Failure::from_answer(answered);
                if attempt.challenged.is_some() {
                    self.answer_refused(failure.kind);
                }
                self.login_failed(attempt.call, attempt.supplied, failure);
            }
        }
    }

    fn logged_in(&mut self, attempt: Attempt, answered: &Answered) {
        self.drop_logins(false);
        let Attempt { call, credentials, .. } = attempt;
        // Credentials that name nobody are never the same user's: better a call that has to be made again.
        let identifier = credentials.text("identifier");
        let goes_on = self.record.as_ref().filter(|record| {
            (self.asked > 0 || attempt.challenged.is_some_and(|it| it.goes_on))
                && !self.queue.has_tokens()
                && identifier.is_some()
                && record.values.text("identifier") == identifier
        });
        let (login, generation, event) = match goes_on {
            // Somebody was asked to log in again and did: their calls wait for exactly this.
            Some(record) => (record.login, record.generation + 1, Event::Renewed),
            None => (Login((self.now.random ^ self.salt) as u64 >> 11), 1, Event::SignedIn),
        };
        let mut values = answered.message.values.clone();
        if let Some(identifier) = identifier {
            values.set("identifier", identifier);
        }
        let record = self.record_of(login, generation, &values, answered);
        let credentials = self.options.keep_credentials.then_some(credentials);
        self.store(Box::new(Incoming { record, event, call, credentials, observed: None }));
    }

    /// The record of an answer. A server that announces attempt keys gets one for the next renewal,
    /// stored with the generation that it renews, so that it is there before any renewal leaves and every tab repeats the same.
    pub(crate) fn record_of(&self, login: Login, generation: u64, values: &Values, answered: &Answered) -> Box<Record> {
        let before = self.record.as_ref();
        let same = self.held(login);
        // What was set while nobody was signed in was meant for whoever comes; one user's is not the next one's.
        let goes_on = before.is_none() || same.is_some();
        let context = if goes_on { self.snapshot.context_values.clone() } else { Values::new() };
        Box::new(Record {
            login,
            generation,
            values: without(values, &["expires"], &["challenge.", "step."]),
            received_at_ms: self.now.wall_ms,
            lifetime_ms: answered.lifetime_ms,
            attempt: answered.idempotent.then(|| hex(self.now.random)),
            context,
            pause: None,
            active_at_ms: same.map_or(self.now.wall_ms, |it| it.active_at_ms),
            kept: self.options.keep_credentials || same.is_some_and(|it| it.kept),
        })
    }

    /// Gives new tokens to the store. Everything else happens when it has them.
    pub(crate) fn store(&mut self, incoming: Box<Incoming>) {
        self.enqueue(Work::Tokens(incoming));
    }

    /// A failed login leaves what is.
    pub(crate) fn login_failed(&mut self, call: Option<CallId>, supplied: bool, failure: Box<Failure>) {
        if let Some(call) = call {
            self.settle(call, Err(failure.clone()));
        }
        if !supplied || self.asked == 0 {
            return;
        }
        match failure.kind.refuses_credentials() {
            true if self.asked < MAX_ASKED => self.ask_login(Event::CredentialsRefused),
            true => self.end(Event::CredentialsRefused, Cause::of(&failure)),
            false => {
                self.settle_help();
                self.reject_parked(failure);
            }
        }
    }

    /// Asks the app for credentials, once for all the calls that wait.
    pub(crate) fn ask_login(&mut self, why: Event) {
        self.asked += 1;
        self.told.push(Command::AskLogin(why));
    }

    pub(crate) fn login_supplied(&mut self, credentials: Option<Values>) {
        match credentials {
            _ if self.asked == 0 => {}
            Some(credentials) => self.send_login(None, credentials, true),
            None if self.needs_tokens() => self.end(Event::Expired, Cause::NONE),
            None => {
                self.settle_help();
                self.reject_parked(Failure::of(FailureKind::LoginRequired));
            }
        }
    }

    /// A login's next step no longer matters, nor do the answers that are on their way, nor, where every login is meant, the
    /// credentials: whoever waits is told so, and a token that still comes is revoked.
    pub(crate) fn drop_logins(&mut self, every: bool) {
        self.challenge = None;
        let concerned = |it: &Purpose| matches!(it, Purpose::Login(it) if every || it.challenged.is_some());
        while let Some(dropped) = self.exchanges.orphan(&concerned) {
            if let Some(call) = dropped.call() {
                self.reject(call, FailureKind::Aborted);
            }
        }
    }
}

fn hex(number: u128) -> String {
    let mut text = String::new();
    // By halves: the wasm would have to bring along how a number of 128 bits is shifted.
    for at in (0..32).rev() {
        let half = if at < 16 { number as u64 } else { (number >> 64) as u64 };
        let digit = half.wrapping_shr(at * 4) as u8 & 15;
        text.push(char::from(digit + if digit > 9 { b'a' - 10 } else { b'0' }));
    }
    text
}
