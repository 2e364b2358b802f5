//! The session's own requests: from `fetch` to the body's last byte, under one deadline.

use super::callback::{Callback, after};
use super::host::{Host, now};
use super::js;
use super::json::{self, Object};
use super::timer::Timer;
use crate::driver::{ATTEMPT_HEADER, HttpAnswer, HttpRequest, code};
use relatch_session::{Answered, ExchangeId, Failure, FailureKind, Input};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, Response};

/// A request that is under way.
pub(super) struct Exchange {
    id: ExchangeId,
    operation: String,
    abort: AbortController,
    _deadline: Timer,
    head: Option<HttpAnswer>,
}

impl Host {
    pub(super) fn send(
        self: &Rc<Self>,
        id: ExchangeId,
        operation: String,
        request: Result<HttpRequest, Failure>,
        deadline_ms: u64,
    ) {
        let sent = request.and_then(|request| self.fetch(&request));
        let (promise, abort) = match sent {
            Ok(sent) => sent,
            Err(failure) => return self.conclude(id, &operation, 0, Err(failure)),
        };
        let deadline = Timer::start(self, deadline_ms, Callback::Overdue(id));
        let exchange = Exchange { id, operation, abort, _deadline: deadline, head: None };
        self.put_exchange(exchange);
        after(self, &promise, Callback::Head(id), Callback::Failed(id));
    }

    fn fetch(&self, request: &HttpRequest) -> Result<(JsValue, AbortController), Failure> {
        let started = || {
            let abort = AbortController::new()?;
            let init = init(request)?;
            js::set_property(&init, "signal", &abort.signal());
            let url = JsValue::from_str(&request.url);
            Ok((self.platform.fetch.call2(&JsValue::UNDEFINED, &url, &init)?, abort))
        };
        started().map_err(|_: JsValue| Failure::of(FailureKind::Network))
    }

    pub(super) fn answer_begun(self: &Rc<Self>, id: ExchangeId, response: &JsValue) {
        let response = response.unchecked_ref::<Response>();
        let headers = response.headers();
        let head = HttpAnswer {
            status: response.status(),
            json: None,
            retry_after: headers.get("Retry-After").unwrap_or_default(),
            attempt: headers.get(ATTEMPT_HEADER).unwrap_or_default().is_some(),
        };
        let Some(mut exchange) = self.take_exchange(id) else { return };
        exchange.head = Some(head);
        self.put_exchange(exchange);
        match response.text() {
            Ok(promise) => after(self, &promise, Callback::Body(id), Callback::Failed(id)),
            Err(_) => self.answer_failed(id),
        }
    }

    pub(super) fn answer_complete(self: &Rc<Self>, id: ExchangeId, body: Option<String>) {
        let Some(Exchange { operation, head: Some(mut answer), .. }) = self.take_exchange(id) else { return };
        answer.json = body.and_then(|body| json::parse(&body));
        let status = answer.status;
        let read = self.with_driver(|driver| driver.answered(&operation, answer, now().wall_ms));
        if let Some(read) = read {
            self.conclude(id, &operation, status, read);
        }
    }

    pub(super) fn answer_failed(self: &Rc<Self>, id: ExchangeId) {
        self.give_up(id, FailureKind::Network);
    }

    pub(super) fn answer_overdue(self: &Rc<Self>, id: ExchangeId) {
        self.give_up(id, FailureKind::Timeout);
    }

    fn give_up(self: &Rc<Self>, id: ExchangeId, kind: FailureKind) {
        if let Some(exchange) = self.take_exchange(id) {
            exchange.stop();
            self.conclude(id, &exchange.operation, 0, Err(Failure::of(kind)));
        }
    }

    /// Stops an exchange of which nothing more is to be heard.
    pub(super) fn abort(&self, id: ExchangeId) {
        if let Some(exchange) = self.take_exchange(id) {
            exchange.stop();
        }
    }

    fn take_exchange(&self, id: ExchangeId) -> Option<Exchange> {
        let mut found = None;
        let mut others = Vec::new();
        for exchange in self.exchanges.take() {
            if exchange.id == id {
                found = Some(exchange);
            } else {
                others.push(exchange);
            }
        }
        self.exchanges.set(others);
        found
    }

    fn put_exchange(&self, exchange: Exchange) {
        let mut exchanges = self.exchanges.take();
        exchanges.push(exchange);
        self.exchanges.set(exchanges);
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

impl Exchange {
    pub(super) fn stop(&self) {
        self.abort.abort();
    }
}

/// `RequestInit`, but for the signal. A redirect is never followed, for it would take credentials elsewhere; "manual" and not
/// "error", since the latter could not be told from a network failure, which is tried again.
fn init(request: &HttpRequest) -> Result<JsValue, JsValue> {
    let mut init = Object::new(None);
    init.string("method", &request.method);
    init.headers(&request.headers);
    init.string("redirect", "manual");
    init.string("credentials", "omit");
    init.string("cache", "no-store");
    if let Some(body) = &request.json {
        init.string("body", &json::text(body));
    }
    js_sys::JSON::parse(&init.end())
}
