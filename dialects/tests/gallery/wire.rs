//! The exchanges as bytes: what a program sends is what the documentation shows, hashes and encodings resolved, and what
//! comes is read out of its bytes.

use crate::api::{Api, all, elements, json, members, values};
use crate::replay::{statuses, step, text};
use relatch_dialects::codec::{self, Outside, Seen};
use relatch_dialects::{Meaning, Value, Values};
use serde_json::Value as Json;

/// A program whose plug-ins and cookies say their own names.
pub(crate) struct Program;

impl Outside for Program {
    fn now_ms(&self) -> u64 {
        1_772_705_730_007
    }

    fn random(&self) -> [u8; 16] {
        [7; 16]
    }

    fn cookie(&self, name: &str) -> Option<String> {
        Some(name.into())
    }

    fn plugin(&self, name: &str, _: &Values, _: Option<&Seen<'_>>) -> Result<Value, String> {
        Ok(name.into())
    }
}

#[test]
fn requests_go_over_the_wire_as_documented() {
    for api in all() {
        for exchange in api.exchanges().filter(|it| it["request"].is_object()) {
            let operation = text(exchange, "operation").expect("an operation");
            let step = step(&api, operation, exchange);
            let request = api.dialect.write_request(operation, step, &values(&exchange["values"])).expect("a request");
            let url = format!("https://api.example{}", request.path);
            let line = (request.method.as_str(), url.as_str());
            let about = format!("{}: {}", api.name, exchange["about"]);
            let http = codec::write(&api.dialect, (operation, step), line, &request.parts, &Program);
            let http = http.unwrap_or_else(|fault| panic!("{about}: {fault:?}"));
            let wire = &exchange["wire"];
            members(&wire["headers"]).for_each(|(name, it)| assert_eq!(http.header(name), it.as_str(), "{about}"));
            let body = http.body.map(|it| String::from_utf8(it).expect("UTF-8"));
            text(wire, "body").into_iter().for_each(|it| assert_eq!(without_prolog(body.as_deref()), it, "{about}"));
            text(wire, "url").into_iter().for_each(|it| assert_eq!(http.url, it, "{about}"));
        }
    }
}

/// An XML document without its declaration, which says the same of every document.
fn without_prolog(body: Option<&str>) -> &str {
    let body = body.unwrap_or_default();
    body.strip_prefix("<?xml").and_then(|it| it.split_once("?>")).map_or(body, |(_, rest)| rest.trim_start())
}

#[test]
fn what_goes_along_can_be_put_into_a_call() {
    for api in all() {
        for shown in elements(&api.known["attached"]) {
            let attached = api.dialect.attach(&values(&shown["values"]), true).expect("elements");
            let call = codec::Http {
                method: "GET".into(),
                url: "https://api.example/orders".into(),
                ..codec::Http::default()
            };
            let http = codec::attach(&api.dialect, call, &attached, &Program);
            let http = http.unwrap_or_else(|fault| panic!("{}: {fault:?}", api.name));
            let carries = http.cookies || !http.headers.is_empty() || http.url.contains('?');
            // A session key that goes in the call's body stays out of one that has none.
            assert!(carries || api.name == "renderfarm-xmlrpc", "{}", api.name);
        }
    }
}

/// An answer as it comes over the wire: its own `wire` where that is no plain JSON or text.
fn raw(came: &Json) -> (Vec<(String, String)>, Vec<u8>) {
    let headers = members(&came["headers"]).chain(members(&came["wire"]["headers"]));
    let headers = headers.filter_map(|(name, it)| Some((name.into(), it.as_str()?.to_string()))).collect();
    let json = came.get("json").map(Json::to_string);
    let body = text(&came["wire"], "body").or_else(|| text(came, "text")).map(String::from).or(json);
    (headers, body.unwrap_or_default().into_bytes())
}

#[test]
fn answers_are_read_out_of_their_bytes() {
    for api in all() {
        for exchange in api.exchanges().filter(|it| it["answer"].is_object()) {
            let meaning = text(exchange, "means").and_then(Meaning::parse).expect("a meaning");
            let about = format!("{}: {}", api.name, exchange["about"]);
            let (headers, body) = raw(&exchange["answer"]);
            for status in statuses(&exchange["answer"], meaning) {
                let read = read(&api, exchange, status, &headers, &body);
                let read = read.unwrap_or_else(|| panic!("{about} {status}: nothing fits"));
                assert_eq!(read.meaning.name(), meaning.name(), "{about} {status}");
                let captures = exchange.get("captures").cloned().unwrap_or_else(|| serde_json::json!({}));
                assert_eq!(json(&read.values), captures, "{about} {status}");
            }
        }
    }
}

fn read(
    api: &Api,
    exchange: &Json,
    status: u16,
    headers: &[(String, String)],
    body: &[u8],
) -> Option<relatch_dialects::Message> {
    let operation = text(exchange, "operation").map(|it| (it, step(api, it, exchange)));
    let answer = codec::read_answer(&api.dialect, operation, status, headers, body);
    match operation {
        Some((operation, step)) => api.dialect.read_answer(operation, step, &answer),
        None => api.dialect.read_refusal(&answer),
    }
}

#[test]
fn the_end_of_a_token_is_as_far_away_as_the_documentation_says() {
    let mut told = 0;
    for api in all() {
        for exchange in api.exchanges().filter(|it| it["lifetime_secs"].is_number()) {
            let now_ms = exchange["at"].as_u64().unwrap_or(1_772_705_730) * 1000;
            let expires = Value::from(&exchange["captures"]["expires"]);
            let lifetime = codec::lifetime_ms(api.dialect.expires().unit, &expires, now_ms);
            assert_eq!(lifetime.map(|it| it / 1000), exchange["lifetime_secs"].as_u64(), "{}", api.name);
            told += 1;
        }
    }
    assert!(told > 10, "of {told} only");
}
