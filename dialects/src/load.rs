//! Loading: a document becomes a [`Dialect`], or the first fault in it is told with its place.

use crate::dialect::{AnswerTemplate, Dialect, Entry, Expires, HeaderTemplate, Operation, Renewal, RequestTemplate};
use crate::place::{Loaded, Place};
use crate::shadow::shadows;
use crate::template::{Hole, Template, is_ambient};
use crate::{Fault, Meaning, Reason, Value};

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

pub(crate) fn load(document: &Value) -> Result<Dialect, Fault> {
    let root = Place::root(document);
    let mut left = MAX_VALUES;
    if !is_bounded(document, MAX_DEPTH, &mut left) {
        return root.fault("nests deeper than 24 levels, or holds more than 4096 values");
    }
    root.only(&MEMBERS)?;
    if root.required("relatch")?.whole()? != 1 {
        return root.required("relatch")?.fault("expected 1, the version of the format");
    }
    let name = root.required("name")?;
    let title = root.member("title").map_or(Ok(name.text()?), |place| place.text())?.into();
    let refusals = root.member("refusals").map_or(Ok(Vec::new()), |place| answers(&place))?;
    let (renewal, renew) = renewal(&root)?;
    let dialect = Dialect {
        name: dialect_name(&name)?,
        title,
        attach: attach(&root.required("attach")?)?,
        expires: root.member("expires").map_or(Ok(Expires::default()), |place| expires(&place))?,
        renewal,
        operations: operations(&root, renew)?,
        refusals,
        errors: root.member("errors").map_or_else(|| Ok(plain_error()), |place| errors(&place))?,
        #[cfg(feature = "issue")]
        issue: root.member("issue").map(|place| crate::issue::load(&place)).transpose()?,
    };
    speaks(&root, &dialect)?;
    Ok(dialect)
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

fn dialect_name(place: &Place<'_>) -> Loaded<String> {
    let name = place.text()?;
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || name.len() > 40 || !name.bytes().all(good) {
        return place.fault("expected 1 to 40 of: lower-case letters, digits, '-'");
    }
    Ok(name.into())
}

fn attach(place: &Place<'_>) -> Loaded<Vec<HeaderTemplate>> {
    let mut headers = Vec::new();
    let mut carries_token = false;
    for element in place.elements()? {
        element.only(&["header", "value"])?;
        let template = element.required("value")?.template(&|name| name == "access_token" || is_context(name))?;
        template.holes(&mut |hole| carries_token |= hole.name == "access_token");
        headers.push(HeaderTemplate { name: header_name(&element.required("header")?)?, value: template });
    }
    if !carries_token {
        return place.fault("no header carries {access_token}");
    }
    Ok(headers)
}

fn is_context(name: &str) -> bool {
    name.starts_with("context.")
}

fn header_name(place: &Place<'_>) -> Loaded<String> {
    const SYMBOLS: &[u8] = b"!#$%&'*+-.^_`|~";
    let name = place.text()?;
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || SYMBOLS.contains(&byte)) {
        return place.fault("expected a header name (RFC 9110 section 5.1)");
    }
    Ok(name.into())
}

fn expires(place: &Place<'_>) -> Loaded<Expires> {
    place.only(&["jwt", "after_secs"])?;
    Ok(Expires {
        jwt: place.member("jwt").map_or(Ok(false), |place| place.flag())?,
        after_secs: place.member("after_secs").map(|place| place.whole()).transpose()?,
    })
}

fn renewal<'a>(root: &Place<'a>) -> Loaded<(Renewal, Option<Place<'a>>)> {
    let Some(place) = root.member("renew") else {
        return Ok((Renewal::None, None));
    };
    match place.value {
        Value::String(text) if text == "login" => Ok((Renewal::Login, None)),
        Value::String(text) if text == "none" => Ok((Renewal::None, None)),
        Value::Object(_) => Ok((Renewal::Endpoint, Some(place))),
        _ => place.fault("expected an operation, \"login\" or \"none\""),
    }
}

