//! The session's own requests: from `fetch` to the body's last byte, under one deadline, which is the signal's.
//!
//! No table of what is under way: the promise that waits for an answer holds what has to be known when it comes.

use super::callback::{Callback, after, function};
use super::host::Host;
use super::js::{self, Elements};
use super::json;
use crate::driver::{ATTEMPT_HEADER, HttpAnswer, HttpRequest, code};
use relatch_session::{Answered, ExchangeId, Failure, FailureKind, Input};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

impl Host {
    pub(super) fn send(
        self: &Rc<Self>,
        id: ExchangeId,
        operation: String,
        request: Result<HttpRequest, Failure>,
        deadline_ms: u64,
    ) {
        match request {
            Ok(request) => {
                let answer = self.fetch(&request, deadline_ms);
                after(self, answer, Callback::Complete(id, operation.clone()), Callback::Failed(id, operation));
            }
            Err(failure) => self.conclude(id, &operation, 0, Err(failure)),
        }
    }

    /// A promise of the response and its text.
    fn fetch(self: &Rc<Self>, request: &HttpRequest, deadline_ms: u64) -> Result<JsValue, JsValue> {
        let deadline = JsValue::from_f64(deadline_ms as f64);
        let signal = js::invoke_with(&self.global("AbortSignal"), "timeout", &deadline)?;
        let init = self.init(request, &signal)?;
        let answer = js::call(&self.platform.fetch, &JsValue::from_str(&request.url), &init)?;
        js::invoke_with(&answer, "then", &function(self, Callback::Head))
    }

    /// `RequestInit`. A redirect is never followed, for it would take credentials elsewhere; "manual" and not "error", since the
    /// latter could not be told from a network failure, which is tried again.
    fn init(&self, request: &HttpRequest, signal: &JsValue) -> Result<JsValue, JsValue> {
        let init = Elements::of();
        let (credentials, cache) = (("credentials", "omit"), ("cache", "no-store"));
        for (name, text) in [("method", request.method.as_str()), ("redirect", "manual"), credentials, cache] {
            init.push_pair(name, &JsValue::from_str(text));
        }
        let headers = Elements::of();
        for (name, value) in &request.headers {
            headers.push_pair(name, &JsValue::from_str(value));
        }
        init.push_pair("headers", &headers);
        if let Some(body) = &request.json {
            init.push_pair("body", &JsValue::from_str(&json::text(body)));
        }
        init.push_pair("signal", signal);
        js::invoke_with(&self.global("Object"), "fromEntries", &init)
    }

    pub(super) fn body(&self, response: &JsValue) -> JsValue {
        let text = js::invoke_with(response, "text", &JsValue::UNDEFINED);
        let both = text.and_then(|text| js::invoke(&self.global("Array"), "of", response, &text));
        // What is no response has no status either, which is an answer that nobody can read.
        both.and_then(|both| js::invoke_with(&self.global("Promise"), "all", &both)).unwrap_or(JsValue::UNDEFINED)
    }

    pub(super) fn answered(self: &Rc<Self>, id: ExchangeId, operation: &str, both: &JsValue) {
        let response = js::get(both, "0");
        let headers = js::get(&response, "headers");
        let header = |name: &str| js::invoke_with(&headers, "get", &JsValue::from_str(name)).ok()?.as_string();
        let status = js::get(&response, "status").as_f64().unwrap_or_default() as u16;
        let answer = HttpAnswer {
            status,
            json: json::parse(&js::get(both, "1")),
            retry_after: header("Retry-After"),
            attempt: header(ATTEMPT_HEADER).is_some(),
        };
        let read = self.with_driver(|driver| driver.answered(operation, answer, js::wall_ms() as u64));
        if let Some(read) = read {
            self.conclude(id, operation, status, read);
        }
    }

    pub(super) fn failed(self: &Rc<Self>, id: ExchangeId, operation: &str, error: &JsValue) {
        // A fetch that failed rejects with a TypeError, one that was ended with a DOMException, which alone has a number for a code. Nobody
        // but the deadline ends these; its name says less, since WebKit makes an AbortError of every signal's reason.
        let overdue = js::get(error, "code").as_f64().is_some();
        let kind = if overdue { FailureKind::Timeout } else { FailureKind::Network };
        self.conclude(id, operation, 0, Err(Failure::of(kind)));
    }

    fn conclude(
        self: &Rc<Self>,
        exchange: ExchangeId,
        operation: &str,
        status: u16,
        answered: Result<Answered, Failure>,
    ) {
        let code = match &answered {
            Ok(answered) => answered.message.meaning.name(),
            Err(failure) => code(failure.kind),
        };
        self.app.exchanged(operation, status, code);
        self.feed(Input::Answered { exchange, answered });
    }
}
