//! What both hosts share: a session and a dialect at one base URL, between messages on one side and HTTP on the other.
//!
//! No network, no clock, no storage, no JSON text of its own: a host sends the requests, keeps the records and brings
//! the parsers. To write another host: hand every [`Input`] to [`Driver::handle`], obey the commands in their order,
//! turn [`Command::Send`] into HTTP with [`Driver::request`] and the answer back with [`Driver::answered`].

mod code;
mod home;
mod http;
mod stored;

pub use code::{code, event_name, status_name};
pub use home::{Home, HomeFault};
pub use http::{ATTEMPT_HEADER, Headers, HttpAnswer, HttpRequest, retry_after_ms};
pub use stored::{announcement_form, parse_announcement, parse_stored, stored_form};

use relatch_dialects::{Answer, Dialect, Meaning, Message, Value, Values};
use relatch_session::{Answered, Command, Failure, FailureKind, Grant, Input, Now, Options, Session};

/// A session at one API.
pub struct Driver {
    session: Session,
    dialect: Dialect,
    home: Home,
    lifetime_ms: StatedLifetime,
}

/// How a host reads the lifetime that a token states about itself, in milliseconds: [`claims::lifetime_ms`](crate::claims::lifetime_ms)
/// with the JSON parser of its platform, or what does the same there.
pub type StatedLifetime = fn(&str) -> Option<u64>;

impl Driver {
    /// A session that has not started: the first input is [`Input::Start`].
    pub fn new(dialect: Dialect, home: Home, options: Options, lifetime_ms: StatedLifetime) -> Driver {
        Driver { session: Session::new(options), dialect, home, lifetime_ms }
    }

    /// The dialect that the API speaks.
    pub const fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// Where the API lives.
    pub const fn home(&self) -> &Home {
        &self.home
    }

    /// The session, to look at.
    pub const fn session(&self) -> &Session {
        &self.session
    }

    /// Tells the session what happened, and gets what is to be done, in this order.
    pub fn handle(&mut self, input: Input, now: Now) -> Vec<Command> {
        self.session.handle(input, now)
    }

    /// The HTTP request of [`Command::Send`].
    ///
    /// # Errors
    /// [`FailureKind::InvalidArgument`] if a value that the template needs is missing or may not stand in a header; its
    /// name is in the details as `argument`. The host answers [`Input::Answered`] with it.
    pub fn request(
        &self,
        operation: &str,
        values: &Values,
        attached: bool,
        attempt: Option<&str>,
    ) -> Result<HttpRequest, Failure> {
        let request = self.dialect.write_request(operation, values).map_err(invalid_argument)?;
        let mut headers = request.headers;
        if attached {
            headers.append(&mut self.attach(values)?);
        }
        if let Some(attempt) = attempt {
            headers.push((ATTEMPT_HEADER.into(), attempt.into()));
        }
        if request.json.is_some() {
            headers.push(("Content-Type".into(), "application/json".into()));
        }
        let url = self.home.join(&request.path).ok_or_else(|| invalid_argument("path".into()))?;
        Ok(HttpRequest { method: request.method, url, headers, json: request.json })
    }

    /// The headers that a granted call is sent with.
    ///
    /// # Errors
    /// As for [`request`](Self::request).
    pub fn attach(&self, values: &Values) -> Result<Headers, Failure> {
        self.dialect.attach(values).map_err(invalid_argument)
    }

    /// What a call made right now is sent under, and with; `None` while nobody is signed in.
    pub fn granted(&self) -> Option<(Grant, Headers)> {
        let grant = self.session.grant()?;
        let headers = self.attach(&grant.values).unwrap_or_default();
        Some((grant, headers))
    }

    /// What an answer to an operation means.
    ///
    /// # Errors
    /// [`FailureKind::UnexpectedAnswer`] if neither the dialect nor the status says anything.
    pub fn answered(&self, operation: &str, answer: HttpAnswer) -> Result<Box<Answered>, Failure> {
        let HttpAnswer { status, retry_after_ms, .. } = answer;
        let read = self.dialect.read_answer(operation, &Answer { status, json: answer.json });
        let Some(message) = read else {
            let failure = Failure::of(FailureKind::UnexpectedAnswer);
            return Err(Failure { status: Some(status), retry_after_ms, ..failure });
        };
        Ok(Box::new(Answered {
            lifetime_ms: self.lifetime_ms(&message),
            message,
            status,
            retry_after_ms,
            idempotent: answer.attempt,
        }))
    }

    fn lifetime_ms(&self, message: &Message) -> Option<u64> {
        let expires = self.dialect.expires();
        let token = message.values.text("access_token")?;
        let stated = if expires.jwt { (self.lifetime_ms)(token) } else { None };
        stated.or_else(|| Some(expires.after_secs? * 1000))
    }

    /// What the answer to an ordinary call means to the session; `None` for one that does not concern it.
    pub fn judge(&self, status: u16, json: Option<Value>) -> Option<Meaning> {
        Some(self.dialect.read_refusal(&Answer { status, json })?.meaning)
    }
}

fn invalid_argument(name: String) -> Failure {
    Failure { details: Values::new().with("argument", name), ..Failure::of(FailureKind::InvalidArgument) }
}
