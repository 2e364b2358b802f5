//! Calls: with a token, with a broken one, with none.

use super::{Called, Course, is_accepted};
use crate::trial::report::Step;
use relatch_dialects::{Meaning, Values};

impl Course<'_> {
    /// A protected call; none if there is nothing to call.
    pub(super) async fn call(&mut self, name: &'static str, session: &Values, attached: bool) -> Option<Called> {
        let mut step = Step { name, ..Step::default() };
        let called = self.called(&mut step, session, attached).await;
        match called {
            None => {
                step.lines.push("left out: give --call PATH, or describe the operation `profile`".into());
            }
            Some(Called { status: Some(status), meaning })
                if attached && !is_accepted(Called { status: Some(status), meaning }) =>
            {
                step.faults.push(unaccepted(status));
            }
            _ => {}
        }
        self.steps.push(step);
        called
    }

    pub(super) async fn called(&mut self, step: &mut Step, session: &Values, attached: bool) -> Option<Called> {
        let told = match (&self.chosen.call, self.wire.dialect().operation("profile")) {
            (Some(path), _) => self.wire.call(path, session, attached).await,
            (None, Some(profile)) if attached => self.wire.perform(&profile.name, session).await,
            (None, Some(profile)) => match profile.routes.first() {
                Some((_, path)) => self.wire.call(path, session, false).await,
                None => return None,
            },
            (None, None) => return None,
        };
        match told {
            Err(why) => {
                step.faults.push(why);
                Some(Called { status: None, meaning: None })
            }
            Ok(told) => {
                let status = told.exchanges.last().and_then(|it| it.outcome.as_ref().ok().copied());
                step.exchanges.extend(told.exchanges);
                Some(Called { status, meaning: told.message.map(|it| it.meaning) })
            }
        }
    }

    /// A token that cannot be good, and none at all.
    pub(super) async fn broken_token(&mut self, session: &Values) {
        if let Some(token) = session.text("access_token") {
            let broken = session.clone().with("access_token", altered(token));
            self.refused_call("a call with a broken token", &broken, true).await;
        }
        let kept = std::mem::take(&mut self.wire.jar);
        self.refused_call("a call without a token", &Values::new(), false).await;
        self.wire.jar = kept;
    }

    async fn refused_call(&mut self, name: &'static str, session: &Values, attached: bool) {
        let mut step = Step { name, wanted: Some("token-expired"), ..Step::default() };
        let called = self.called(&mut step, session, attached).await;
        match called {
            Some(it) if is_accepted(it) => {
                step.wanted = None;
                step.lines.push("the API answers all the same: choose a path that asks for a token (--call)".into());
            }
            Some(Called { status: Some(status), meaning }) if !meaning.is_some_and(renews) => {
                step.faults.push(format!(
                    "the refusal ({status}) does not read as token-expired, so the session would not renew"
                ));
            }
            _ => {}
        }
        self.steps.push(step);
    }
}

/// The token with some of its letters exchanged: as long, of the same alphabet, and not good.
fn altered(token: &str) -> String {
    let middle = token.len() / 2;
    let swap = |(at, letter): (usize, char)| match letter {
        'a'..='y' | 'A'..='Y' | '0'..='8' if at >= middle => char::from(letter as u8 + 1),
        other => other,
    };
    let altered: String = token.chars().enumerate().map(swap).collect();
    if altered == token { format!("{token}x") } else { altered }
}

fn unaccepted(status: u16) -> String {
    match status {
        404 | 405 => format!("there is nothing to GET ({status}): is the path right?"),
        500.. => format!("the API failed ({status})"),
        _ => format!("the token that has just come is not accepted ({status}): is `attach` right?"),
    }
}

/// Whether a refusal makes a session renew.
fn renews(meaning: Meaning) -> bool {
    matches!(
        meaning,
        Meaning::TokenExpired
            | Meaning::TokenMissing
            | Meaning::TokenMalformed
            | Meaning::TokenExpiredOrForbidden
            | Meaning::SessionEnded
    )
}
