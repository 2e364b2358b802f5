//! Answers in both directions: which template a message is written by, what is left of its meaning, and what an
//! answer that came means.

use crate::dialect::{CHALLENGE, Dialect};
use crate::read::{fits, fits_headers};
use crate::shadow::shadows;
use crate::template::holes;
use crate::write::{Scope, Written, fill};
use crate::{Answer, FULL, Meaning, Message, Reason, Value, Values};

/// One answer of a document.
#[derive(Clone, Copy)]
pub(crate) struct Template<'a>(&'a Value);

/// The parts of an answer that a template may name.
pub(crate) const PARTS: &[&str] = if FULL { &["headers", "json", "text", "xml"] } else { &["json"] };

impl<'a> Template<'a> {
    /// The statuses with which it comes; none where any will do.
    fn statuses(self) -> &'a [Value] {
        match self.0.get("status") {
            Some(Value::List(several)) => several,
            Some(one) => std::slice::from_ref(one),
            None => &[],
        }
    }

    /// The status that it is written with.
    pub(crate) fn status(self) -> u16 {
        let named = self.statuses().first().and_then(Value::as_u64).map(|it| it as u16);
        named.unwrap_or_else(|| match self.means() {
            // 204 has no body.
            Meaning::Done if self.parts().next().is_some() => Meaning::Session.default_status(),
            means => means.default_status(),
        })
    }

    /// Whether it may come with that status.
    pub(crate) fn has_status(self, status: u16) -> bool {
        match self.statuses() {
            // What is no success may come inside of one, and often does.
            [] => !self.means().is_success() || (200..300).contains(&status),
            several => several.iter().any(|it| it.as_u64() == Some(status.into())),
        }
    }

    /// Whether it takes every answer that the other one does.
    #[cfg(feature = "check")]
    pub(crate) fn takes(self, later: Template<'_>) -> bool {
        let statuses = match later.statuses() {
            [] => self.statuses().is_empty() && (!self.means().is_success() || later.means().is_success()),
            several => several.iter().all(|it| it.as_u64().is_some_and(|it| self.has_status(it as u16))),
        };
        statuses && self.takes_parts(later)
    }

    /// The same, but for the status.
    fn takes_parts(self, later: Template<'_>) -> bool {
        PARTS.iter().all(|name| shadows(self.0.get(name), later.0.get(name)))
    }

    /// Whether it takes the plain default answer of that status and shape.
    fn takes_default(self, status: u16, shape: &Value) -> bool {
        self.has_status(status)
            && PARTS.iter().all(|name| shadows(self.0.get(name), (*name == "json").then_some(shape)))
    }

    /// The parts that it names.
    fn parts(self) -> impl Iterator<Item = (&'static str, &'a Value)> {
        PARTS.iter().filter_map(move |name| Some((*name, self.0.get(name)?)))
    }

    /// What it reads as. The check has seen to it that there is one.
    pub(crate) fn means(self) -> Meaning {
        self.0.get("means").and_then(Value::as_str).and_then(Meaning::parse).unwrap_or(Meaning::ServerError)
    }

    fn reason(self) -> Option<Reason> {
        self.0.get("reason").and_then(Value::as_str).and_then(Reason::parse)
    }

    /// Whether this is a wording of that meaning.
    pub(crate) fn says(self, meaning: Meaning) -> bool {
        let also = self.0.get("also").and_then(Value::elements).unwrap_or_default();
        self.means() == meaning || also.iter().any(|it| it.as_str() == Some(meaning.name()))
    }

    /// An answer without a reason serves the reasons that share its status: a dialect's general 400 is not the answer to
    /// an unknown path.
    fn covers(self, reason: Option<Reason>) -> bool {
        self.reason().is_none() && reason.is_none_or(|reason| reason.default_status() == self.status())
    }

    /// What it captures of an answer that fits.
    fn captures(self, answer: &Answer) -> Option<Values> {
        if !self.has_status(answer.status) {
            return None;
        }
        let mut values = Values::new();
        for (name, it) in self.parts() {
            let part = answer.parts.get(name);
            let fit = if FULL && name == "headers" { fits_headers } else { fits };
            if !fit(it, part, &mut values) {
                return None;
            }
        }
        Some(values)
    }

    /// What an answer with these captures says.
    fn message(self, values: Values) -> Message {
        let challenge = self.0.get("challenge").filter(|_| FULL).and_then(Value::as_str).map(Into::into);
        Message { meaning: self.means(), reason: self.reason(), values, challenge }
    }

    fn write(self, own: &Values, ambient: &Values) -> Option<Answer> {
        let ambient = with_status(ambient, self.status(), self.means(), self.reason());
        let mut answer = Answer::json(self.status(), None);
        for (name, it) in self.parts() {
            let place = if name == "headers" { Written::Header } else { Written::Body };
            if let Some(part) = fill(it, Scope { own, ambient: Some(&ambient), place }).ok()? {
                answer.parts.set(name, part);
            }
        }
        Some(answer)
    }
}

