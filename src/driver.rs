//! What both hosts share: a session and a dialect at one base URL, between messages on one side and HTTP on the other.
//!
//! No network, no clock, no storage, no JSON text of its own: a host sends the requests, keeps the records and brings
//! the parsers. To write another host: hand every [`Input`] to [`Driver::handle`], obey the commands in their order,
//! turn [`Command::Send`] into HTTP with [`Driver::request`] and the answer back with [`Driver::answered`], until that gives what
//! the session is to be told.

mod code;
mod exchange;
mod home;
mod http;
mod stored;

pub use code::{code, event_name, status_name};
pub use exchange::Steps;
pub use home::{Home, HomeFault};
pub use http::{ATTEMPT_HEADER, Attached, HttpAnswer, HttpRequest, retry_after_ms};
pub use stored::{announcement_form, parse_announcement, parse_stored, stored_form};

use relatch_dialects::{Answer, Dialect, Meaning, Rare, Request, Values};
use relatch_session::{Answered, Command, Failure, FailureKind, Grant, Input, Now, Options, Session};

/// A session at one API.
pub struct Driver {
    session: Session,
    dialect: Dialect,
    home: Home,
    lifetime_ms: Lifetime,
}

/// How a host works out how long a token is good, in milliseconds, by the rules of `docs/dialects/format.md`: from the dialect, what was
/// captured with the token, and when the server sent it by its own clock, in milliseconds since the epoch, if it said so. `None` for
/// unknown or endless.
pub type Lifetime = fn(&Dialect, &Values, Option<u64>) -> Option<u64>;

/// What has come of a request.
pub enum Progress {
    /// What the session is to be told.
    Over(Box<Answered>),
    /// It was a step before the operation: the next [`request`](Driver::request) goes.
    GoesOn(Rare<Box<Steps>>),
}

impl Driver {
    /// A session that has not started: the first input is [`Input::Start`].
    pub fn new(dialect: Dialect, home: Home, options: Options, lifetime_ms: Lifetime) -> Driver {
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

    /// The HTTP request of an operation, or of a step before it.
    ///
    /// # Errors
    /// [`FailureKind::InvalidArgument`] if a value that the template needs is missing or may not stand where it has it; its
    /// name is in the details as `argument`. The host answers [`Input::Answered`] with it.
    pub fn request(
        &self,
        operation: &str,
        step: usize,
        values: &Values,
        attempt: Option<&str>,
    ) -> Result<Box<HttpRequest>, Box<Failure>> {
        self.written(operation, step, values, attempt).map_err(invalid_argument)
    }

    /// The same; the error is the name alone, which is made a failure in one place.
    fn written(
        &self,
        operation: &str,
        step: usize,
        values: &Values,
        attempt: Option<&str>,
    ) -> Result<Box<HttpRequest>, String> {
        let Request { method, path, parts } = self.dialect.write_request(operation, step, values)?;
        let url = self.home.join(&path).ok_or("path")?;
        let attached = self.dialect.attach(values, self.dialect.is_step_attached(operation, step))?;
        let is_last = step == self.dialect.steps(operation);
        let attempt = attempt.filter(|_| is_last).map(Into::into);
        Ok(Box::new(HttpRequest { method, url, parts, attached, attempt }))
    }

    /// What goes along with a request: with one that carries the token, or with any.
    ///
    /// # Errors
    /// As for [`request`](Self::request).
    pub fn attach(&self, values: &Values, token: bool) -> Result<Attached, Box<Failure>> {
        self.dialect.attach(values, token).map_err(invalid_argument)
    }

    /// What a call made right now is sent under, and with; `None` while nobody is signed in.
    pub fn granted(&self) -> Option<(Box<Grant>, Attached)> {
        let grant = self.session.grant()?;
        let attached = self.attach(&grant.values, true).unwrap_or_default();
        Some((grant, attached))
    }

    /// What an answer to an operation means, or to the next of the steps before it.
    ///
    /// # Errors
    /// [`FailureKind::UnexpectedAnswer`] if neither the dialect nor the status says anything.
    pub fn answered(
        &self,
        operation: &str,
        steps: Option<Rare<Box<Steps>>>,
        answer: HttpAnswer,
    ) -> Result<Progress, Box<Failure>> {
        let HttpAnswer { answer, retry_after_ms, attempt, date_ms } = answer;
        let status = answer.status;
        let step = steps.as_ref().map_or(0, |it| it.done());
        let Some(mut message) = self.dialect.read_answer(operation, step, &answer) else {
            let mut failure = Failure::of(FailureKind::UnexpectedAnswer);
            (failure.status, failure.retry_after_ms) = (Some(status), retry_after_ms);
            return Err(failure);
        };
        let lifetime_ms = (self.lifetime_ms)(&self.dialect, &message.values, date_ms);
        if let Some(mut steps) = steps {
            if step < self.dialect.steps(operation) && message.meaning == Meaning::Done {
                steps.go_on(&message.values);
                return Ok(Progress::GoesOn(steps));
            }
            message.values = steps.captured(&message.values);
        }
        Ok(Progress::Over(Box::new(Answered { lifetime_ms, message, status, retry_after_ms, idempotent: attempt })))
    }

    /// The newer tokens that came along with the answer to a call, and how long they are good.
    pub fn observe(&self, answer: &Answer, date_ms: Option<u64>) -> Option<(Values, Option<u64>)> {
        let values = self.dialect.observe(answer)?;
        let lifetime_ms = (self.lifetime_ms)(&self.dialect, &values, date_ms);
        Some((values, lifetime_ms))
    }

    /// What the answer to an ordinary call means to the session; `None` for one that does not concern it.
    pub fn judge(&self, answer: &Answer) -> Option<Meaning> {
        self.dialect.judge(answer)
    }
}

fn invalid_argument(name: String) -> Box<Failure> {
    let mut failure = Failure::of(FailureKind::InvalidArgument);
    failure.details.set("argument", name);
    failure
}
