//! The course of a trial: what is tried, in which order, and what is to be learnt from it.

mod calls;
mod endings;
mod logins;

use super::report::{Report, Step};
use super::wire::{Told, Wire};
use relatch_dialects::{Meaning, Values};

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

/// The captures that are the session's, without what was sent.
fn tokens(values: &Values) -> Values {
    let own = |name: &str| {
        matches!(name, "access_token" | "refresh_token" | "expires" | "user" | "permissions" | "email")
            || name.starts_with("session.")
            || name.starts_with("detail.")
    };
    values.iter().filter(|(name, _)| own(name)).fold(Values::new(), |all, (name, value)| all.with(name, value.clone()))
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
