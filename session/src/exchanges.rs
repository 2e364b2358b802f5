//! The requests that are under way, and what each is for.

use crate::{CallId, ExchangeId, Grant, Login};
use relatch_dialects::{Rare, Values};

/// Why a request was sent.
pub(crate) enum Purpose {
    /// A login, asked for by the app or supplied by it on demand; or the answer to its challenge.
    Login(Attempt),
    /// The renewal that is under way, of this login.
    Renewal(Login),
    /// Telling the server of a log-out.
    Logout { call: Option<CallId> },
    /// A named operation.
    Perform(Box<Performing>),
    /// Nobody waits any more; a token that it brings is revoked, unless it was to renew a login that goes on.
    Orphan(Option<Login>),
}

/// A login on its way.
#[derive(Clone)]
pub(crate) struct Attempt {
    pub(crate) call: Option<CallId>,
    pub(crate) credentials: Values,
    /// Credentials that the app supplied because it was asked.
    pub(crate) supplied: bool,
    /// `None` until it meets the first challenge.
    pub(crate) challenged: Option<Rare<Challenged>>,
}

/// What the challenges that a login has met so far mean to it.
#[derive(Clone, Default)]
pub(crate) struct Challenged {
    /// What they left for the next request.
    pub(crate) captures: Values,
    /// It met the first while somebody was asked to log in again, and goes on with the session that this was for.
    pub(crate) goes_on: bool,
}

/// A named operation, with what it was asked with, in case it has to be sent once more.
pub(crate) struct Performing {
    pub(crate) call: CallId,
    pub(crate) operation: String,
    pub(crate) values: Values,
    /// Under what it was sent, if it carries the token.
    pub(crate) grant: Option<Box<Grant>>,
    pub(crate) retried: bool,
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

    /// Makes an orphan of the first that is concerned, and returns what it was for.
    // Compiled once: the wasm would else have a copy wherever it is called.
    #[inline(never)]
    pub(crate) fn orphan(&mut self, concerned: &dyn Fn(&Purpose) -> bool) -> Option<Purpose> {
        for (_, purpose) in &mut self.open {
            if concerned(purpose) {
                let of = if let Purpose::Renewal(login) = purpose { Some(*login) } else { None };
                return Some(std::mem::replace(purpose, Purpose::Orphan(of)));
            }
        }
        None
    }

    /// Makes an orphan of the renewal that is under way, of which there is one at the most.
    pub(crate) fn orphan_renewal(&mut self) {
        self.orphan(&|it| matches!(it, Purpose::Renewal(_)));
    }
}

impl Purpose {
    pub(crate) const fn call(&self) -> Option<CallId> {
        match self {
            Purpose::Login(it) => it.call,
            Purpose::Logout { call } => *call,
            Purpose::Perform(it) => Some(it.call),
            Purpose::Renewal(_) | Purpose::Orphan(_) => None,
        }
    }
}
