//! The answer templates of an operation that was found.

use super::api::{Found, FoundAnswer, Spot};
use super::expiry::{self, Expiry};
use super::find;
use super::shape::{Kind, Path, Shape};
use serde_json::{Map, Value, json};

/// What an answer that makes or renews a session was found to say.
#[derive(Default)]
pub(super) struct Session {
    /// The answer that means session.
    pub(super) answer: Option<Value>,
    /// The same with the flag turned round, where a flag tells success.
    pub(super) failure: Option<Value>,
    pub(super) access_token: Option<(Spot, String)>,
    pub(super) refresh_token: Option<Spot>,
    pub(super) expiry: Option<Expiry>,
    pub(super) user: Option<Path>,
}

/// The answer that means session, and a second one if a flag tells a failure from it.
pub(super) fn session(found: &Found, renews: bool) -> Session {
    let Some(answer) = found.success() else { return Session::default() };
    let known = &found.known;
    let by_value = known.access_token.clone().map(|it| (it, "the very same value was sent along later".to_string()));
    let access_token = by_value.or_else(|| find::access_token(answer));
    let refresh_token = known.refresh_token.clone().or_else(|| find::refresh_token(answer));
    let user = find::user(answer).filter(|_| !renews);
    let mut session = Session { access_token, refresh_token, expiry: expiry::find(answer), user, ..Session::default() };
    session.write(answer);
    session
}

impl Session {
    /// Whether the session lives by the platform's cookies.
    pub(super) fn is_cookie(&self) -> bool {
        matches!(self.access_token, Some((Spot::Cookie(_), _)))
    }

    fn write(&mut self, answer: &FoundAnswer) {
        let (mut body, mut headers) = (Part::default(), Map::new());
        let flags = find::flags(answer);
        for (path, value) in &flags {
            body.set(path, (*value).into());
        }
        for (spot, hole) in [
            (self.access_token.as_ref().map(|it| &it.0), "{access_token}"),
            (self.refresh_token.as_ref(), "{refresh_token}"),
        ] {
            match spot {
                Some(Spot::Body(path)) => body.set(path, hole.into()),
                Some(Spot::Header(name)) => {
                    headers.insert(name.clone(), header(name, answer, hole));
                }
                Some(Spot::Cookie(_)) | None => {}
            }
        }
        if let Some(expiry) = &self.expiry {
            body.set(&expiry.path, "{expires?}".into());
        }
        if let Some(path) = &self.user {
            body.set(path, "{user?}".into());
        }
        self.answer = Some(finished(answer.status, headers, body.0, answer.is_text, "session"));
        if !flags.is_empty() && !answer.is_text {
            let mut failed = Part::default();
            flags.iter().for_each(|(path, value)| failed.set(path, (!value).into()));
            self.failure = Some(finished(answer.status, Map::new(), failed.0, false, "bad-credentials"));
        }
    }
}

/// A token in a header: `Authorization` has its scheme before it.
fn header(name: &str, answer: &FoundAnswer, hole: &str) -> Value {
    let sample = answer.headers.iter().find(|(it, _)| it == name).and_then(|(_, it)| it.sample.as_ref()?.as_str());
    let bearer = sample
        .map_or_else(|| name.eq_ignore_ascii_case("authorization"), |it| it.to_lowercase().starts_with("bearer "));
    if bearer { format!("Bearer {hole}").into() } else { hole.into() }
}

fn finished(status: u16, headers: Map<String, Value>, body: Option<Value>, is_text: bool, means: &str) -> Value {
    let mut answer = Map::new();
    answer.insert("status".into(), status.into());
    if !headers.is_empty() {
        answer.insert("headers".into(), headers.into());
    }
    if let Some(body) = body {
        answer.insert(if is_text { "text" } else { "json" }.into(), body);
    }
    answer.insert("means".into(), means.into());
    answer.into()
}

/// A body's template while it is put together.
#[derive(Default)]
struct Part(Option<Value>);

impl Part {
    /// Sets what stands at a path, and makes the objects and lists that lead there.
    fn set(&mut self, path: &[String], template: Value) {
        let mut place = self.0.get_or_insert_with(|| json!({}));
        for step in path {
            place = match step.as_str() {
                "0" if !matches!(place, Value::Object(it) if !it.is_empty()) => {
                    if !place.is_array() {
                        *place = json!([{}]);
                    }
                    match place.get_mut(0) {
                        Some(first) => first,
                        None => return,
                    }
                }
                _ => {
                    let Some(members) = place.as_object_mut() else { return };
                    members.entry(step.clone()).or_insert_with(|| json!({}))
                }
            };
        }
        *place = template;
    }
}

