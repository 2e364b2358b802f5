//! Every exchange again: the request comes out as documented, the answer means and carries what it says.

use crate::api::{Api, all, answer, elements, json, values};
use relatch_dialects::{Answer, Meaning, Message, Reason, Values};
use serde_json::{Value as Json, json};

pub(crate) fn text<'a>(it: &'a Json, member: &str) -> Option<&'a str> {
    it[member].as_str()
}

/// The step that an exchange shows: the operation's own request if it names none.
pub(crate) fn step(api: &Api, operation: &str, exchange: &Json) -> usize {
    exchange["step"].as_u64().map_or_else(|| api.dialect.steps(operation), |it| it as usize)
}

/// The statuses with which an answer may have come. Pages that print a body often print no status.
pub(crate) fn statuses(came: &Json, meaning: Meaning) -> Vec<u16> {
    match came["status"].as_u64() {
        Some(status) => vec![status as u16],
        None if meaning.is_success() => vec![200],
        None => vec![200, 400, 401],
    }
}

fn read(api: &Api, exchange: &Json, answer: &Answer) -> Option<Message> {
    match text(exchange, "operation") {
        Some(operation) => api.dialect.read_answer(operation, step(api, operation, exchange), answer),
        None => api.dialect.read_refusal(answer),
    }
}

fn meaning(api: &Api, exchange: &Json) -> Meaning {
    let named = text(exchange, "means").and_then(Meaning::parse);
    named.unwrap_or_else(|| panic!("{}: no meaning in {exchange}", api.name))
}

#[test]
fn requests_come_out_as_the_documentation_shows_them() {
    for api in all() {
        for exchange in api.exchanges().filter(|it| it["request"].is_object()) {
            let operation = text(exchange, "operation").expect("an operation");
            let step = step(&api, operation, exchange);
            let request = api.dialect.write_request(operation, step, &values(&exchange["values"]));
            let request = request.unwrap_or_else(|missing| panic!("{}: {missing} in {exchange}", api.name));
            let mut written = json(&request.parts);
            written["method"] = request.method.into();
            written["path"] = request.path.into();
            assert_eq!(written, exchange["request"], "{}: {}", api.name, exchange["about"]);
        }
    }
}

#[test]
fn answers_mean_and_carry_what_the_documentation_says() {
    for api in all() {
        for exchange in api.exchanges().filter(|it| it["answer"].is_object()) {
            let about = format!("{}: {}", api.name, exchange["about"]);
            let meaning = meaning(&api, exchange);
            for status in statuses(&exchange["answer"], meaning) {
                let came = answer(&exchange["answer"], status);
                let read = read(&api, exchange, &came).unwrap_or_else(|| panic!("{about} {status}: nothing fits"));
                assert_eq!(read.meaning.name(), meaning.name(), "{about} {status}");
                assert_eq!(read.reason.map(Reason::name), text(exchange, "reason"), "{about}");
                assert_eq!(read.challenge.as_deref(), text(exchange, "challenge"), "{about}");
                assert_eq!(json(&read.values), or_empty(&exchange["captures"]), "{about}");
            }
        }
    }
}

fn or_empty(object: &Json) -> Json {
    if object.is_null() { json!({}) } else { object.clone() }
}

#[test]
fn what_goes_along_with_calls_is_what_the_documentation_says() {
    for api in all() {
        for shown in elements(&api.known["attached"]) {
            let attached = api.dialect.attach(&values(&shown["values"]), true);
            let attached = attached.unwrap_or_else(|missing| panic!("{}: {missing} in {shown}", api.name));
            let attached: Vec<_> = attached.iter().map(Json::from).collect();
            assert_eq!(Json::from(attached), shown["elements"], "{}", api.name);
        }
        assert!(api.known["attached"].is_array(), "{}: nothing shows what is attached", api.name);
    }
}

#[test]
fn newer_tokens_are_seen_in_the_answers_that_bring_them() {
    for api in all() {
        for shown in elements(&api.known["observed"]) {
            let came = answer(&shown["answer"], statuses(&shown["answer"], Meaning::Done)[0]);
            let seen = api.dialect.observe(&came);
            assert_eq!(seen.as_ref().map(json), Some(shown["captures"].clone()), "{}", api.name);
        }
        let observes = elements(&api.document["observe"]).next().is_some();
        assert_eq!(observes, elements(&api.known["observed"]).next().is_some(), "{}", api.name);
    }
}

/// The server's half, on the same documents: what it says means to the client what it meant.
#[test]
fn what_an_exchange_means_can_be_said_and_reads_back() {
    for api in all() {
        for exchange in api.exchanges().filter(|it| it["answer"].is_object() && it["step"].is_null()) {
            let (operation, meaning) = (text(exchange, "operation"), meaning(&api, exchange));
            let message = Message {
                reason: text(exchange, "reason").and_then(Reason::parse),
                challenge: text(exchange, "challenge").map(Into::into),
                ..Message::with(meaning, values(&exchange["captures"]))
            };
            let said = api.dialect.write_answer(operation, &message, &Values::new());
            let read = read(&api, exchange, &said);
            let (expected, _) = api.dialect.narrow(operation, meaning, message.reason);
            let about = format!("{}: {}", api.name, exchange["about"]);
            assert_eq!(read.map(|it| it.meaning.name()), Some(expected.name()), "{about}");
        }
    }
}

#[test]
fn every_request_of_a_document_is_shown_by_an_exchange() {
    for api in all() {
        for operation in operations(&api) {
            for step in 0..=api.dialect.steps(&operation) {
                let shows =
                    |it: &&Json| text(it, "operation") == Some(&operation) && self::step(&api, &operation, it) == step;
                let mut shown = api.exchanges().filter(shows);
                assert!(shown.any(|it| it["request"].is_object()), "{}: {operation}, step {step}", api.name);
            }
        }
    }
}

/// The names of every operation. A step that is the same as another operation's is shown there.
fn operations(api: &Api) -> Vec<String> {
    let challenges = crate::api::members(&api.document["challenges"]).map(|(kind, _)| format!("challenge.{kind}"));
    let without_steps = challenges.filter(|it| api.dialect.steps(it) == 0);
    api.dialect.operations().map(|it| it.name).chain(without_steps).collect()
}

#[test]
fn a_document_that_captures_when_a_token_ends_says_what_that_number_counts() {
    for api in all() {
        let captures = api.document.to_string().contains("\"{expires");
        assert_eq!(captures, api.document["expires"]["unit"].is_string(), "{}", api.name);
    }
}
