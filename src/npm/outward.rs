//! What the facade is told, by shape. `npm/src/session.ts` reads it.

use crate::browser::json::Object;
use crate::browser::{Browser, Reply};
use crate::driver::{Headers, code, event_name, status_name};
use relatch_dialects::{Reason, Value};
use relatch_session::{CallId, Event, Failure, Login, Snapshot};

/// The members of an `AuthError`.
pub(super) fn failure(failure: Failure) -> String {
    let mut out = Object::new(None);
    out.string("code", code(failure.kind));
    out.value("retryable", &Value::Bool(failure.kind.is_retryable()));
    if let Some(status) = failure.status {
        out.number("status", status.into());
    }
    if let Some(reason) = failure.reason {
        out.string("reason", Reason::name(reason));
    }
    if let Some(millis) = failure.retry_after_ms {
        out.number("retryAfterMs", millis as f64);
    }
    out.value("details", &failure.details.into());
    out.end()
}

/// A call's number, and what became of it.
pub(super) fn of_call(call: CallId, json: &str) -> String {
    let mut out = Object::new(None);
    out.number("call", call.into());
    out.json("result", json);
    out.end()
}

/// A request that was answered, or not.
pub(super) fn exchange(operation: &str, status: u16, code: &str) -> String {
    let mut out = Object::new(None);
    out.string("operation", operation);
    out.number("status", status.into());
    out.string("code", code);
    out.end()
}

/// `null` for "done", `false` for "the caller gets the answer that came", else a grant or the captures.
pub(super) fn reply(reply: Reply) -> String {
    match reply {
        Reply::Done => "null".into(),
        Reply::HandOver => "false".into(),
        Reply::Granted(it, headers) => {
            grant(it.login, it.generation, it.context, it.values.text("access_token"), &headers)
        }
        Reply::Performed(values) => crate::browser::json::text(&values.into()),
    }
}

/// Under what a call is sent. The facade hands login, generation and context back when it is refused.
fn grant(login: Login, generation: u64, context: u32, token: Option<&str>, headers: &Headers) -> String {
    let mut out = Object::new(None);
    out.number("login", login.0 as f64);
    out.number("generation", generation as f64);
    out.number("context", context.into());
    out.string("token", token.unwrap_or_default());
    out.headers(headers);
    out.end()
}

/// The snapshot: what apps see, and what the fast path sends calls with.
pub(super) fn state(event: Event, snapshot: &Snapshot, headers: &Headers) -> String {
    let mut out = Object::new(None);
    out.string("event", event_name(event));
    out.string("status", status_name(snapshot.status));
    out.value("context", &snapshot.context_values.clone().into());
    if let Some(ended) = snapshot.ended {
        out.string("ended", event_name(ended));
    }
    if let Some(millis) = snapshot.expires_at_ms {
        out.number("expiresAt", millis as f64);
    }
    if let Some(millis) = snapshot.fresh_until_ms {
        out.number("freshUntil", millis as f64);
    }
    if let Some(record) = &snapshot.record {
        let token = record.values.text("access_token");
        out.json("grant", &grant(record.login, record.generation, snapshot.context, token, headers));
        for name in ["user", "permissions"] {
            if let Some(value) = record.values.get(name) {
                out.value(name, value);
            }
        }
    }
    out.end()
}

/// What has happened.
pub(super) fn history(browser: &Browser) -> String {
    let mut text = String::from("[");
    browser.with_driver(|driver| {
        for entry in driver.session().history() {
            if text.len() > 1 {
                text.push(',');
            }
            let mut out = Object::new(Some(std::mem::take(&mut text)));
            out.number("at", entry.at_ms as f64);
            out.string("event", event_name(entry.event));
            if let Some(kind) = entry.cause {
                out.string("code", code(kind));
            }
            if let Some(status) = entry.status {
                out.number("status", status.into());
            }
            text = out.end();
        }
    });
    text.push(']');
    text
}
