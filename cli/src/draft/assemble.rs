//! The draft as a whole.

mod login;
mod renewal;
mod tokens;

use super::answer;
use super::api::{Api, Found};
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
    let choice = find::login(api).ok_or_else(|| CommandError::Failed(no_login(api)))?;
    let mut drafter = Drafter { api, guesses: Vec::new(), needs_cookies: false };
    let login = drafter.login(&choice);
    let expires = drafter.expires(&login.session);
    let refusals = drafter.refusals();
    let renew = drafter.renewal(choice.found, &login.session);
    let attach = drafter.attach(&login.session);
    let operations = drafter.operations(choice.found);
    let title = Some(api.title.as_str()).filter(|it| !it.is_empty() && chosen_name.is_none());
    let members = [
        ("relatch", Some(1.into())),
        ("name", Some(name::dialect(chosen_name.unwrap_or(&api.title)).into())),
        ("title", title.map(Value::from)),
        ("attach", Some(attach)),
        ("always", drafter.always()),
        ("expires", expires),
        ("login", Some(login.section)),
        ("renew", renew),
        ("operations", operations),
        ("refusals", Some(refusals)),
    ];
    drafter.remarks();
    let members = members.into_iter().filter_map(|(name, it)| Some((name.to_string(), it?)));
    Ok(Draft { document: Value::Object(members.collect()), guesses: drafter.guesses })
}

fn no_login(api: &Api) -> String {
    format!(
        "nothing here looks like a login: of {} operations none takes a password. Write one by hand after docs/dialects/",
        api.operations.len()
    ) + &api.remarks.iter().map(|it| format!("\n{it}")).collect::<String>()
}

struct Drafter<'a> {
    api: &'a Api,
    guesses: Vec<Guess>,
    /// Whether something goes by a cookie beside the token.
    needs_cookies: bool,
}

impl Drafter<'_> {
    fn guess(&mut self, about: &'static str, what: impl Into<String>, why: impl Into<String>) {
        self.guesses.push(Guess::new(about, what, why));
    }

    /// A guess that is to be looked after.
    fn doubt(&mut self, about: &'static str, what: impl Into<String>, why: impl Into<String>, check: &str) {
        self.guesses.push(Guess::new(about, what, why).check(check));
    }

    fn passed(&mut self, passed: &[String]) {
        if !passed.is_empty() {
            self.doubt(
                "further values",
                passed.join(", "),
                "the request asks for more than identifier and password",
                PASSED,
            );
        }
    }

    fn operations(&mut self, login: &Found) -> Option<Value> {
        let mut operations = Map::new();
        let found = [("profile", find::profile(self.api)), ("logout", find::logout(self.api, login))];
        for (name, choice) in found {
            let Some(Choice { found, why }) = choice else { continue };
            self.guess(name, found.spelled(), why);
            let drafted = request::draft(found, Purpose::Other);
            self.passed(&drafted.passed);
            let answer = answer::done(found, name == "profile");
            operations.insert(name.into(), json!({ "request": drafted.request, "attach": true, "answers": [answer] }));
        }
        (!operations.is_empty()).then(|| operations.into())
    }

    /// How calls are refused.
    fn refusals(&mut self) -> Value {
        let protected = || self.api.operations.iter().filter(|it| it.attached);
        let seen_401 = protected().any(|it| it.has_status(401));
        let (status, means, why) = match protected().any(|it| it.has_status(403)) && !seen_401 {
            true => (403, "token-expired-or-forbidden", "calls are refused with 403, and never with 401"),
            false if seen_401 => (401, "token-expired", "calls that carry the token may be refused with 401"),
            false => (401, "token-expired", "nothing is documented, and 401 is the usual"),
        };
        let check = "`relatch dialect try` shows what the API says to a broken token";
        self.doubt("refusals", format!("{status} means {means}"), why, check);
        json!([{ "status": status, "means": means }])
    }

    fn remarks(&mut self) {
        if let Some(url) = &self.api.base_url {
            self.guess("base URL", url.as_str(), "paths are given below it; it is not part of the dialect");
        }
        for remark in &self.api.remarks {
            self.guess("remark", remark.as_str(), "it was noticed on the way");
        }
    }
}

const PASSED: &str = "the app passes field.… with the login and context.… by setContext; write constants in their place where they never change";
