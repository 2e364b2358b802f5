//! The draft as a whole.

use super::answer::{self, Session};
use super::api::{Api, Attach, Found, Spot};
use super::find::{self, Choice};
use super::request::{self, Purpose};
use super::{Draft, Guess, name};
use crate::output::CommandError;
use serde_json::{Map, Value, json};

/// Makes a draft of what was found.
///
/// # Errors
/// If nothing looks like a login.
pub(crate) fn assemble(api: &Api, chosen_name: Option<&str>) -> Result<Draft, CommandError> {
    let login = find::login(api).ok_or_else(|| CommandError::Failed(no_login(api)))?;
    let mut drafter = Drafter { api, guesses: Vec::new() };
    let mut document = Map::new();
    document.insert("relatch".into(), 1.into());
    document.insert("name".into(), name::dialect(chosen_name.unwrap_or(&api.title)).into());
    if !api.title.is_empty() && chosen_name.is_none() {
        document.insert("title".into(), api.title.as_str().into());
    }
    let (section, session) = drafter.login(&login);
    document.insert("attach".into(), drafter.attach(&session));
    if !api.always.is_empty() {
        document.insert("always".into(), drafter.always());
    }
    if let Some(expires) = drafter.expires(&session) {
        document.insert("expires".into(), expires);
    }
    document.insert("login".into(), section);
    let bare = |answer: &Value| answer["status"] == 401 && answer.get("json").is_none() && answer.get("text").is_none();
    let takes_all = document["login"]["answers"].as_array().is_some_and(|it| it.iter().any(bare));
    let refusals = drafter.refusals(takes_all);
    if let Some(renew) = drafter.renewal(login.found, &session, refusals.is_some()) {
        document.insert("renew".into(), renew);
    }
    let operations = drafter.operations(login.found);
    if !operations.is_empty() {
        document.insert("operations".into(), operations.into());
    }
    if let Some(refusals) = refusals {
        document.insert("refusals".into(), refusals);
    }
    drafter.remarks();
    Ok(Draft { document: document.into(), guesses: drafter.guesses })
}

fn no_login(api: &Api) -> String {
    format!(
        "nothing here looks like a login: of {} operations none takes a password. Write one by hand after docs/dialects/",
        api.operations.len()
    )
}

struct Drafter<'a> {
    api: &'a Api,
    guesses: Vec<Guess>,
}