fn operations(root: &Place<'_>, renew: Option<Place<'_>>) -> Loaded<Vec<Entry>> {
    let login = root.required("login")?;
    let mut entries = vec![operation("login", &login, Meaning::Session)?];
    if let Some(renew) = renew {
        entries.push(operation("renew", &renew, Meaning::Session)?);
    }
    for (name, place) in root.member("operations").map_or(Ok(Vec::new()), |place| place.members())? {
        if name == "login" || name == "renew" {
            return place.fault("stands at the top of the document, not here");
        }
        entries.push(operation(name, &place, Meaning::Done)?);
    }
    Ok(entries)
}

fn operation(name: &str, place: &Place<'_>, success: Meaning) -> Loaded<Entry> {
    place.only(&["request", "alternatives", "attach", "answers"])?;
    let mut requests = vec![request(&place.required("request")?)?];
    for alternative in place.member("alternatives").map_or(Ok(Vec::new()), |place| place.elements())? {
        requests.push(request(&alternative)?);
    }
    let listed = place.required("answers")?;
    let answers = answers(&listed)?;
    if !answers.iter().any(|it| it.means == success) {
        return listed.fault_about(success.name(), "is not the meaning of any answer");
    }
    let attached = place.member("attach").map_or(Ok(false), |place| place.flag())?;
    let routes = requests.iter().map(|it| (it.method.clone(), it.path.clone())).collect();
    Ok(Entry { operation: Operation { name: name.into(), routes, attached }, requests, answers })
}

fn request(place: &Place<'_>) -> Loaded<RequestTemplate> {
    place.only(&["method", "path", "headers", "json"])?;
    let method = place.required("method")?;
    if !["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method.text()?) {
        return method.fault("expected GET, POST, PUT, PATCH or DELETE");
    }
    let mut headers = Vec::new();
    for (name, value) in place.member("headers").map_or(Ok(Vec::new()), |place| place.members())? {
        headers.push(HeaderTemplate { name: name.into(), value: value.template(&is_request_name)? });
    }
    Ok(RequestTemplate {
        method: method.text()?.into(),
        path: path(&place.required("path")?)?,
        headers,
        json: place.member("json").map(|place| place.template(&is_request_name)).transpose()?,
    })
}

/// What a request can be filled with. `field.*` is the app's own: whatever else an API wants at login.
fn is_request_name(name: &str) -> bool {
    const NAMES: [&str; 6] = ["identifier", "password", "access_token", "refresh_token", "code", "resend_code"];
    NAMES.contains(&name) || name.starts_with("field.") || is_context(name)
}

/// What an answer can carry. `detail.*` is handed to the app with an error.
fn is_answer_name(name: &str) -> bool {
    const NAMES: [&str; 6] = ["access_token", "refresh_token", "user", "permissions", "email", "resend_code"];
    NAMES.contains(&name) || name.starts_with("detail.") || is_ambient(name)
}

/// A path that stays below any base to which it is appended: no query, no empty or dotted segment, no escapes.
fn path(place: &Place<'_>) -> Loaded<String> {
    let path = place.text()?;
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    let below = path.strip_prefix('/').is_some_and(|rest| !rest.split('/').any(|it| matches!(it, "" | "." | "..")));
    if !below || !path.bytes().all(good) {
        return place
            .fault("expected a path such as /auth/login: '/' and plain segments, none of them empty or dotted");
    }
    Ok(path.into())
}

fn errors(place: &Place<'_>) -> Loaded<Template> {
    place.only(&["json"])?;
    place.required("json")?.template(&is_ambient)
}

/// The shape of default answers where a document names none: `{"error": "<code>"}`.
fn plain_error() -> Template {
    let code = Hole { name: "error_code".into(), optional: false };
    Template::Object(vec![("error".into(), Template::Hole(code))])
}

