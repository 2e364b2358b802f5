//! How a session goes on, and how it is ended.

use super::{Course, is_accepted, tokens, unread};
use crate::trial::report::Step;
use relatch_dialects::{Meaning, Renewal, Values};

impl Course<'_> {
    pub(super) async fn renewal(&mut self, session: &Values, works: bool) -> Option<Values> {
        match self.wire.dialect().renewal() {
            Renewal::Endpoint => {}
            Renewal::Login => {
                self.note("a renewal", "by another login, which was tried above");
                return None;
            }
            Renewal::None => {
                self.note("a renewal", "the dialect has none: when the token ends, somebody has to log in");
                return None;
            }
        }
        let mut step = Step { name: "a renewal", wanted: Some("session"), ..Step::default() };
        let told = match self.wire.perform("renew", session).await {
            Ok(told) => told,
            Err(why) => {
                step.faults.push(why);
                self.steps.push(step);
                return None;
            }
        };
        step.exchanges.extend(told.exchanges.iter().cloned());
        let renewed = match told.message.as_ref() {
            Some(it) if it.meaning == Meaning::Session => tokens(&it.values),
            Some(it) => {
                step.faults.push(format!("it reads as {}", it.meaning.name()));
                self.steps.push(step);
                return None;
            }
            None => {
                step.faults.push(unread(&told, "no answer template fits"));
                self.steps.push(step);
                return None;
            }
        };
        let is_new = |name: &str| renewed.get(name).is_some_and(|it| Some(it) != session.get(name));
        step.lines.push(match (is_new("access_token"), is_new("refresh_token")) {
            (true, true) => "a new access token and a new refresh token".into(),
            (true, false) => "a new access token; the refresh token stays".into(),
            (false, _) => "the access token stays as it is".into(),
        });
        let renewed = self.signed_in(step, renewed, &told);
        let mut all = session.clone();
        all.overlay(&renewed);
        if works {
            self.call("a call with the renewed token", &all, true).await;
        }
        Some(all)
    }

    pub(super) async fn logout(&mut self, session: &Values, works: bool) {
        if self.wire.dialect().operation("logout").is_none() {
            self.note("a log-out", "the dialect has none: the client forgets the token, and the API is not told");
            return;
        }
        let mut step = Step { name: "a log-out", wanted: Some("done"), ..Step::default() };
        let jar = self.wire.jar.clone();
        match self.wire.perform("logout", session).await {
            Err(why) => step.faults.push(why),
            Ok(told) => {
                step.exchanges.extend(told.exchanges.iter().cloned());
                step.faults.extend(match told.message.as_ref().map(|it| it.meaning) {
                    Some(Meaning::Done) => None,
                    Some(other) => Some(format!("it reads as {}, and should as done", other.name())),
                    None => Some(unread(&told, "no answer template fits")),
                });
            }
        }
        self.steps.push(step);
        if works {
            // As a thief would: with the cookies that there were.
            self.wire.jar = jar;
            let mut step = Step { name: "the old token, after the log-out", ..Step::default() };
            let called = self.called(&mut step, session, true).await;
            step.lines.push(match called.is_some_and(is_accepted) {
                true => {
                    "it is still good: the API forgets nothing at log-out, so the token lives on until it ends".into()
                }
                false => "it is no longer good, as it should be".into(),
            });
            self.steps.push(step);
        }
    }
}
