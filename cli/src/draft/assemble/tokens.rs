//! How the token goes along, and when it ends.

use super::Drafter;
use crate::draft::answer::Session;
use crate::draft::api::{Attach, Spot};
use serde_json::{Value, json};

impl Drafter<'_> {
    pub(super) fn attach(&mut self, session: &Session) -> Value {
        let Attach { mut elements, why } = match &self.api.attach {
            _ if session.is_cookie() => {
                Attach { elements: vec![json!({ "cookies": true })], why: "the session lives by a cookie".into() }
            }
            Some(found) => found.clone(),
            None => Attach {
                elements: vec![json!({ "header": "Authorization", "value": "Bearer {access_token}" })],
                why: "nothing says how, and this is the usual way".into(),
            },
        };
        let by_cookie = self.needs_cookies || matches!(session.refresh_token, Some(Spot::Cookie(_)));
        if by_cookie && !session.is_cookie() {
            elements.push(json!({ "cookies": true }));
        }
        let spelled: Vec<String> = elements.iter().map(Value::to_string).collect();
        self.guess("attach", spelled.join(", "), why);
        elements.into()
    }

    pub(super) fn always(&mut self) -> Option<Value> {
        for (element, why) in &self.api.always {
            self.guess("always", element.to_string(), why.as_str());
        }
        let elements: Vec<Value> = self.api.always.iter().map(|(element, _)| element.clone()).collect();
        (!elements.is_empty()).then(|| elements.into())
    }

    pub(super) fn expires(&mut self, session: &Session) -> Option<Value> {
        if let Some(expiry) = &session.expiry {
            let what = format!("`{}` in {}", expiry.path.join("."), expiry.unit);
            let check = "that the unit is right: `relatch dialect try` says when a real token ends";
            self.doubt("expires", what, expiry.why.as_str(), check);
            return Some(json!({ "unit": expiry.unit }));
        }
        let Some(lifetime) = self.api.jwt else {
            let check = "if it is documented, write `\"expires\": { \"after_secs\": … }`; if tokens are JWTs, `{ \"jwt\": true }`";
            self.doubt("expires", "unknown", "no answer says when a token ends", check);
            return None;
        };
        self.guess("expires", "by the token's own claims", "the token is a JWT, which tells its own lifetime");
        Some(match lifetime {
            Some(secs) => json!({ "jwt": true, "after_secs": secs }),
            None => json!({ "jwt": true }),
        })
    }
}