/// What would tell a body: the place of its token, else its code or message.
pub(super) fn telling(body: Shape) -> Option<Value> {
    const TELLING: [&str; 12] = [
        "code",
        "errorcode",
        "error",
        "type",
        "status",
        "reason",
        "detail",
        "message",
        "msg",
        "mensaje",
        "title",
        "errors",
    ];
    let known = |it: &&str| {
        body.members().iter().find(|(name, _)| super::words::plain(name) == **it).map(|(name, _)| name.clone())
    };
    let told = TELLING.iter().find_map(known);
    let answer = FoundAnswer { status: 200, body: Some(body), ..FoundAnswer::default() };
    let mut part = Part::default();
    match (find::access_token(&answer), told) {
        (Some((Spot::Body(path), _)), _) if !path.is_empty() => part.set(&path, "{access_token}".into()),
        (_, Some(name)) => part.set(&[name], "…".into()),
        _ => {}
    }
    part.0
}

/// A failure of the login.
pub(super) struct Failure {
    pub(super) status: u16,
    pub(super) means: &'static str,
    pub(super) why: &'static str,
}

/// What the login's failures mean, by their statuses and by what is said about them.
pub(super) fn failures(found: &Found) -> Vec<Failure> {
    let refused = || found.answers.iter().filter(|it| (400..500).contains(&it.status));
    let told = refused().filter_map(|it| said(it).map(|(means, why)| Failure { status: it.status, means, why }));
    let mut all: Vec<Failure> = told.collect();
    let wrong = refused().filter(|it| said(it).is_none() && !is_validation(it)).map(|it| it.status);
    let wrong = wrong.filter(|it| USUAL.contains(it)).min_by_key(|it| USUAL.iter().position(|usual| usual == it));
    all.push(match wrong {
        Some(status) => {
            let why = "it is the status that is documented for it, or seen";
            Failure { status, means: "bad-credentials", why }
        }
        None => Failure { status: 401, means: "bad-credentials", why: "nothing is documented, and 401 is the usual" },
    });
    all
}

/// With what a wrong password is answered, the likeliest first.
const USUAL: [u16; 5] = [401, 400, 403, 422, 404];

/// Whether this is what a framework says to a request of the wrong form, and to nothing else.
fn is_validation(answer: &FoundAnswer) -> bool {
    let detail = answer.body.as_ref().is_some_and(|it| it.members().iter().any(|(name, _)| name == "detail"));
    answer.status == 422 && detail
}

fn said(answer: &FoundAnswer) -> Option<(&'static str, &'static str)> {
    let about = answer.about.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|it| about.contains(it));
    match answer.status {
        423 => Some(("account-locked", "423 means Locked")),
        _ if says(&["lock", "bloque", "gesperrt", "verrouill"]) => Some(("account-locked", "its description says so")),
        _ if says(&["disabled", "inactive", "suspend", "banned", "deshabilit", "inactiv", "desativ", "deaktiv"]) => {
            Some(("account-disabled", "its description says so"))
        }
        _ if says(&["not verified", "unverified", "not confirmed", "unconfirmed", "not validated", "no verificad"]) => {
            Some(("account-not-validated", "its description says so"))
        }
        _ => None,
    }
}

/// The answer of an operation other than login and renewal.
pub(super) fn done(found: &Found, profile: bool) -> Value {
    let status = found.success().map_or(if profile { 200 } else { 204 }, |it| it.status);
    let body = found.success().and_then(|it| it.body.as_ref());
    let wrapped = |body: &Shape| {
        let (name, inner) = body.members().first().filter(|_| body.members().len() <= 3)?;
        (matches!(inner.kind, Kind::Object(_)) && ["data", "user", "result"].contains(&name.as_str()))
            .then(|| name.clone())
    };
    match (profile, body.and_then(wrapped)) {
        (false, _) => json!({ "means": "done" }),
        (true, Some(name)) => json!({ "status": status, "json": { name: "{user}" }, "means": "done" }),
        (true, None) => json!({ "status": status, "json": "{user}", "means": "done" }),
    }
}
