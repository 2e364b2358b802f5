//! What the facade says, as the session's inputs and options. By place and number, not by name: `npm/src/wire.ts` has the same
//! lists in the same order, `wire.rs` the numbers.

use super::wire::{ask, tell};
use super::{Facade, outward, sessions};
use crate::browser::Browser;
use crate::browser::message::{Message, Parts};
use relatch_dialects::{Answer, Meaning, Values};
use relatch_session::{CallId, Grant, Input, Login, Options};

/// The options that the app gave; the session's defaults for the others.
pub(super) fn options(options: &mut Options, settings: &mut Parts) {
    let mut flag = || settings.flag() == Some(true);
    (options.keep_credentials, options.asks_login, options.when_hidden) = (flag(), flag(), flag());
    let given = [&mut options.ahead_permille, &mut options.request_deadline_ms, &mut options.parked_deadline_ms];
    for option in given {
        if let Some(value) = settings.whole() {
            *option = value;
        }
    }
    options.idle_ms = settings.whole();
}

/// Does what the facade asks. `None` if it cannot be done, or if the answer is no; what is found is told before this returns.
pub(super) fn asked(session: u32, message: &mut Parts) -> Option<()> {
    let (what, number) = (message.whole()?, message.whole()?);
    if what == ask::START {
        return super::start(session, message);
    }
    let browser = sessions::find(session, what == ask::STOP)?;
    let mut found = Message::default();
    match what {
        ask::JUDGE => {
            let meaning = browser.driver().judge(&answer(number, message))?;
            found.text(meaning.name());
        }
        #[cfg(feature = "full")]
        ask::OBSERVED => {
            let (grant, date_ms) = (grant(message)?, message.whole());
            let (values, lifetime_ms) = browser.driver().observe(&answer(number, message), date_ms)?;
            browser.feed(Input::Observed { grant, values, lifetime_ms });
        }
        ask::HISTORY => outward::history(&mut found, browser.driver().session().history()),
        ask::EXPIRED => return browser.is_expired().then_some(()),
        ask::STOP => browser.stop(),
        ask::HEARD => browser.heard(message),
        _ => browser.feed(input(&browser, what, number as CallId, message)?),
    }
    if !found.0.is_empty() {
        Facade(session).tell(tell::FOUND, found);
    }
    Some(())
}

fn input(browser: &Browser, what: u64, call: CallId, given: &mut Parts) -> Option<Input> {
    Some(match what {
        ask::LOGIN => Input::Login { call, credentials: values(given)? },
        #[cfg(feature = "full")]
        ask::ANSWER => Input::AnswerChallenge { call, values: values(given)? },
        ask::AUTHORIZE => Input::Authorize { call },
        ask::REFUSED => {
            let (grant, meaning) = (grant(given)?, Meaning::parse(&given.text()?)?);
            Input::Refused { call, grant, meaning, retried: given.flag()? }
        }
        ask::RENEW => Input::Renew { call },
        ask::LOGOUT => Input::Logout { call },
        ask::CANCEL => Input::Cancel { call },
        ask::SUPPLY => Input::LoginSupplied(values(given)),
        ask::ACTIVE => Input::Active,
        ask::CONTEXT => Input::SetContext { name: given.text()?, value: given.text() },
        // `Ask.Perform`, and nothing is above it.
        _ => {
            let operation = given.text()?;
            let attached = browser.driver().dialect().is_attached(&operation)?;
            Input::Perform { call, operation, attached, values: values(given)? }
        }
    })
}

fn values(given: &mut Parts) -> Option<Values> {
    Values::of(given.value()?)
}

/// What came, with that status: its parts.
fn answer(status: u64, given: &mut Parts) -> Answer {
    Answer { status: status as u16, parts: values(given).unwrap_or_default() }
}

/// A grant as it was handed out, as far as the facade keeps it.
fn grant(given: &mut Parts) -> Option<Box<Grant>> {
    let (login, generation, context) = (Login(given.whole()?), given.whole()?, given.whole()? as u32);
    Some(Box::new(Grant { login, generation, context, values: Values::new() }))
}