/// The answers of an operation.
pub(crate) fn answers<'a>(dialect: &'a Dialect, operation: &str) -> impl Iterator<Item = Template<'a>> {
    own_answers(dialect.section(operation)).iter().map(Template)
}

/// The answers of an operation, or of a step before it.
fn own_answers(section: Option<&Value>) -> &[Value] {
    section.and_then(|section| section.get("answers")).and_then(Value::elements).unwrap_or_default()
}

/// The answers of protected requests.
pub(crate) fn refusals(dialect: &Dialect) -> impl Iterator<Item = Template<'_>> {
    dialect.list("refusals").iter().map(Template)
}

/// The operation's own answers, then the refusals that hold for everything.
fn candidates<'a>(dialect: &'a Dialect, operation: Option<&str>) -> impl Iterator<Item = Template<'a>> {
    operation.map(|name| answers(dialect, name)).into_iter().flatten().chain(refusals(dialect))
}

/// The template for a meaning, or for the nearest one that it narrows to. One that names the reason goes before
/// one that names none.
pub(crate) fn find<'a>(
    dialect: &'a Dialect,
    operation: Option<&str>,
    meaning: Meaning,
    reason: Option<Reason>,
) -> Option<Template<'a>> {
    let mut next = Some(meaning);
    while let Some(meaning) = next {
        let exact = |it: &Template<'_>| it.says(meaning) && it.reason() == reason;
        let general = |it: &Template<'_>| it.says(meaning) && it.covers(reason);
        let found = candidates(dialect, operation).find(exact);
        if let Some(found) = found.or_else(|| candidates(dialect, operation).find(general)) {
            return Some(found);
        }
        next = meaning.narrowed();
    }
    None
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
    let reason = match status {
        404 => Some(Reason::PathUnknown),
        405 => Some(Reason::MethodUnsupported),
        413 => Some(Reason::BodyTooLarge),
        415 => Some(Reason::ContentTypeUnsupported),
        _ => None,
    };
    let meaning = match status {
        400 | 404 | 405 | 413 | 415 | 422 => Meaning::InvalidRequest,
        // A login is refused for its credentials and a call for its token. A renewal's 401 that the document does not
        // know says nothing: it may be a proxy's, and only the API itself may end a session.
        401 if operation.is_some_and(is_login) => Meaning::BadCredentials,
        401 if operation != Some("renew") && dialect.list("refusals").is_empty() => Meaning::TokenExpired,
        403 => Meaning::Forbidden,
        429 => Meaning::RateLimited,
        500..=599 => Meaning::ServerError,
        _ => return None,
    };
    Some((meaning, reason))
}

pub(crate) fn narrow(
    dialect: &Dialect,
    operation: Option<&str>,
    meaning: Meaning,
    reason: Option<Reason>,
) -> (Meaning, Option<Reason>) {
    match find(dialect, operation, meaning, reason) {
        Some(template) => {
            // Of answers that may come with several statuses one is written, which an earlier answer may take: an operation's own
            // what a refusal says, above all.
            let takes = |it: &Template<'_>| it.has_status(template.status()) && it.takes_parts(template);
            let read = candidates(dialect, operation).find(takes).unwrap_or(template);
            (read.means(), read.reason())
        }
        None => {
            let status = default_status(meaning, reason);
            // A default that a wider answer takes (a refusal by status alone, say) means what that answer means.
            let shape = error_shape(dialect);
            let takes = |it: &Template<'_>| it.takes_default(status, &shape);
            match candidates(dialect, operation).find(takes) {
                Some(template) => (template.means(), template.reason()),
                None => default_reading(dialect, operation, status).unwrap_or((Meaning::ServerError, None)),
            }
        }
    }
}

