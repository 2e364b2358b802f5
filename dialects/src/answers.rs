//! Answers in both directions: which template a message is written by, what is left of its meaning, and what an
//! answer that came means.

use crate::dialect::{AnswerTemplate, Dialect};
use crate::shadow::shadows;
use crate::write::Scope;
use crate::{Answer, Meaning, Message, Reason, Value, Values};

/// The operation's own answers, then the refusals that hold for everything.
fn candidates<'a>(dialect: &'a Dialect, operation: Option<&str>) -> impl Iterator<Item = &'a AnswerTemplate> {
    let own = operation.and_then(|name| dialect.entry(name)).map(|entry| entry.answers.as_slice());
    own.unwrap_or_default().iter().chain(&dialect.refusals)
}

/// The template for a meaning, or for the nearest one that it narrows to. One that names the reason goes before
/// one that names none.
pub(crate) fn find<'a>(
    dialect: &'a Dialect,
    operation: Option<&str>,
    meaning: Meaning,
    reason: Option<Reason>,
) -> Option<&'a AnswerTemplate> {
    let mut next = Some(meaning);
    while let Some(meaning) = next {
        let exact = |it: &&AnswerTemplate| it.says(meaning) && it.reason == reason;
        let general = |it: &&AnswerTemplate| it.says(meaning) && it.reason.is_none() && it.covers(reason);
        let found = candidates(dialect, operation).find(exact);
        if let Some(found) = found.or_else(|| candidates(dialect, operation).find(general)) {
            return Some(found);
        }
        next = meaning.narrowed();
    }
    None
}

impl AnswerTemplate {
    /// Whether this is a wording of that meaning.
    pub(crate) fn says(&self, meaning: Meaning) -> bool {
        self.means == meaning || self.also.contains(&meaning)
    }

    /// An answer without a reason serves the reasons that share its status: a dialect's general 400 is not the answer to
    /// an unknown path.
    fn covers(&self, reason: Option<Reason>) -> bool {
        reason.is_none_or(|reason| reason.default_status() == self.status)
    }
}

/// The status of the plain default answer. What cannot be said at all is a failure of the server's.
const fn default_status(meaning: Meaning, reason: Option<Reason>) -> u16 {
    match (meaning, reason) {
        (Meaning::Session | Meaning::Challenge | Meaning::Done, _) => Meaning::ServerError.default_status(),
        (Meaning::InvalidRequest, Some(reason)) => reason.default_status(),
        _ => meaning.default_status(),
    }
}

/// What a status means by itself, where no template fits.
fn default_reading(dialect: &Dialect, operation: Option<&str>, status: u16) -> Option<(Meaning, Option<Reason>)> {
    let reasons =
        [Reason::PathUnknown, Reason::MethodUnsupported, Reason::BodyTooLarge, Reason::ContentTypeUnsupported];
    match status {
        400 | 422 => Some((Meaning::InvalidRequest, None)),
        // A login is refused for its credentials and a call for its token. A renewal's 401 that the document does not
        // know says nothing: it may be a proxy's, and only the API itself may end a session.
        401 if operation == Some("login") => Some((Meaning::BadCredentials, None)),
        401 if operation != Some("renew") && dialect.refusals.is_empty() => Some((Meaning::TokenExpired, None)),
        403 => Some((Meaning::Forbidden, None)),
        429 => Some((Meaning::RateLimited, None)),
        500..=599 => Some((Meaning::ServerError, None)),
        _ => {
            let reason = reasons.into_iter().find(|it| it.default_status() == status)?;
            Some((Meaning::InvalidRequest, Some(reason)))
        }
    }
}

