//! Golden exchanges: for every dialect, every operation and every meaning that its document has an answer for,
//! the exact answer and, where it is the client's to send, the exact request.

use crate::support;
use relatch_dialects::{Answer, Meaning, Message, Reason, Values};
use serde_json::{Value as Json, json};
use std::path::PathBuf;

fn fixture(name: &str) -> Json {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name).with_extension("json");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn values(json: &Json) -> Values {
    let mut values = Values::new();
    for (name, value) in json.as_object().into_iter().flatten() {
        values.set(name, support::value(value));
    }
    values
}

fn text<'a>(json: &'a Json, member: &str) -> &'a str {
    json[member].as_str().unwrap_or_else(|| panic!("{member} in {json}"))
}

fn written(answer: &Answer) -> Json {
    json!({ "status": answer.status, "json": answer.parts.get("json").map(Json::from) })
}

fn each(check: impl Fn(&str, &Json)) {
    for name in ["investgo", "apitickets", "stockapi", "gatego", "integra"] {
        let fixture = fixture(name);
        let exchanges = fixture["answers"].as_array().expect("answers");
        exchanges.iter().for_each(|exchange| check(name, exchange));
    }
}

#[test]
fn answers_are_written_byte_for_field() {
    each(|name, exchange| {
        let message = Message {
            meaning: Meaning::parse(text(exchange, "says")).expect("a meaning"),
            reason: exchange["reason"].as_str().map(|it| Reason::parse(it).expect("a reason")),
            values: values(&exchange["values"]),
            challenge: None,
        };
        let answer = support::dialect(name).write_answer(exchange["operation"].as_str(), &message, &support::ambient());
        assert_eq!(written(&answer), exchange["answer"], "{name}: {exchange}");
    });
}

#[test]
fn answers_are_read_as_what_they_mean_with_what_they_carry() {
    each(|name, exchange| {
        let (dialect, answer) = (support::dialect(name), &exchange["answer"]);
        let json = Some(&answer["json"]).filter(|it| !it.is_null()).map(support::value);
        let answer = Answer::json(answer["status"].as_u64().expect("a status") as u16, json);
        let read = match exchange["operation"].as_str() {
            Some(operation) => dialect.read_answer(operation, 0, &answer),
            None => dialect.read_refusal(&answer),
        };
        let read = read.unwrap_or_else(|| panic!("{name}: {exchange} cannot be read"));
        assert_eq!(read.meaning.name(), text(exchange, "means"), "{name}: {exchange}");
        assert_eq!(read.reason.map(Reason::name), exchange["reason"].as_str(), "{name}: {exchange}");
        for (capture, value) in read.values.iter() {
            assert_eq!(&Json::from(value), &exchange["values"][capture], "{name}: {capture} in {exchange}");
        }
    });
}

#[test]
fn requests_are_written_byte_for_field_and_read_back() {
    for name in ["investgo", "apitickets", "stockapi", "gatego", "integra"] {
        let dialect = support::dialect(name);
        for exchange in fixture(name)["requests"].as_array().expect("requests") {
            let (operation, expected) = (text(exchange, "operation"), &exchange["request"]);
            let values = values(&exchange["values"]);
            let request = dialect.write_request(operation, 0, &values).expect("a request");
            let json = request.parts.get("json").map(Json::from);
            let written = json!({ "method": request.method, "path": request.path, "json": json });
            assert_eq!(&written, expected, "{name}: {operation}");
            assert_eq!(dialect.read_request(operation, &request), Ok(values), "{name}: {operation}");
        }
    }
}

/// Whoever adds an answer to a document adds its exchange.
#[test]
fn every_meaning_that_a_document_answers_has_an_exchange() {
    for dialect in support::all() {
        let fixture = fixture(dialect.name());
        let exchanges = fixture["answers"].as_array().expect("answers");
        let document = support::document(dialect.name());
        let named = document["operations"].as_object().expect("operations").iter();
        let sections = named.map(|(name, it)| (Some(name.as_str()), &it["answers"]));
        let top = [(Some("login"), &document["login"]["answers"]), (Some("renew"), &document["renew"]["answers"])];
        for (operation, answers) in sections.chain(top).chain([(None, &document["refusals"])]) {
            for answer in answers.as_array().into_iter().flatten() {
                let shown = |it: &Json| {
                    it["operation"].as_str() == operation
                        && it["means"] == answer["means"]
                        && it["reason"] == answer["reason"]
                };
                assert!(exchanges.iter().any(shown), "{}: {operation:?} {answer}", dialect.name());
            }
        }
    }
}
