//! Everything that can happen to a session.

use crate::record::{Announcement, Grant, Stored};
use crate::{CallId, ExchangeId, Lock};
use relatch_dialects::{Meaning, Message, Reason, Values};

/// The moment at which an input arrives. The host reads the clocks anew for every input.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// Milliseconds since the Unix epoch, by a clock that people and servers can set.
    pub wall_ms: u64,
    /// Milliseconds since some fixed moment, by a clock that never jumps, but may stand still in sleep.
    pub monotonic_ms: u64,
    /// 128 fresh bits from a cryptographic source, for login ids, attempt keys and jitter.
    pub random: u128,
    /// Whether nobody can see this tab. Always false where there are no tabs.
    pub hidden: bool,
}

impl Now {
    /// A random part of that many milliseconds, which are fewer than 2^40.
    pub(crate) const fn fraction(&self, millis: u64) -> u64 {
        ((self.random as u64 >> 40) * millis) >> 24
    }
}

/// What the app asks, what the network answered, what the store and the other tabs say, what the clock says.
#[derive(Clone, Debug)]
pub enum Input {
    /// The first input: read the store.
    Start,
    /// Log in with `identifier`, `password` and what else the dialect's login request names.
    Login {
        /// Who waits.
        call: CallId,
        /// The credentials.
        credentials: Values,
    },
    /// Take the next step of the login that waits for one, with `code` and what else the dialect's request for it names. Rejected
    /// `login-required` if there is none.
    #[cfg(feature = "full")]
    AnswerChallenge {
        /// Who waits.
        call: CallId,
        /// What the app has to say.
        values: Values,
    },
    /// A call wants to be sent. Settled with [`Outcome::Granted`](crate::Outcome::Granted), after a renewal if need be.
    Authorize {
        /// Who waits.
        call: CallId,
    },
    /// A call was answered with a refusal that the dialect knows. Settled with `Granted` (send it once more, with this),
    /// with [`Outcome::HandOver`](crate::Outcome::HandOver) (give the caller the answer as it is), or rejected `session-changed`.
    Refused {
        /// Who waits.
        call: CallId,
        /// Under what the refused call was sent.
        grant: Box<Grant>,
        /// What the refusal means.
        meaning: Meaning,
        /// Whether the call had been sent once more already: it is not sent a third time.
        retried: bool,
    },
    /// Newer tokens came along with the answer to a call, by the dialect's `observe`.
    #[cfg(feature = "full")]
    Observed {
        /// Under what the call was sent.
        grant: Box<Grant>,
        /// `access_token`, `refresh_token`, `expires` or `session.<name>`.
        values: Values,
        /// How long the access token is good, by the dialect's `expires`.
        lifetime_ms: Option<u64>,
    },
    /// Renew now, whatever the token's age.
    Renew {
        /// Who waits.
        call: CallId,
    },
    /// One of the dialect's named operations (`profile`, `validate`, …). Settled with `Performed`.
    Perform {
        /// Who waits.
        call: CallId,
        /// The operation's name in the document.
        operation: String,
        /// True if the operation carries the token (`attach` in the document).
        attached: bool,
        /// What its request is filled with.
        values: Values,
    },
    /// Sign out.
    Logout {
        /// Who waits.
        call: CallId,
    },
    /// Sets (or with `None` clears) one value of the context that goes along with calls, e.g. the organization.
    SetContext {
        /// Its name, without the prefix `context.`.
        name: String,
        /// Its value.
        value: Option<String>,
    },
    /// The caller no longer waits (its signal was aborted). What others wait for goes on.
    Cancel {
        /// Who waited.
        call: CallId,
    },
    /// An exchange came to its end.
    Answered {
        /// Which one.
        exchange: ExchangeId,
        /// What came.
        answered: Result<Box<Answered>, Box<Failure>>,
    },
    /// The store was read. `Err` where it cannot be read at all.
    Loaded(Result<Option<Stored>, StoreFailed>),
    /// What came of [`Command::Save`](crate::Command::Save).
    Saved(Saved),
    /// The lock is ours; or, if `false`, there are none here.
    Locked(Lock, bool),
    /// Another tab said something, or the store was seen to change.
    Announced(Announcement),
    /// A timer fired. It proves nothing: the clocks are read.
    Woke,
    /// The machine, the page or the network came back, or the page was hidden or shown. Who knows what was missed?
    Returned,
    /// The user did something.
    Active,
    /// What `onLoginRequired` gave: credentials, or nothing.
    LoginSupplied(Option<Values>),
}

/// The store could not be read or written: full, blocked, corrupt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreFailed;

/// What came of writing.
#[derive(Clone, Debug)]
pub enum Saved {
    /// It is in the store.
    Done,
    /// The store held something else, this: nothing was written.
    Conflict(Option<Stored>),
    /// The store could not be written: full, blocked, gone.
    Failed,
}

/// An answer, read by the dialect.
#[derive(Clone, Debug)]
pub struct Answered {
    /// What it means and carries.
    pub message: Message,
    /// The HTTP status, for errors.
    pub status: u16,
    /// For [`Meaning::Session`]: how long the access token is good, by the dialect's `expires`.
    pub lifetime_ms: Option<u64>,
    /// `Retry-After` (RFC 9110 section 10.2.3), in milliseconds from now.
    pub retry_after_ms: Option<u64>,
    /// True if the server said on this answer that it honours attempt keys.
    pub idempotent: bool,
}

/// Why something that the app asked for was not given.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// What happened; its name is the public error code.
    pub kind: FailureKind,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// Why, for `invalid-request`.
    pub reason: Option<Reason>,
    /// When another attempt makes sense, in milliseconds from now.
    pub retry_after_ms: Option<u64>,
    /// What the answer carried that the app may need (`resend_code`). Never a token.
    pub details: Values,
}

/// The kinds of failure: those that an answer meant, and those that happened on this side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The server's answer meant this.
    Meant(Meaning),
    /// No answer came: offline, connection refused or reset, or hidden by the browser.
    Network,
    /// No answer came by the deadline.
    Timeout,
    /// An answer came that no template fits.
    UnexpectedAnswer,
    /// Nobody is signed in.
    LoginRequired,
    /// The login or the context under which the call was made is no longer the current one.
    SessionChanged,
    /// The caller's own signal, or a log-out that overtook it.
    Aborted,
    /// The request could not be written: a value that the dialect's template needs is missing or not allowed.
    InvalidArgument,
    /// A function of the app's own that the dialect needs is missing, or failed.
    PluginFailed,
}