/// Whether an operation is a login, or the step after one.
fn is_login(operation: &str) -> bool {
    operation == "login" || FULL && operation.starts_with(CHALLENGE)
}

pub(crate) fn read(dialect: &Dialect, operation: &str, step: usize, answer: &Answer) -> Option<Message> {
    for templates in [own_answers(dialect.step(operation, step)), dialect.list("refusals")] {
        if let Some((template, values)) = read_first(templates, answer) {
            return Some(template.message(values));
        }
    }
    let (meaning, reason) = default_reading(dialect, Some(operation), answer.status)?;
    Some(Message { reason, ..Message::new(meaning) })
}

pub(crate) fn observe(dialect: &Dialect, answer: &Answer) -> Option<Values> {
    Some(read_first(dialect.list("observe"), answer)?.1)
}

/// The first of these templates that fits, and what it captures. A loop over what [`candidates`] chains: each chain is compiled anew.
fn read_first<'a>(templates: &'a [Value], answer: &Answer) -> Option<(Template<'a>, Values)> {
    for template in templates.iter().map(Template) {
        if let Some(values) = template.captures(answer) {
            return Some((template, values));
        }
    }
    None
}

/// What the answer to an ordinary call means to a session.
pub(crate) fn judge(dialect: &Dialect, answer: &Answer) -> Option<Meaning> {
    match dialect.list("refusals") {
        [] => (answer.status == 401).then_some(Meaning::TokenExpired),
        refusals => Some(read_first(refusals, answer)?.0.means()),
    }
}

pub(crate) fn read_refusal(dialect: &Dialect, answer: &Answer) -> Option<Message> {
    match read_first(dialect.list("refusals"), answer) {
        Some((template, values)) => Some(template.message(values)),
        None => judge(dialect, answer).map(Message::new),
    }
}

/// Whether an answer with that status may be one of the refusals.
pub(crate) fn may_refuse(dialect: &Dialect, status: u16) -> bool {
    let mut listed = refusals(dialect).peekable();
    if listed.peek().is_some() { listed.any(|it| it.has_status(status)) } else { status == 401 }
}

/// What has no wording is told by a default answer, which does.
pub(crate) fn says_ambient(
    dialect: &Dialect,
    operation: Option<&str>,
    meaning: Meaning,
    reason: Option<Reason>,
) -> bool {
    let mut found = false;
    match find(dialect, operation, meaning, reason) {
        Some(template) => {
            template.parts().for_each(|(_, it)| holes(it, &mut |hole| found |= hole.is_ambient()));
            found
        }
        None => true,
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

fn write_default(dialect: &Dialect, meaning: Meaning, message: &Message, ambient: &Values) -> Answer {
    let status = default_status(meaning, message.reason);
    let ambient = with_status(ambient, status, meaning, message.reason);
    let scope = Scope { ambient: Some(&ambient), ..Scope::of(&message.values) };
    Answer::json(status, fill(&error_shape(dialect), scope).ok().flatten())
}

/// The shape of default answers; `{"error": "<code>"}` where the document names none.
fn error_shape(dialect: &Dialect) -> Value {
    let named = dialect.document.get("errors").and_then(|errors| errors.get("json"));
    named.cloned().unwrap_or_else(|| Value::Object(vec![("error".into(), "{error_code}".into())]))
}

/// The ambient values that follow from the answer itself. `message` falls back to the status's own phrase.
fn with_status(ambient: &Values, status: u16, meaning: Meaning, reason: Option<Reason>) -> Values {
    let mut all = Values::new().with("message", phrase(status));
    all.overlay(ambient);
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