fn answers(place: &Place<'_>) -> Loaded<Vec<AnswerTemplate>> {
    let mut answers: Vec<AnswerTemplate> = Vec::new();
    for element in place.elements()? {
        let answer = answer(&element)?;
        if answers.iter().any(|it| it.shadows(&answer)) {
            return element.fault("can never be read: an earlier answer takes everything that this one says");
        }
        answers.push(answer);
    }
    Ok(answers)
}

fn answer(place: &Place<'_>) -> Loaded<AnswerTemplate> {
    place.only(&["status", "json", "means", "reason", "also"])?;
    let status = place.required("status")?;
    let code = u16::try_from(status.whole()?).unwrap_or(0);
    if !(200..=599).contains(&code) {
        return status.fault("expected an HTTP status from 200 to 599");
    }
    let means = meaning(&place.required("means")?)?;
    let reason = place.member("reason").map(|place| reason(&place)).transpose()?;
    if reason.is_some() && means != Meaning::InvalidRequest {
        return place.fault("only invalid-request has reasons");
    }
    let also = place.member("also").map_or(Ok(Vec::new()), |place| place.elements())?;
    let template = AnswerTemplate {
        status: code,
        json: place.member("json").map(|place| place.template(&is_answer_name)).transpose()?,
        means,
        reason,
        also: also.iter().map(meaning).collect::<Loaded<_>>()?,
    };
    if means == Meaning::Session && !template.captures("access_token") {
        return place.fault("an answer that means session has to capture {access_token}");
    }
    Ok(template)
}

fn meaning(place: &Place<'_>) -> Loaded<Meaning> {
    place.word(Meaning::parse, "the meanings of docs/dialects/format.md")
}

fn reason(place: &Place<'_>) -> Loaded<Reason> {
    place.word(Reason::parse, "the reasons of docs/dialects/format.md")
}

/// A dialect has to be able to say the least that a session lives by: that a login failed, and that a token is no
/// longer good.
fn speaks(root: &Place<'_>, dialect: &Dialect) -> Loaded<()> {
    let refuses =
        |it: &AnswerTemplate| it.means == Meaning::BadCredentials || it.also.contains(&Meaning::BadCredentials);
    if !dialect.entry("login").is_some_and(|login| login.answers.iter().any(refuses)) {
        return root.required("login")?.fault("no answer means that the credentials are wrong (bad-credentials)");
    }
    if dialect.renewal == Renewal::Endpoint && !dialect.expresses(Some("renew"), Meaning::TokenExpired) {
        return root
            .required("renew")?
            .fault("no answer, and no refusal, means that the session is over (token-expired)");
    }
    if !dialect.refusals.is_empty() && !dialect.expresses(None, Meaning::TokenExpired) {
        return root.required("refusals")?.fault("no refusal means that the token is no longer good (token-expired)");
    }
    shadowed_refusal(root, dialect)
}

fn shadowed_refusal(root: &Place<'_>, dialect: &Dialect) -> Loaded<()> {
    for entry in &dialect.operations {
        for (index, refusal) in dialect.refusals.iter().enumerate() {
            if entry.answers.iter().any(|it| it.means != refusal.means && it.shadows(refusal)) {
                let place = root.required("refusals")?;
                let Some(place) = place.elements()?.into_iter().nth(index) else {
                    continue;
                };
                return place
                    .fault_about(&entry.operation.name, "has an answer that takes everything this refusal says");
            }
        }
    }
    Ok(())
}

impl AnswerTemplate {
    fn shadows(&self, later: &AnswerTemplate) -> bool {
        self.status == later.status && shadows(self.json.as_ref(), later.json.as_ref())
    }

    fn captures(&self, name: &str) -> bool {
        let mut found = false;
        if let Some(json) = &self.json {
            json.holes(&mut |hole| found |= hole.name == name && !hole.optional);
        }
        found
    }
}
