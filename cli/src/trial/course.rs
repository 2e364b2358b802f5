//! The course of a trial: what is tried, in which order, and what is to be learnt from it.

use super::captured::{self, ending};
use super::report::{Report, Step};
use super::told;
use super::wire::{Told, Wire};
use relatch_dialects::{Meaning, Renewal, Values};

/// What the command line says.
pub(super) struct Chosen {
    pub(super) credentials: Values,
    pub(super) call: Option<String>,
    pub(super) bad_password: bool,
}

/// Tries everything that the dialect describes. What comes after a login that failed is left out.
pub(super) async fn run(wire: Wire, chosen: &Chosen) -> Report {
    let (dialect, base_url) = (wire.dialect().title().to_string(), wire.base_url().to_string());
    let mut course = Course { wire, chosen, steps: Vec::new() };
    course.all().await;
    Report { dialect, base_url, steps: course.steps }
}

struct Course<'a> {
    wire: Wire,
    chosen: &'a Chosen,
    steps: Vec<Step>,
}

impl Course<'_> {
    async fn all(&mut self) {
        let Some(first) = self.login("log in").await else { return };
        let works = self.call("a call with the token", &first, true).await.is_some_and(is_accepted);
        let second = self.second_login(&first, works).await.unwrap_or(first);
        if self.chosen.bad_password {
            self.bad_password().await;
        }
        if works {
            self.broken_token(&second).await;
        }
        let last = self.renewal(&second, works).await.unwrap_or(second);
        self.logout(&last, works).await;
    }

    /// Logs in, through challenges if there are any; the captures if that made a session.
    async fn login(&mut self, name: &'static str) -> Option<Values> {
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

    fn signed_in(&mut self, mut step: Step, values: Values, told: &Told) -> Values {
        let captured = tokens(&values);
        step.lines.extend(captured::lines(&captured));
        step.lines
            .extend((!told.cookies.is_empty()).then(|| format!("cookies that were set: {}", told.cookies.join(", "))));
        let ending = ending(self.wire.dialect(), &captured, told.at_ms);
        step.lines.push(match ending.ms {
            Some(ms) => format!("it ends in {}: {}", told::duration(ms), ending.rule),
            None => ending.rule,
        });
        if ending.ms.is_some_and(|ms| ms < 60_000 || ms > 366 * 86_400_000) {
            step.lines.push("that is an odd lifetime: is expires.unit right?".into());
        }
        step.captured = Some(captured::json(&captured));
        step.ends_in_ms = ending.ms;
        self.steps.push(step);
        captured
    }

    /// A protected call; none if there is nothing to call.
    async fn call(&mut self, name: &'static str, session: &Values, attached: bool) -> Option<Called> {
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

    async fn called(&mut self, step: &mut Step, session: &Values, attached: bool) -> Option<Called> {
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

    async fn second_login(&mut self, first: &Values, works: bool) -> Option<Values> {
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

    async fn bad_password(&mut self) {
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

    /// A token that cannot be good, and none at all.
    async fn broken_token(&mut self, session: &Values) {
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

    async fn renewal(&mut self, session: &Values, works: bool) -> Option<Values> {
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

    async fn logout(&mut self, session: &Values, works: bool) {
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

    fn note(&mut self, name: &'static str, line: &str) {
        self.steps.push(Step { name, lines: vec![line.into()], ..Step::default() });
    }
}

/// What a call came to.
#[derive(Clone, Copy)]
struct Called {
    status: Option<u16>,
    meaning: Option<Meaning>,
}

fn is_accepted(called: Called) -> bool {
    called.status.is_some_and(|it| it < 300) && called.meaning.is_none_or(Meaning::is_success)
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

/// The captures that are the session's, without what was sent.
fn tokens(values: &Values) -> Values {
    let own = |name: &str| {
        matches!(name, "access_token" | "refresh_token" | "expires" | "user" | "permissions" | "email")
            || name.starts_with("session.")
            || name.starts_with("detail.")
    };
    values.iter().filter(|(name, _)| own(name)).fold(Values::new(), |all, (name, value)| all.with(name, value.clone()))
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

fn unread(told: &Told, otherwise: &str) -> String {
    match told.exchanges.last().map(|it| &it.outcome) {
        Some(Err(why)) => why.clone(),
        Some(Ok(status)) if (300..400).contains(status) => {
            format!(
                "the API redirects ({status}), and no redirect is followed: is the base URL right, its scheme included?"
            )
        }
        _ => otherwise.into(),
    }
}
