//! Everything that a session can ask of its host, and what it tells the app.

use crate::challenge::Challenge;
use crate::input::Failure;
use crate::record::{Announcement, Grant, Record, Stored};
use crate::{CallId, ExchangeId};
use relatch_dialects::{Rare, Values};
use std::sync::Arc;

/// What the host is to do, in this order. It decides nothing. Everything that is to be answered is answered in bounded time: a store
/// that stays silent has failed.
#[derive(Clone, Debug)]
pub enum Command {
    /// Read the store; answer with [`Input::Loaded`](crate::Input::Loaded).
    Load,
    /// Write this in place of what is there, if that is what the last [`Input::Loaded`](crate::Input::Loaded) or
    /// [`Input::Saved`](crate::Input::Saved) said; answer with [`Input::Saved`](crate::Input::Saved). At most one of `Load` and `Save` is under way.
    Save(Stored),
    /// Take a lock that all tabs share; answer with [`Input::Locked`](crate::Input::Locked).
    Lock(Lock),
    /// Let the lock go (or stop waiting for it).
    Unlock(Lock),
    /// Tell the other tabs.
    Announce(Announcement),
    /// Send the request of that operation; answer with [`Input::Answered`](crate::Input::Answered).
    Send {
        /// Names the exchange.
        exchange: ExchangeId,
        /// `login`, `renew`, `logout` or another operation of the dialect, which says whether its request carries the token.
        operation: String,
        /// What its request is filled with.
        values: Values,
        /// The attempt key to send as `Idempotency-Key`, to a server that announced it.
        attempt: Option<String>,
        /// When to give up and answer [`FailureKind::Timeout`](crate::FailureKind::Timeout), in milliseconds from now.
        deadline_ms: u64,
    },
    /// Send [`Input::Woke`](crate::Input::Woke) after so many milliseconds. Replaces the timer before it; `None` stops it.
    Wake(Option<u64>),
    /// Ask the app for credentials (`onLoginRequired`); answer with [`Input::LoginSupplied`](crate::Input::LoginSupplied).
    AskLogin(Event),
    /// The call is answered.
    Settle {
        /// Which one.
        call: CallId,
        /// With what.
        result: Result<Outcome, Box<Failure>>,
    },
    /// Something changed. The snapshot is the new state.
    Emit(Event, Arc<Snapshot>),
}

/// The locks that all tabs share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// Of whoever renews.
    Renewal,
    /// Of whoever asks the user for credentials.
    Asking,
}

/// What a call gets.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Done, and the snapshot that was emitted last tells the rest (login, renewal, log-out).
    Done,
    /// The call may be sent, with this.
    Granted(Box<Grant>),
    /// The caller gets the answer that came.
    HandOver,
    /// A named operation's captures.
    Performed(Values),
}

/// Where the session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The store has not been read yet.
    Loading,
    /// Nobody is signed in.
    SignedOut,
    /// Somebody is.
    SignedIn,
    /// A login waits for its next step, and nobody is signed in.
    Challenge,
}

/// The state as the app sees it. A new one is made only when something in it changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// Where the session stands.
    pub status: Status,
    /// The truth behind it, while signed in.
    pub record: Option<Box<Record>>,
    /// When the access token ends, in milliseconds of this machine's wall clock; `None` for unknown or endless.
    pub expires_at_ms: Option<u64>,
    /// From when on a call renews first, likewise.
    pub fresh_until_ms: Option<u64>,
    /// What a login waits for. Its status is [`Status::Challenge`] then, unless somebody is signed in all the same, which a login that
    /// is not at its end does not change; or the store has not been read.
    pub challenge: Option<Rare<Arc<Challenge>>>,
    /// Counts changes of user and context; see [`Grant::context`].
    pub context: u32,
    /// The current context values, named `context.<name>`.
    pub context_values: Values,
    /// Why nobody is signed in, if somebody was.
    pub ended: Option<Event>,
}

/// What happened. No event carries a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The store was read.
    Ready,
    /// A login succeeded.
    SignedIn,
    /// New tokens came.
    Renewed,
    /// Another tab's newer state was taken over.
    Adopted,
    /// The context changed.
    ContextChanged,
    /// A renewal failed without ending the session; it is tried again later.
    RenewalFailed,
    /// The store does not work; the session goes on in memory. Said once.
    StoreFailed,
    /// A login waits for its next step.
    Challenged,
    /// What a login waited for has been forgotten by the API: the login begins anew.
    ChallengeEnded,
    /// The user signed out, here.
    SignedOut,
    /// The user signed out, in another tab.
    SignedOutElsewhere,
    /// The server ended the session.
    SessionEnded,
    /// The account has been disabled.
    AccountDisabled,
    /// The token ended and nothing could renew it.
    Expired,
    /// The user was away for too long.
    Idle,
    /// A renewal with kept credentials was refused: the password has changed.
    CredentialsRefused,
}

impl Event {
    /// Whether it is a reason why nobody is signed in any more.
    pub(crate) const fn is_end(self) -> bool {
        use Event::{AccountDisabled, CredentialsRefused, Expired, Idle, SessionEnded, SignedOut, SignedOutElsewhere};
        matches!(
            self,
            SignedOut | SignedOutElsewhere | SessionEnded | AccountDisabled | Expired | Idle | CredentialsRefused
        )
    }
}
