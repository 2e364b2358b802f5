//! The login.

use super::Drafter;
use crate::draft::answer::{self, Failure, Session};
use crate::draft::api::{Carrier, Found, Spot};
use crate::draft::find::{self, Choice};
use crate::draft::request::{self, Purpose};
use serde_json::{Value, json};

/// A drafted login.
pub(super) struct Login {
    pub(super) section: Value,
    pub(super) session: Session,
}

impl Drafter<'_> {
    pub(super) fn login(&mut self, choice: &Choice<'_>) -> Login {
        let found = choice.found;
        self.guess("login", found.spelled(), choice.why.as_str());
        let drafted = request::draft(found, Purpose::Login);
        self.guess("credentials", drafted.credentials.join(", "), "these names are the likeliest of the request");
        self.passed(&drafted.passed);
        let mut session = answer::session(found, false);
        self.token(found, &mut session);
        let mut answers: Vec<Value> = session.answer.iter().chain(&session.failure).cloned().collect();
        for Failure { status, means, why } in answer::failures(found) {
            // A flag tells it already, and this one was only supposed.
            if session.failure.is_some() && means == "bad-credentials" && !found.has_status(status) {
                continue;
            }
            self.doubt("failures", format!("{status} means {means}"), why, WORDING);
            answers.push(json!({ "status": status, "means": means }));
        }
        Login { section: json!({ "request": drafted.request, "answers": answers }), session }
    }

    /// Says where the token was found, or puts one where it probably is.
    fn token(&mut self, found: &Found, session: &mut Session) {
        if let Some((spot, why)) = &session.access_token {
            self.guess("token", find::place(spot), why.as_str());
        } else {
            let status = found.success().map_or(200, |it| it.status);
            let name = if found.carrier == Carrier::Form { "access_token" } else { "token" };
            session.answer = Some(json!({ "status": status, "json": { name: "{access_token}" }, "means": "session" }));
            session.access_token = Some((Spot::Body(vec![name.into()]), String::new()));
            let why = "the answer is not described; this is only the usual name";
            self.doubt(
                "token",
                format!("`{name}`"),
                why,
                "what the login really answers: `relatch dialect try` shows it",
            );
        }
        if let Some(spot) = &session.refresh_token {
            self.guess("refresh token", find::place(spot), "it is what refresh tokens are called");
        }
    }
}

const WORDING: &str = "give its wording (`json`) as well, so that a proxy's answer is not taken for the API's";
