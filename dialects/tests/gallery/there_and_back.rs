//! Every exchange over the wire: the codec makes HTTP of each request, and out of the HTTP of each answer the very same.

use crate::api::{Api, all, answer, values};
use crate::wire::Program;
use relatch_dialects::codec;
use relatch_dialects::{Answer, Dialect, Message};
use serde_json::Value as Json;

/// The operation of an exchange, and the step; none for a call.
fn place<'a>(api: &Api, exchange: &'a Json) -> Option<(&'a str, usize)> {
    let operation = exchange["operation"].as_str()?;
    let step = exchange["step"].as_u64().map_or_else(|| api.dialect.steps(operation), |it| it as usize);
    Some((operation, step))
}

#[test]
fn every_request_can_be_sent_with_what_goes_along() {
    for api in all() {
        for exchange in api.exchanges().filter(|it| it["request"].is_object()) {
            let (operation, step) = place(&api, exchange).expect("an operation");
            let values = values(&exchange["values"]);
            let request = api.dialect.write_request(operation, step, &values).expect("a request");
            let head = (request.method.as_str(), "https://api.example.com/x");
            let http = codec::write(&api.dialect, (operation, step), head, &request.parts, &Program);
            let http = http.unwrap_or_else(|fault| panic!("{}: {fault:?} in {exchange}", api.name));
            // Nothing of it where an exchange does not say what the program has set before.
            let along = api.dialect.attach(&values, false).unwrap_or_default();
            let sent = codec::attach(&api.dialect, http, &along, &Program);
            let sent = sent.unwrap_or_else(|fault| panic!("{}: {fault:?} in {exchange}", api.name));
            let has_body =
                ["json", "form", "multipart", "text", "xml"].iter().any(|it| request.parts.get(it).is_some());
            assert_eq!(sent.body.is_some(), has_body, "{}: {exchange}", api.name);
        }
    }
}

#[test]
fn every_answer_means_and_carries_the_same_when_it_came_as_bytes() {
    for api in all() {
        for exchange in api.exchanges().filter(|it| it["answer"].is_object()) {
            for status in exchange["answer"]["status"].as_u64().map_or(vec![200, 400], |it| vec![it as u16]) {
                let shown = answer(&exchange["answer"], status);
                let place = place(&api, exchange);
                let (direct, came) =
                    (read(&api.dialect, place, &shown), read(&api.dialect, place, &over(&api, place, &shown)));
                assert_eq!(came, direct, "{}: {} {status}", api.name, exchange["about"]);
            }
        }
    }
}

fn read(dialect: &Dialect, place: Option<(&str, usize)>, answer: &Answer) -> Option<Message> {
    match place {
        Some((operation, step)) => dialect.read_answer(operation, step, answer),
        None => dialect.read_refusal(answer),
    }
}

/// The answer as it is read out of HTTP.
fn over(api: &Api, place: Option<(&str, usize)>, shown: &Answer) -> Answer {
    let written = codec::write_answer(shown).unwrap_or_else(|| panic!("{}: {shown:?}", api.name));
    let body = written.body.unwrap_or_default();
    codec::read_answer(&api.dialect, place, shown.status, &written.headers, body.as_bytes())
}
