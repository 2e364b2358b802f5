//! What the facade says, as the session's inputs and options.

use crate::browser::Browser;
use crate::driver::parse_login;
use relatch_dialects::{Dialect, Meaning, Value, Values};
use relatch_session::{CallId, Grant, Input, Options};

/// The options that the app gave; the session's defaults for the others.
pub(super) fn options(settings: &Values, dialect: &Dialect) -> Options {
    let mut options = Options::new(dialect.renewal(), dialect.is_attached("logout").is_some());
    let flag = |name| settings.get(name) == Some(&Value::Bool(true));
    options.keep_credentials = flag("keepCredentials");
    options.asks_login = flag("asksLogin");
    for (name, option) in [
        ("aheadPermille", &mut options.ahead_permille),
        ("requestDeadlineMs", &mut options.request_deadline_ms),
        ("parkedDeadlineMs", &mut options.parked_deadline_ms),
    ] {
        if let Some(given) = settings.get(name).and_then(Value::as_u64) {
            *option = given;
        }
    }
    options
}

/// The input of that name. Names other than those below are operations of the document.
pub(super) fn input(browser: &Browser, call: CallId, what: &str, given: Value) -> Option<Input> {
    Some(match what {
        "login" => Input::Login { call, credentials: Values::of(given)? },
        "authorize" => Input::Authorize { call },
        "refused" => refused(call, &Values::of(given)?)?,
        "renew" => Input::Renew { call },
        "logout" => Input::Logout { call },
        "cancel" => Input::Cancel { call },
        "supply" => Input::LoginSupplied(Values::of(given)),
        "context" => Input::SetContext {
            name: given.get("name")?.as_str()?.into(),
            value: given.get("value").and_then(Value::as_str).map(String::from),
        },
        _ => {
            let attached = browser.with_driver(|driver| driver.dialect().is_attached(what))??;
            Input::Perform { call, operation: what.into(), attached, values: Values::of(given)? }
        }
    })
}

fn refused(call: CallId, given: &Values) -> Option<Input> {
    let whole = |name| given.get(name)?.as_u64();
    let grant = Grant {
        login: parse_login(given.text("login")?)?,
        generation: whole("generation")?,
        context: whole("context")? as u32,
        values: Values::new(),
    };
    let meaning = Meaning::parse(given.text("meaning")?)?;
    Some(Input::Refused { call, grant, meaning, retried: whole("sent")? > 1 })
}
