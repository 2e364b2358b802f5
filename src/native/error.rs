//! What a client's methods fail with.

use crate::driver::{HomeFault, code};
use relatch_dialects::{Reason, Value};
use relatch_session::{Failure, FailureKind};
use std::fmt;
use std::time::Duration;

/// Why something was not given. Holds no secret.
#[derive(Clone, Debug)]
pub struct Error {
    failure: Box<Failure>,
    code: &'static str,
    message: Option<String>,
}

impl Error {
    pub(super) fn of(kind: FailureKind) -> Error {
        Error { failure: Failure::of(kind), code: code(kind), message: None }
    }

    pub(super) fn argument(name: &str, expected: &str) -> Error {
        let mut failure = Failure::of(FailureKind::InvalidArgument);
        failure.details.set("argument", name);
        Error { message: Some([name, ": ", expected].concat()), ..Error::from(failure) }
    }

    /// A URL outside the base: tokens do not go there.
    pub(super) fn foreign(fault: HomeFault) -> Error {
        Error { code: "foreign-url", ..Error::argument("url", fault.reason()) }
    }

    /// The stable code: the name of what the server meant, such as `wrong-password`, or what happened on this side, such as
    /// `network`, `login-required`, `session-changed`, `foreign-url`.
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// Whether the same thing may succeed later without anybody changing anything.
    pub const fn is_retryable(&self) -> bool {
        self.failure.kind.is_retryable()
    }

    /// The HTTP status, where there was an answer.
    pub const fn status(&self) -> Option<u16> {
        self.failure.status
    }

    /// Why, for `invalid-request`.
    pub const fn reason(&self) -> Option<Reason> {
        self.failure.reason
    }

    /// When another attempt makes sense.
    pub fn retry_after(&self) -> Option<Duration> {
        self.failure.retry_after_ms.map(Duration::from_millis)
    }

    /// What the answer carried that the program may need, such as `resend_code`.
    pub fn detail(&self, name: &str) -> Option<&Value> {
        let details = &self.failure.details;
        details.get(name).or_else(|| details.get(&["detail.", name].concat()))
    }
}

impl From<Box<Failure>> for Error {
    fn from(failure: Box<Failure>) -> Error {
        Error { code: code(failure.kind), failure, message: None }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())?;
        if let Some(message) = &self.message {
            write!(f, ": {message}")?;
        }
        match self.failure.status {
            Some(status) => write!(f, " (HTTP {status})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}
