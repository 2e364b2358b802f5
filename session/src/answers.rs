//! Answers to the session's own requests, by what each was sent for.

use crate::exchanges::Purpose;
use crate::{Answered, ExchangeId, Failure, FailureKind, Login, Session};
use relatch_dialects::{FULL, Meaning, Renewal, Values};

impl Session {
    pub(crate) fn answered(&mut self, exchange: ExchangeId, answered: Result<Box<Answered>, Box<Failure>>) {
        match self.exchanges.close(exchange) {
            Some(Purpose::Login(attempt)) => self.login_answered(attempt, answered),
            Some(Purpose::Renewal(_)) => self.renewal_answered(answered),
            Some(Purpose::Logout { call }) => self.logout_answered(call),
            Some(Purpose::Perform(performing)) => self.performed(performing, answered),
            Some(Purpose::Orphan(of)) => self.late(of, answered),
            None => {}
        }
    }

    /// An answer for which nobody waits any more: a token in it must not live on.
    fn late(&mut self, of: Option<Login>, answered: Result<Box<Answered>, Box<Failure>>) {
        if let Ok(answered) = answered
            && answered.message.meaning == Meaning::Session
        {
            self.revoke_late(answered.message.values, of);
        }
    }

    /// Revokes a token that came too late. Except where another tab has renewed the same login: an endpoint renews one session
    /// of the server's, and to revoke this token would end that for all.
    pub(crate) fn revoke_late(&mut self, values: Values, of: Option<Login>) {
        let goes_on = of.is_some_and(|it| self.held(it).is_some());
        if !(goes_on && matches!(self.options.renewal, Renewal::Endpoint)) {
            self.revoke(values, None);
        }
    }
}

impl Failure {
    /// A failure of that kind, and nothing more known about it.
    // Compiled once: the wasm would else have a copy wherever it is called.
    #[inline(never)]
    pub fn of(kind: FailureKind) -> Box<Failure> {
        Box::new(Failure { kind, status: None, reason: None, retry_after_ms: None, details: Values::new() })
    }

    /// What an answer that is no success means to the caller. Tokens never get into the details.
    pub(crate) fn from_answer(answered: Result<Box<Answered>, Box<Failure>>) -> Box<Failure> {
        match answered {
            Err(failure) => failure,
            Ok(answered) => Box::new(Failure {
                kind: FailureKind::Meant(answered.message.meaning),
                status: Some(answered.status),
                reason: answered.message.reason,
                retry_after_ms: answered.retry_after_ms,
                details: for_app(&answered.message.values),
            }),
        }
    }
}

/// What the app may see of an answer's captures: neither tokens nor what the session keeps for its own requests.
pub(crate) fn for_app(values: &Values) -> Values {
    without(values, &["access_token", "refresh_token", "expires"], &["session.", "challenge.", "step."])
}

/// The values but those of these names, and of the names that begin like one of the rare ones.
// Compiled once: the wasm would else have a copy wherever it is called.
#[inline(never)]
pub(crate) fn without(values: &Values, names: &[&str], rare: &[&str]) -> Values {
    let mut others = if FULL { some_of(values, rare, false) } else { values.clone() };
    for name in names {
        others.remove(name);
    }
    others
}

/// Those values whose names begin with one of these, or do not.
pub(crate) fn some_of(values: &Values, names: &[&str], among: bool) -> Values {
    let mut some = values.clone();
    for (name, _) in values.iter() {
        if names.iter().any(|it| name.starts_with(it)) != among {
            some.remove(name);
        }
    }
    some
}

impl FailureKind {
    /// Whether other credentials might succeed.
    pub(crate) const fn refuses_credentials(self) -> bool {
        let FailureKind::Meant(meaning) = self else { return false };
        matches!(
            meaning,
            Meaning::BadCredentials
                | Meaning::UnknownUser
                | Meaning::WrongPassword
                | Meaning::AccountDisabled
                | Meaning::AccountNotValidated
                | Meaning::AccountLocked
                | Meaning::InvalidRequest
        )
    }

    /// Whether the same thing may succeed later without anybody changing anything.
    pub const fn is_retryable(self) -> bool {
        matches!(
            self,
            FailureKind::Network
                | FailureKind::Timeout
                | FailureKind::UnexpectedAnswer
                | FailureKind::Meant(Meaning::RateLimited | Meaning::ServerError)
        )
    }
}