impl Drafter<'_> {
    fn login(&mut self, choice: &Choice<'_>) -> (Value, Session) {
        let found = choice.found;
        self.guesses.push(Guess::new("login", found.spelled(), choice.why.as_str()));
        let drafted = request::draft(found, Purpose::Login);
        let credentials = drafted.credentials.join(", ");
        self.guesses.push(Guess::new("credentials", credentials, "these names are the likeliest of the request"));
        self.passed(&drafted.passed);
        let mut session = answer::session(found, false);
        self.token(found, &mut session);
        let told = session.answers.iter().any(|it| it["means"] == "bad-credentials");
        let mut answers = session.answers.clone();
        for (failure, why) in answer::failures(found) {
            let (status, means) = (&failure["status"], failure["means"].as_str().unwrap_or_default());
            if told && means == "bad-credentials" && !status.as_u64().is_some_and(|it| found.has_status(it as u16)) {
                continue;
            }
            let check = "give its wording (`json`) as well, so that a proxy's answer is not taken for the API's";
            self.guesses.push(Guess::new("failures", format!("{status} means {means}"), why).check(check));
            answers.push(failure);
        }
        (json!({ "request": drafted.request, "answers": answers }), session)
    }

    /// Says where the token was found, or puts one where it probably is.
    fn token(&mut self, found: &Found, session: &mut Session) {
        if let Some((spot, why)) = &session.access_token {
            self.guesses.push(Guess::new("token", find::place(spot), why.as_str()));
        } else {
            let status = found.success().map_or(200, |it| it.status);
            let name = if found.carrier == super::api::Carrier::Form { "access_token" } else { "token" };
            session.answers = vec![json!({ "status": status, "json": { name: "{access_token}" }, "means": "session" })];
            session.access_token = Some((Spot::Body(vec![name.into()]), String::new()));
            let guess =
                Guess::new("token", format!("`{name}`"), "the answer is not described; this is only the usual name");
            self.guesses.push(guess.check("what the login really answers: `relatch dialect try` shows it"));
        }
        if let Some(spot) = &session.refresh_token {
            self.guesses.push(Guess::new("refresh token", find::place(spot), "it is what refresh tokens are called"));
        }
    }

    fn passed(&mut self, passed: &[String]) {
        if !passed.is_empty() {
            let why = "the request asks for more than identifier and password";
            self.guesses.push(Guess::new("further values", passed.join(", "), why).check(
                "the app passes field.… with the login and context.… by setContext; write constants in their place where they never change",
            ));
        }
    }

    fn attach(&mut self, session: &Session) -> Value {
        let attach = match &self.api.attach {
            _ if session.is_cookie() => {
                Attach { elements: vec![json!({ "cookies": true })], why: "the session lives by a cookie".into() }
            }
            Some(found) => found.clone(),
            None => Attach {
                elements: vec![json!({ "header": "Authorization", "value": "Bearer {access_token}" })],
                why: "nothing says how, and this is the usual way".into(),
            },
        };
        let mut elements = attach.elements;
        let by_cookie = |spot: &Option<Spot>| matches!(spot, Some(Spot::Cookie(_)));
        if by_cookie(&session.refresh_token) && !session.is_cookie() {
            elements.push(json!({ "cookies": true }));
        }
        let spelled: Vec<String> = elements.iter().map(Value::to_string).collect();
        self.guesses.push(Guess::new("attach", spelled.join(", "), attach.why));
        elements.into()
    }

    fn always(&mut self) -> Value {
        let guess = |(element, why): &(Value, String)| Guess::new("always", element.to_string(), why.as_str());
        self.guesses.extend(self.api.always.iter().map(guess));
        self.api.always.iter().map(|(element, _)| element.clone()).collect()
    }

    fn expires(&mut self, session: &Session) -> Option<Value> {
        let mut expires = Map::new();
        if let Some(expiry) = &session.expiry {
            expires.insert("unit".into(), expiry.unit.into());
            let guess =
                Guess::new("expires", format!("`{}` in {}", expiry.path.join("."), expiry.unit), expiry.why.as_str());
            self.guesses.push(guess.check("that the unit is right: `relatch dialect try` says when a real token ends"));
        } else if let Some(lifetime) = self.api.jwt {
            expires.insert("jwt".into(), true.into());
            let why = "the token is a JWT, which tells its own lifetime";
            self.guesses.push(Guess::new("expires", "by the token's own claims", why));
            if let Some(secs) = lifetime {
                expires.insert("after_secs".into(), secs.into());
            }
        } else {
            let guess = Guess::new("expires", "unknown", "no answer says when a token ends");
            self.guesses.push(guess.check("if it is documented, write `\"expires\": { \"after_secs\": … }`; if tokens are JWTs, `{ \"jwt\": true }`"));
        }
        (!expires.is_empty()).then(|| expires.into())
    }

    fn renewal(&mut self, login: &Found, session: &Session, refusals: bool) -> Option<Value> {
        let Some(choice) = find::renewal(self.api, login) else {
            let guess = Guess::new("renew", "nothing", "no operation looks like a renewal");
            self.guesses
                .push(guess.check("if a login's credentials may be kept in memory, write \"renew\": \"login\""));
            return None;
        };
        let found = choice.found;
        let mut drafted = request::draft(found, Purpose::Renewal);
        self.guesses.push(Guess::new("renew", found.spelled(), choice.why));
        self.passed(&drafted.passed);
        let text = drafted.request.to_string();
        let by_refresh_token = text.contains("{refresh_token}");
        if by_refresh_token && session.refresh_token.is_none() {
            let guess = Guess::new(
                "renew",
                "by a refresh token",
                "the renewal sends one, and no answer of the login was seen to have one",
            );
            self.guesses.push(guess.check("where the login's answer has it, and write \"{refresh_token}\" there"));
        }
        let mut attached = false;
        if !by_refresh_token && !text.contains("{access_token}") {
            match &session.refresh_token {
                Some(Spot::Cookie(_)) => {}
                Some(_) => drafted.request["headers"] = json!({ "Authorization": "Bearer {refresh_token}" }),
                None => attached = !session.is_cookie(),
            }
            let why = "its request has no member for it";
            let by =
                if attached { "by the access token itself" } else { "by the refresh token in its header or cookie" };
            self.guesses.push(Guess::new("renew", by, why).check("how the API wants it"));
        }
        let renewed = answer::session(found, true);
        let mut answers: Vec<Value> = renewed.answers.into_iter().filter(|it| it["means"] == "session").collect();
        if renewed.access_token.is_none() {
            answers = session.answers.iter().filter(|it| it["means"] == "session").cloned().collect();
            answers.iter_mut().for_each(optional_refresh);
            let guess = Guess::new("renew", "answers as the login does", "its answer is not described");
            self.guesses.push(guess.check("what it really answers"));
        }
        answers.iter_mut().for_each(optional_refresh);
        let refused = [400, 403, 404, 422].into_iter().find(|it| found.has_status(*it) && !found.has_status(401));
        if let Some(status) = refused.filter(|it| *it != 422) {
            answers.push(json!({ "status": status, "means": "token-expired" }));
            let guess = Guess::new(
                "renew",
                format!("{status} means that the refresh token is no longer good"),
                "no 401 is described for it",
            );
            self.guesses.push(guess.check("give its wording as well, since this ends the session"));
        } else if !refusals {
            answers.push(json!({ "status": 401, "means": "token-expired" }));
        }
        let mut section = json!({ "request": drafted.request });
        if attached {
            section["attach"] = true.into();
        }
        section["answers"] = answers.into();
        Some(section)
    }

    fn operations(&mut self, login: &Found) -> Map<String, Value> {
        let mut operations = Map::new();
        let found = [("profile", find::profile(self.api)), ("logout", find::logout(self.api, login))];
        for (name, choice) in found {
            let Some(Choice { found, why }) = choice else { continue };
            self.guesses.push(Guess::new(name, found.spelled(), why));
            let drafted = request::draft(found, Purpose::Other);
            self.passed(&drafted.passed);
            let answer = answer::done(found, name == "profile");
            operations.insert(name.into(), json!({ "request": drafted.request, "attach": true, "answers": [answer] }));
        }
        operations
    }

    /// How calls are refused. None where a login's bare 401 would take the refusal's: without `refusals`, a 401 to a call means that
    /// the token has ended.
    fn refusals(&mut self, login_takes_401: bool) -> Option<Value> {
        let protected = || self.api.operations.iter().filter(|it| it.attached);
        let forbidden = protected().any(|it| it.has_status(403)) && !protected().any(|it| it.has_status(401));
        let (refusal, why) = match forbidden {
            true => (
                json!({ "status": 403, "means": "token-expired-or-forbidden" }),
                "calls are refused with 403, and never with 401",
            ),
            false if protected().any(|it| it.has_status(401)) => (
                json!({ "status": 401, "means": "token-expired" }),
                "calls that carry the token may be refused with 401",
            ),
            false => {
                (json!({ "status": 401, "means": "token-expired" }), "nothing is documented, and 401 is the usual")
            }
        };
        let what = format!("{} means {}", refusal["status"], refusal["means"].as_str().unwrap_or_default());
        let told = refusal["status"] != 401 || !login_takes_401;
        let note = if told {
            ""
        } else {
            "; left out, for a 401 to a call means that anyway, and the login's has no wording of its own"
        };
        let guess = Guess::new("refusals", what, format!("{why}{note}"));
        self.guesses.push(guess.check("`relatch dialect try` shows what the API says to a broken token"));
        told.then(|| json!([refusal]))
    }

    fn remarks(&mut self) {
        if let Some(url) = &self.api.base_url {
            self.guesses.push(Guess::new(
                "base URL",
                url.as_str(),
                "paths are given below it; it is not part of the dialect",
            ));
        }
        for remark in &self.api.remarks {
            self.guesses.push(Guess::new("remark", remark.as_str(), "it was noticed on the way"));
        }
    }
}

/// A renewal may keep the refresh token that there is.
fn optional_refresh(answer: &mut Value) {
    for part in ["json", "headers"] {
        if let Some(value) = answer.get_mut(part) {
            make_optional(value);
        }
    }
}

fn make_optional(value: &mut Value) {
    match value {
        Value::String(text) if text == "{refresh_token}" => *text = "{refresh_token?}".into(),
        Value::Object(members) => members.values_mut().for_each(make_optional),
        Value::Array(list) => list.iter_mut().for_each(make_optional),
        _ => {}
    }
}
