//! Logins: with the right password, once more, and with a wrong one.

use super::{Course, is_accepted, tokens, unread};
use crate::trial::captured::{self, ending};
use crate::trial::report::Step;
use crate::trial::told;
use crate::trial::wire::Told;
use relatch_dialects::{Meaning, Values};

impl Course<'_> {
    /// Logs in, through challenges if there are any; the captures if that made a session.
    pub(super) async fn login(&mut self, name: &'static str) -> Option<Values> {
        let mut step = Step { name, wanted: Some("session"), ..Step::default() };
        let mut values = self.chosen.credentials.clone();
        let mut operation = "login".to_string();
        // More steps than any login has; an API that asks for ever ends here.
        for _ in 0..4 {
            let told = match self.wire.perform(&operation, &values).await {
                Ok(told) => told,
                Err(why) => {
                    step.faults.push(why);
                    break;
                }
            };
            let message = told.message.clone();
            step.exchanges.extend(told.exchanges.iter().cloned());
            match message {
                Some(it) if it.meaning == Meaning::Session => return Some(self.signed_in(step, it.values, &told)),
                Some(it) if it.meaning == Meaning::Challenge => {
                    let kind = it.challenge.clone().unwrap_or_default();
                    step.lines.push(format!("the login goes on: it asks for the challenge `{kind}`"));
                    step.lines.extend(captured::lines(&it.values));
                    values.overlay(&it.values);
                    operation = format!("challenge.{kind}");
                }
                Some(it) => {
                    step.faults.push(refused(it.meaning));
                    step.lines.extend(captured::lines(&it.values));
                    break;
                }
                None => {
                    step.faults.push(unread(&told, "no answer template fits"));
                    break;
                }
            }
        }
        self.steps.push(step);
        None
    }

    pub(super) fn signed_in(&mut self, mut step: Step, values: Values, told: &Told) -> Values {
        let captured = tokens(&values);
        step.lines.extend(captured::lines(&captured));
        step.lines
            .extend((!told.cookies.is_empty()).then(|| format!("cookies that were set: {}", told.cookies.join(", "))));
        let ending = ending(self.wire.dialect(), &captured, told.at_ms);
        step.lines.push(match ending.ms {
            Some(ms) => format!("it ends in {}: {}", told::duration(ms), ending.rule),
            None => ending.rule,
        });
        step.lines.extend(captured::unasked(self.wire.dialect(), &captured, told.at_ms));
        if ending.ms.is_some_and(|ms| !(60_000..=366 * 86_400_000).contains(&ms)) {
            step.lines.push("that is an odd lifetime: is expires.unit right?".into());
        }
        step.captured = Some(captured::json(&captured));
        step.ends_in_ms = ending.ms;
        self.steps.push(step);
        captured
    }

    pub(super) async fn second_login(&mut self, first: &Values, works: bool) -> Option<Values> {
        let jar = self.wire.jar.clone();
        let second = self.login("a second login").await?;
        if works && first.text("access_token").is_some() {
            let kept = std::mem::replace(&mut self.wire.jar, jar);
            let mut step = Step { name: "the first token, after the second login", ..Step::default() };
            let called = self.called(&mut step, first, true).await;
            step.lines.push(match called.is_some_and(is_accepted) {
                true => "it is still good: one account may have several sessions".into(),
                false => {
                    "it is no longer good: the API keeps one session per account, so a login elsewhere ends this one"
                        .into()
                }
            });
            self.steps.push(step);
            self.wire.jar = kept;
        }
        Some(second)
    }

    pub(super) async fn bad_password(&mut self) {
        const WRONG: &str = "relatch tries a wrong password";
        let mut step =
            Step { name: "a login with a wrong password", wanted: Some("bad-credentials"), ..Step::default() };
        step.lines.push("some APIs count this towards locking the account; --no-bad-password leaves it out".into());
        let kept = self.wire.jar.clone();
        let values = self.chosen.credentials.clone().with("password", WRONG);
        match self.wire.perform("login", &values).await {
            Err(why) => step.faults.push(why),
            Ok(told) => {
                let meaning = told.message.as_ref().map(|it| it.meaning);
                step.faults.extend(match meaning {
                    Some(Meaning::BadCredentials | Meaning::WrongPassword | Meaning::UnknownUser) => None,
                    Some(Meaning::Session) => {
                        Some("it reads as a session: let the session's answer ask for more".into())
                    }
                    Some(other) => Some(format!("it reads as {}, and should as bad-credentials", other.name())),
                    None => Some(unread(&told, "no answer template fits")),
                });
                step.exchanges = told.exchanges;
            }
        }
        self.wire.jar = kept;
        self.steps.push(step);
    }
}

fn refused(meaning: Meaning) -> String {
    match meaning {
        Meaning::BadCredentials | Meaning::UnknownUser | Meaning::WrongPassword => {
            format!(
                "it reads as {}: if identifier and password are right, the request is not what the API wants",
                meaning.name()
            )
        }
        Meaning::RateLimited => "the API says that there were too many requests: try again later".into(),
        Meaning::InvalidRequest => "the API does not take this request: are the names in `login.request` right?".into(),
        other => format!("it reads as {}", other.name()),
    }
}
