//! What a host chooses about a session. Durations are in milliseconds.

use relatch_dialects::Renewal;

/// How a session behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// How the dialect renews: [`Dialect::renewal`](relatch_dialects::Dialect::renewal).
    pub renewal: Renewal,
    /// Whether the dialect has an operation named `logout` to tell the server with.
    pub logout: bool,
    /// Whether the credentials of a login are kept in memory, to log in with them again. Never stored; wiped on log-out
    /// and whenever the session ends.
    pub keep_credentials: bool,
    /// Whether the app can be asked for credentials ([`Command::AskLogin`](crate::Command::AskLogin)).
    pub asks_login: bool,
    /// How long before its end a token is renewed, in thousandths of its lifetime. At most five minutes.
    pub ahead_permille: u64,
    /// Whether a page that nobody sees renews ahead of time as well. Calls renew anyway.
    pub when_hidden: bool,
    /// After how long without [`Input::Active`](crate::Input::Active) in any tab the user is signed out; `None` for never.
    pub idle_ms: Option<u64>,
    /// How long a request of the session's own may take.
    pub request_deadline_ms: u64,
    /// How long the lock that all tabs share is waited for: longer than a tab that works holds it, which is one request
    /// and two writes. After that the renewal goes on without.
    pub lock_deadline_ms: u64,
    /// How long a call waits for a login that the app was asked for.
    pub parked_deadline_ms: u64,
}

impl Options {
    /// The defaults for a dialect that renews in this way: renewal 10 % ahead, 15 s for a request, two minutes for a
    /// person who is asked to log in.
    pub const fn new(renewal: Renewal, logout: bool) -> Options {
        Options {
            renewal,
            logout,
            keep_credentials: false,
            asks_login: false,
            ahead_permille: 100,
            when_hidden: false,
            idle_ms: None,
            request_deadline_ms: 15_000,
            lock_deadline_ms: 20_000,
            parked_deadline_ms: 120_000,
        }
    }
}
