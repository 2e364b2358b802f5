//! The renewal.

use super::Drafter;
use crate::draft::answer::{self, Session};
use crate::draft::api::{Found, Spot};
use crate::draft::find;
use crate::draft::request::{self, Drafted, Purpose};
use serde_json::{Map, Value, json};

impl Drafter<'_> {
    pub(super) fn renewal(&mut self, login: &Found, session: &Session) -> Option<Value> {
        let Some(choice) = find::renewal(self.api, login) else {
            let check = "if a login's credentials may be kept in memory, write \"renew\": \"login\"";
            self.doubt("renew", "nothing", "no operation looks like a renewal", check);
            return None;
        };
        let found = choice.found;
        self.guess("renew", found.spelled(), choice.why);
        let mut drafted = request::draft(found, Purpose::Renewal);
        self.passed(&drafted.passed);
        let attached = self.carried(found, &mut drafted, session);
        let mut answers = vec![self.renewed(found, session)];
        answers.extend(self.ended(found));
        let mut section = Map::new();
        section.insert("request".into(), drafted.request.into());
        if attached {
            section.insert("attach".into(), true.into());
        }
        section.insert("answers".into(), answers.into());
        Some(section.into())
    }

    /// What the renewal goes by; true if that is the access token, attached as to a call.
    fn carried(&mut self, found: &Found, drafted: &mut Drafted, session: &Session) -> bool {
        if drafted.carries("{refresh_token}") {
            if session.refresh_token.is_none() {
                let why = "the renewal sends one, and no answer of the login was seen to have one";
                let check = "where the login's answer has it, and write \"{refresh_token}\" there";
                self.doubt("renew", "by a refresh token", why, check);
            }
            return false;
        }
        if drafted.carries("{access_token}") {
            return false;
        }
        let by = match &session.refresh_token {
            Some(Spot::Cookie(_)) => "by the refresh token in its cookie",
            Some(_) => {
                drafted.request.insert("headers".into(), json!({ "Authorization": "Bearer {refresh_token}" }));
                "by the refresh token in the header"
            }
            None if session.is_cookie() => "by the session's cookie",
            None if found.attached => "by the access token itself",
            None => {
                self.needs_cookies = true;
                "by a cookie that the login sets, since it asks for nothing"
            }
        };
        self.doubt("renew", by, "its request has no member for it", "how the API wants it");
        found.attached && session.refresh_token.is_none() && !session.is_cookie()
    }

    /// The answer that brings new tokens.
    fn renewed(&mut self, found: &Found, session: &Session) -> Value {
        let renewed = answer::session(found, true);
        let described = renewed.answer.filter(|_| renewed.access_token.is_some());
        let mut answer = described.or_else(|| {
            self.doubt("renew", "answers as the login does", "its answer is not described", "what it really answers");
            session.answer.clone()
        });
        let mut answer = answer.take().unwrap_or_default();
        make_optional(&mut answer);
        answer
    }

    /// The answer that says that the session is over, where it is not the refusal of a call.
    fn ended(&mut self, found: &Found) -> Option<Value> {
        let status = [400, 403].into_iter().find(|it| found.has_status(*it) && !found.has_status(401))?;
        let what = format!("{status} means that the refresh token is no longer good");
        let check = "give its wording as well, since this ends the session";
        self.doubt("renew", what, "no 401 is described for it", check);
        Some(json!({ "status": status, "means": "token-expired" }))
    }
}

/// A renewal may keep the refresh token that there is.
fn make_optional(value: &mut Value) {
    match value {
        Value::String(text) if text == "{refresh_token}" => *text = "{refresh_token?}".into(),
        Value::Object(members) => members.values_mut().for_each(make_optional),
        Value::Array(list) => list.iter_mut().for_each(make_optional),
        _ => {}
    }
}
