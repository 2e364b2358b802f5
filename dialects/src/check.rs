//! Checking: what is wrong with a document, and where. A document that passes keeps the law.

use crate::answers::{self, find};
use crate::dialect::{Dialect, Renewal};
use crate::place::{Loaded, Place};
use crate::shadow::shadows;
use crate::template::{has_hole, holes, is_known_ambient};
use crate::{Meaning, Reason, Value};

/// How deep a document may nest, and how many values it may hold in all: far beyond any API seen, and small enough
/// that a hostile document costs nothing.
const MAX_DEPTH: usize = 24;
const MAX_VALUES: usize = 4096;

const MEMBERS: [&str; 12] = [
    "$schema",
    "relatch",
    "name",
    "title",
    "attach",
    "expires",
    "login",
    "renew",
    "operations",
    "refusals",
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
    root.optional("expires", expires)?;
    operation(&root.required("login")?, Meaning::Session)?;
    root.optional("renew", renew)?;
    root.optional("operations", operations)?;
    root.optional("refusals", answers)?;
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
    for operation in dialect.operations() {
        let name = operation.name.as_str();
        let place = if matches!(name, "login" | "renew") { root.required(name) } else { named(&root, name) };
        shadowed(&place?.required("answers")?, &answers::answers(dialect, name).collect::<Vec<_>>())?;
        shadowed_refusal(&root, dialect, name)?;
    }
    root.optional("refusals", |place| shadowed(place, &answers::refusals(dialect).collect::<Vec<_>>()))
}

fn named<'a>(root: &Place<'a>, name: &str) -> Loaded<Place<'a>> {
    root.required("operations")?.required(name)
}

fn shadowed(place: &Place<'_>, answers: &[answers::Template<'_>]) -> Loaded<()> {
    for (index, element) in place.elements()?.into_iter().enumerate() {
        let (earlier, Some(answer)) = (answers.iter().take(index), answers.get(index)) else { continue };
        if earlier.into_iter().any(|it| takes(*it, *answer)) {
            return element.fault("can never be read: an earlier answer takes everything that this one says");
        }
    }
    Ok(())
}

fn shadowed_refusal(root: &Place<'_>, dialect: &Dialect, operation: &str) -> Loaded<()> {
    for (index, refusal) in answers::refusals(dialect).enumerate() {
        let shadowing = |it: answers::Template<'_>| it.means() != refusal.means() && takes(it, refusal);
        if answers::answers(dialect, operation).any(shadowing) {
            let place = root.required("refusals")?.elements()?.into_iter().nth(index);
            return place.map_or(Ok(()), |it| {
                it.fault_about(operation, "has an answer that takes everything this refusal says")
            });
        }
    }
    Ok(())
}

fn takes(first: answers::Template<'_>, later: answers::Template<'_>) -> bool {
    first.status() == later.status() && shadows(first.json(), later.json())
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

fn attach(place: &Place<'_>) -> Loaded<()> {
    let mut carries_token = false;
    for element in place.elements()? {
        element.only(&["header", "value"])?;
        header_name(&element.required("header")?)?;
        let value = element.required("value")?;
        value.text()?;
        value.template(&|name| name == "access_token" || is_context(name))?;
        carries_token |= has_hole(value.value, "access_token");
    }
    if !carries_token {
        return place.fault("no header carries {access_token}");
    }
    Ok(())
}

fn is_context(name: &str) -> bool {
    name.starts_with("context.")
}

fn header_name(place: &Place<'_>) -> Loaded<()> {
    is_header_name(place.text()?).then_some(()).map_or_else(|| place.fault(HEADER_NAME), Ok)
}

const HEADER_NAME: &str = "expected a header name (RFC 9110 section 5.1)";

fn is_header_name(name: &str) -> bool {
    const SYMBOLS: &[u8] = b"!#$%&'*+-.^_`|~";
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || SYMBOLS.contains(&byte))
}

fn expires(place: &Place<'_>) -> Loaded<()> {
    place.only(&["jwt", "after_secs"])?;
    place.optional("jwt", |place| place.flag().map(drop))?;
    place.optional("after_secs", |place| place.whole().map(drop))
}

fn renew(place: &Place<'_>) -> Loaded<()> {
    match place.value {
        Value::String(word) if word == "login" || word == "none" => Ok(()),
        Value::Object(_) => operation(place, Meaning::Session),
        _ => place.fault("expected an operation, \"login\" or \"none\""),
    }
}

