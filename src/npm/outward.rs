//! What the facade is told, by place: `npm/src/wire.ts` has the same lists in the same order. What a server or an app wrote goes
//! out as JSON text, and what is missing as `undefined`.

use crate::browser::js::Elements;
use crate::browser::{Browser, json};
use crate::driver::{Headers, code, event_name, status_name};
use relatch_dialects::{Reason, Value};
use relatch_session::{CallId, Event, Failure, Grant, Outcome, Snapshot};
use wasm_bindgen::{JsCast as _, JsValue};

/// A JavaScript array that is being filled.
pub(super) struct List(Elements);

impl List {
    pub(super) fn new() -> List {
        List(Elements::of())
    }

    pub(super) fn value(&self, value: JsValue) {
        self.0.push(&value);
    }

    pub(super) fn text(&self, text: Option<&str>) {
        self.value(text.map_or(JsValue::UNDEFINED, JsValue::from_str));
    }

    fn number(&self, number: Option<f64>) {
        self.value(number.map_or(JsValue::UNDEFINED, JsValue::from_f64));
    }

    fn millis(&self, millis: Option<u64>) {
        self.number(millis.map(|it| it as f64));
    }

    fn json(&self, value: Option<&Value>) {
        self.text(value.map(json::text).as_deref());
    }

    pub(super) fn end(self) -> JsValue {
        self.0.unchecked_into()
    }
}

/// A call's number, and the members of an `AuthError`.
pub(super) fn failure(call: CallId, failure: Failure) -> JsValue {
    let out = List::new();
    out.number(Some(call.into()));
    out.text(Some(code(failure.kind)));
    out.value(JsValue::from_bool(failure.kind.is_retryable()));
    out.number(failure.status.map(f64::from));
    out.text(failure.reason.map(Reason::name));
    out.millis(failure.retry_after_ms);
    out.json(Some(&failure.details.into()));
    out.end()
}

/// A call's number, and nothing for "done", `false` for "the caller gets the answer that came", a grant, or the captures.
pub(super) fn settled(call: CallId, outcome: Outcome, headers: &Headers) -> JsValue {
    let out = List::new();
    out.number(Some(call.into()));
    match outcome {
        Outcome::Done(_) => {}
        Outcome::HandOver => out.value(JsValue::FALSE),
        Outcome::Granted(it) => out.value(grant(&it, headers)),
        Outcome::Performed(values) => out.json(Some(&values.into())),
    }
    out.end()
}

/// Under what a call is sent, and with which headers. The facade hands login, generation and context back when it is refused.
fn grant(grant: &Grant, headers: &Headers) -> JsValue {
    let out = List::new();
    out.millis(Some(grant.login.0));
    out.millis(Some(grant.generation));
    out.number(Some(grant.context.into()));
    out.text(grant.values.text("access_token"));
    for (name, value) in headers {
        out.text(Some(name));
        out.text(Some(value));
    }
    out.end()
}

/// The snapshot: what apps see, and what the fast path sends calls with.
pub(super) fn state(event: Event, snapshot: &Snapshot, granted: Option<(Grant, Headers)>) -> JsValue {
    let out = List::new();
    out.text(Some(event_name(event)));
    out.text(Some(status_name(snapshot.status)));
    out.json(Some(&snapshot.context_values.clone().into()));
    out.text(snapshot.ended.map(event_name));
    out.millis(snapshot.expires_at_ms);
    out.millis(snapshot.fresh_until_ms);
    if let Some((granted, headers)) = granted {
        out.value(grant(&granted, &headers));
        out.json(granted.values.get("user"));
        out.json(granted.values.get("permissions"));
    }
    out.end()
}

/// A request that was answered, or not.
pub(super) fn exchange(operation: &str, status: u16, code: &str) -> JsValue {
    let out = List::new();
    out.text(Some(operation));
    out.number(Some(status.into()));
    out.text(Some(code));
    out.end()
}

/// What has happened.
pub(super) fn history(browser: &Browser) -> JsValue {
    let all = List::new();
    browser.with_driver(|driver| {
        for entry in driver.session().history() {
            let out = List::new();
            out.millis(Some(entry.at_ms));
            out.text(Some(event_name(entry.event)));
            out.text(entry.cause.map(code));
            out.number(entry.status.map(f64::from));
            all.value(out.end());
        }
    });
    all.end()
}
