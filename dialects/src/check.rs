//! Checking: what is wrong with a document, and where. A document that passes keeps the law.

mod answer;
mod attach;
mod function;
mod names;
mod operation;
mod request;

use crate::answers::{self, find};
use crate::dialect::{CHALLENGE, Dialect, Renewal};
use crate::place::{Loaded, Place};
use crate::template::is_known_ambient;
use crate::{Meaning, Value};
use answer::{answers, observed};
use attach::{always, attach, expires};
use operation::{challenges, operation, operations, renew};

/// How deep a document may nest, and how many values it may hold in all: far beyond any API seen, and small enough
/// that a hostile document costs nothing.
const MAX_DEPTH: usize = 24;
const MAX_VALUES: usize = 4096;

const MEMBERS: [&str; 15] = [
    "$schema",
    "relatch",
    "name",
    "title",
    "attach",
    "always",
    "expires",
    "login",
    "challenges",
    "renew",
    "operations",
    "refusals",
    "observe",
    "errors",
    "issue",
];

/// Everything that can be seen place by place.
pub(crate) fn document(document: &Value) -> Loaded<()> {
    let root = Place::root(document);
    if !is_bounded(document, MAX_DEPTH, &mut MAX_VALUES.clone()) {
        return root.fault("nests deeper than 24 levels, or holds more than 4096 values");
    }
    root.only(&MEMBERS)?;
    let version = root.required("relatch")?;
    if version.whole()? != 1 {
        return version.fault("expected 1, the version of the format");
    }
    dialect_name(&root.required("name")?)?;
    root.optional("title", |place| place.text().map(drop))?;
    attach(&root.required("attach")?)?;
    root.optional("always", always)?;
    root.optional("expires", expires)?;
    operation(&root.required("login")?, &document.into(), Meaning::Session)?;
    root.optional("challenges", |place| challenges(place, document))?;
    root.optional("renew", |place| renew(place, document))?;
    root.optional("operations", |place| operations(place, document))?;
    root.optional("refusals", |place| answers(place, &document.into()))?;
    root.optional("observe", observed)?;
    root.optional("errors", errors)
}

/// Whether the dialect can say the least that a session lives by, and everything that it says can be read.
pub(crate) fn dialect(dialect: &Dialect) -> Loaded<()> {
    let root = Place::root(&dialect.document);
    let expresses = |operation, meaning| find(dialect, operation, meaning, None).is_some();
    if !answers::answers(dialect, "login").any(|it| it.says(Meaning::BadCredentials)) {
        return root.required("login")?.fault("no answer means that the credentials are wrong (bad-credentials)");
    }
    if dialect.renewal() == Renewal::Endpoint && !expresses(Some("renew"), Meaning::TokenExpired) {
        let reason = "no answer, and no refusal, means that the session is over (token-expired)";
        return root.required("renew")?.fault(reason);
    }
    if answers::refusals(dialect).next().is_some() && !expresses(None, Meaning::TokenExpired) {
        return root.required("refusals")?.fault("no refusal means that the token is no longer good (token-expired)");
    }
    for name in all_operations(dialect) {
        shadowed(&section(&root, &name)?.required("answers")?, &answers::answers(dialect, &name).collect::<Vec<_>>())?;
        if dialect.is_attached(&name) == Some(true) && name != "renew" {
            shadowed_refusal(&root, dialect, &name)?;
        }
    }
    root.optional("refusals", |place| shadowed(place, &answers::refusals(dialect).collect::<Vec<_>>()))
}

/// The names of every operation, those that answer challenges among them.
fn all_operations(dialect: &Dialect) -> impl Iterator<Item = String> {
    let challenges = dialect.document.get("challenges").and_then(Value::members).unwrap_or_default();
    let answering = challenges.iter().map(|(kind, _)| [CHALLENGE, kind].concat());
    dialect.operations().map(|it| it.name).chain(answering)
}

fn section<'a>(root: &Place<'a>, name: &str) -> Loaded<Place<'a>> {
    match name.strip_prefix(CHALLENGE) {
        Some(kind) => root.required("challenges")?.required(kind),
        None if matches!(name, "login" | "renew") => root.required(name),
        None => root.required("operations")?.required(name),
    }
}

fn shadowed(place: &Place<'_>, answers: &[answers::Template<'_>]) -> Loaded<()> {
    for (index, element) in place.elements()?.into_iter().enumerate() {
        let (earlier, Some(answer)) = (answers.iter().take(index), answers.get(index)) else { continue };
        if earlier.into_iter().any(|it| it.takes(*answer)) {
            return element.fault("can never be read: an earlier answer takes everything that this one says");
        }
    }
    Ok(())
}

/// Whoever carries the token has to hear that it is no longer good. A login may well mean something else by the same answer.
fn shadowed_refusal(root: &Place<'_>, dialect: &Dialect, operation: &str) -> Loaded<()> {
    for (index, refusal) in answers::refusals(dialect).enumerate() {
        let shadowing = |it: answers::Template<'_>| it.means() != refusal.means() && it.takes(refusal);
        if answers::answers(dialect, operation).any(shadowing) {
            let place = root.required("refusals")?.elements()?.into_iter().nth(index);
            return place.map_or(Ok(()), |it| {
                it.fault_about(operation, "has an answer that takes everything this refusal says")
            });
        }
    }
    Ok(())
}

fn is_bounded(value: &Value, depth: usize, left: &mut usize) -> bool {
    if depth == 0 || *left == 0 {
        return false;
    }
    *left -= 1;
    match value {
        Value::List(elements) => elements.iter().all(|it| is_bounded(it, depth - 1, left)),
        Value::Object(members) => members.iter().all(|(_, it)| is_bounded(it, depth - 1, left)),
        _ => true,
    }
}

fn dialect_name(place: &Place<'_>) -> Loaded<()> {
    let name = place.text()?;
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || name.len() > 40 || !name.bytes().all(good) {
        return place.fault("expected 1 to 40 of: lower-case letters, digits, '-'");
    }
    Ok(())
}

fn errors(place: &Place<'_>) -> Loaded<()> {
    place.only(&["json"])?;
    place.required("json")?.template(&is_known_ambient)
}