fn operations(place: &Place<'_>) -> Loaded<()> {
    for (name, place) in place.members()? {
        if name == "login" || name == "renew" {
            return place.fault("stands at the top of the document, not here");
        }
        operation(&place, Meaning::Done)?;
    }
    Ok(())
}

fn operation(place: &Place<'_>, success: Meaning) -> Loaded<()> {
    place.only(&["request", "alternatives", "attach", "answers"])?;
    request(&place.required("request")?)?;
    place.optional("alternatives", |place| place.elements()?.iter().try_for_each(request))?;
    place.optional("attach", |place| place.flag().map(drop))?;
    let listed = place.required("answers")?;
    answers(&listed)?;
    let means = |it: &Place<'_>| it.value.get("means").and_then(Value::as_str) == Some(success.name());
    if !listed.elements()?.iter().any(means) {
        return listed.fault_about(success.name(), "is not the meaning of any answer");
    }
    Ok(())
}

fn request(place: &Place<'_>) -> Loaded<()> {
    place.only(&["method", "path", "headers", "json"])?;
    let method = place.required("method")?;
    if !["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method.text()?) {
        return method.fault("expected GET, POST, PUT, PATCH or DELETE");
    }
    path(&place.required("path")?)?;
    place.optional("headers", |place| place.members()?.iter().try_for_each(|(name, it)| header(name, it)))?;
    place.optional("json", |place| place.template(&is_request_name))
}

fn header(name: &str, place: &Place<'_>) -> Loaded<()> {
    if !is_header_name(name) {
        return place.fault(HEADER_NAME);
    }
    place.text()?;
    place.template(&is_request_name)
}

/// What a request can be filled with. `field.*` is the app's own: whatever else an API wants at login.
fn is_request_name(name: &str) -> bool {
    const NAMES: [&str; 6] = ["identifier", "password", "access_token", "refresh_token", "code", "resend_code"];
    NAMES.contains(&name) || name.starts_with("field.") || is_context(name)
}

/// What an answer can carry. `detail.*` is handed to the app with an error.
fn is_answer_name(name: &str) -> bool {
    const NAMES: [&str; 6] = ["access_token", "refresh_token", "user", "permissions", "email", "resend_code"];
    NAMES.contains(&name) || name.starts_with("detail.") || is_known_ambient(name)
}

/// A path that stays below any base to which it is appended: no query, no empty or dotted segment, no escapes.
fn path(place: &Place<'_>) -> Loaded<()> {
    let path = place.text()?;
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    let below = path.strip_prefix('/').is_some_and(|rest| !rest.split('/').any(|it| matches!(it, "" | "." | "..")));
    if !below || !path.bytes().all(good) {
        return place
            .fault("expected a path such as /auth/login: '/' and plain segments, none of them empty or dotted");
    }
    Ok(())
}

fn errors(place: &Place<'_>) -> Loaded<()> {
    place.only(&["json"])?;
    place.required("json")?.template(&is_known_ambient)
}

fn answers(place: &Place<'_>) -> Loaded<()> {
    place.elements()?.iter().try_for_each(answer)
}

fn answer(place: &Place<'_>) -> Loaded<()> {
    place.only(&["status", "json", "means", "reason", "also"])?;
    let status = place.required("status")?;
    if !(200..=599).contains(&status.whole()?) {
        return status.fault("expected an HTTP status from 200 to 599");
    }
    let means = meaning(&place.required("means")?)?;
    place.optional("also", |place| place.elements()?.iter().try_for_each(|it| meaning(it).map(drop)))?;
    place.optional("reason", |place| reason(place).map(drop))?;
    if place.member("reason").is_some() && means != Meaning::InvalidRequest {
        return place.fault("only invalid-request has reasons");
    }
    place.optional("json", |place| place.template(&is_answer_name))?;
    if means == Meaning::Session && !place.member("json").is_some_and(|json| requires(json.value, "access_token")) {
        return place.fault("an answer that means session has to capture {access_token}");
    }
    Ok(())
}

fn requires(template: &Value, name: &str) -> bool {
    let mut found = false;
    holes(template, &mut |hole| found |= hole.name == name && !hole.optional);
    found
}

fn meaning(place: &Place<'_>) -> Loaded<Meaning> {
    place.word(Meaning::parse, "the meanings of docs/dialects/format.md")
}

fn reason(place: &Place<'_>) -> Loaded<Reason> {
    place.word(Reason::parse, "the reasons of docs/dialects/format.md")
}