pub(crate) fn narrow(
    dialect: &Dialect,
    operation: Option<&str>,
    meaning: Meaning,
    reason: Option<Reason>,
) -> (Meaning, Option<Reason>) {
    match find(dialect, operation, meaning, reason) {
        Some(template) => (template.means, template.reason),
        None => {
            let status = default_status(meaning, reason);
            // A default that a wider answer takes (a refusal by status alone, say) means what that answer means.
            let takes = |it: &&AnswerTemplate| it.status == status && shadows(it.json.as_ref(), Some(&dialect.errors));
            match candidates(dialect, operation).find(takes) {
                Some(template) => (template.means, template.reason),
                None => default_reading(dialect, operation, status).unwrap_or((Meaning::ServerError, None)),
            }
        }
    }
}

pub(crate) fn read(dialect: &Dialect, operation: Option<&str>, answer: &Answer) -> Option<Message> {
    candidates(dialect, operation).find_map(|template| template.read(answer)).or_else(|| {
        let (meaning, reason) = default_reading(dialect, operation, answer.status)?;
        Some(Message { meaning, reason, values: Values::new() })
    })
}

pub(crate) fn read_refusal(dialect: &Dialect, answer: &Answer) -> Option<Message> {
    if dialect.refusals.is_empty() {
        return (answer.status == 401).then_some(Message::new(Meaning::TokenExpired));
    }
    dialect.refusals.iter().find_map(|template| template.read(answer))
}

impl AnswerTemplate {
    fn read(&self, answer: &Answer) -> Option<Message> {
        let mut values = Values::new();
        let json = self.json.as_ref();
        let fits = self.status == answer.status && json.is_none_or(|it| it.fits(answer.json.as_ref(), &mut values));
        fits.then_some(Message { meaning: self.means, reason: self.reason, values })
    }
}

pub(crate) fn write(dialect: &Dialect, operation: Option<&str>, message: &Message, ambient: &Values) -> Answer {
    let written = find(dialect, operation, message.meaning, message.reason)
        .and_then(|template| template.write(&message.values, ambient));
    written.unwrap_or_else(|| {
        let unsayable = matches!(message.meaning, Meaning::Session | Meaning::Challenge | Meaning::Done);
        let meaning = if unsayable { Meaning::ServerError } else { message.meaning };
        write_default(dialect, meaning, message, ambient)
    })
}

impl AnswerTemplate {
    fn write(&self, own: &Values, ambient: &Values) -> Option<Answer> {
        let ambient = with_status(ambient, self.status, self.means, self.reason);
        let scope = Scope { own, ambient: Some(&ambient) };
        let json = self.json.as_ref().map(|json| json.fill(scope)).transpose().ok()?.flatten();
        Some(Answer { status: self.status, json })
    }
}

fn write_default(dialect: &Dialect, meaning: Meaning, message: &Message, ambient: &Values) -> Answer {
    let status = default_status(meaning, message.reason);
    let ambient = with_status(ambient, status, meaning, message.reason);
    let scope = Scope { own: &message.values, ambient: Some(&ambient) };
    Answer { status, json: dialect.errors.fill(scope).ok().flatten() }
}

/// The ambient values that follow from the answer itself. `message` falls back to the status's own phrase.
fn with_status(ambient: &Values, status: u16, meaning: Meaning, reason: Option<Reason>) -> Values {
    let mut all = Values::new().with("message", phrase(status));
    all.merge(ambient.clone());
    all.set("status", Value::Number(f64::from(status)));
    all.set("status_text", phrase(status));
    all.set("error_code", code(meaning, reason));
    all
}

const fn code(meaning: Meaning, reason: Option<Reason>) -> &'static str {
    match (meaning, reason) {
        (Meaning::InvalidRequest, Some(Reason::PathUnknown)) => "not-found",
        (Meaning::InvalidRequest, Some(Reason::MethodUnsupported)) => "method-not-allowed",
        (Meaning::ServerError, _) => "internal-error",
        _ => meaning.name(),
    }
}

/// Reason phrases of the statuses that a default answer can have (RFC 9110 section 15, RFC 6585 section 4).
const fn phrase(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        429 => "Too Many Requests",
        503 => "Service Unavailable",
        500..=599 => "Internal Server Error",
        _ => "OK",
    }
}
