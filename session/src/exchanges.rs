//! The requests that are under way, and what each is for.

use crate::{CallId, ExchangeId, Grant, Login};
use relatch_dialects::Values;

/// Why a request was sent.
#[derive(Clone)]
pub(crate) enum Purpose {
    /// A login, asked for by the app or supplied by it on demand.
    Login {
        call: Option<CallId>,
        credentials: Values,
        /// Credentials that the app supplied because it was asked.
        supplied: bool,
    },
    /// The renewal that is under way, of this login.
    Renewal(Login),
    /// Telling the server of a log-out.
    Logout { call: Option<CallId> },
    /// A named operation, with what it was asked with, in case it has to be sent once more.
    Perform { call: CallId, operation: String, values: Values, grant: Option<Grant>, retried: bool },
    /// Nobody waits any more; a token that it brings is revoked, unless it was to renew a login that goes on.
    Orphan(Option<Login>),
}

#[derive(Default)]
pub(crate) struct Exchanges {
    last: ExchangeId,
    open: Vec<(ExchangeId, Purpose)>,
}

impl Exchanges {
    pub(crate) fn open(&mut self, purpose: Purpose) -> ExchangeId {
        self.last = self.last.wrapping_add(1);
        self.open.push((self.last, purpose));
        self.last
    }

    pub(crate) fn close(&mut self, exchange: ExchangeId) -> Option<Purpose> {
        let at = self.open.iter().position(|(it, _)| *it == exchange)?;
        Some(self.open.swap_remove(at).1)
    }

    /// Makes orphans of all that are of a kind, and returns the calls that waited for them.
    pub(crate) fn orphan(&mut self, concerned: &dyn Fn(&Purpose) -> bool) -> Vec<CallId> {
        let mut calls = Vec::new();
        for (_, purpose) in &mut self.open {
            if concerned(purpose) {
                calls.extend(purpose.call());
                *purpose = Purpose::Orphan(if let Purpose::Renewal(login) = purpose { Some(*login) } else { None });
            }
        }
        calls
    }
}

impl Purpose {
    pub(crate) const fn call(&self) -> Option<CallId> {
        match self {
            Purpose::Login { call, .. } | Purpose::Logout { call } => *call,
            Purpose::Perform { call, .. } => Some(*call),
            Purpose::Renewal(_) | Purpose::Orphan(_) => None,
        }
    }
}
