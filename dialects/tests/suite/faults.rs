//! A faulty document is refused, with the place of the fault and what was expected there.

use crate::support;
use relatch_dialects::Dialect;
use serde_json::{Value as Json, json};

/// The fault of gatego with one place changed (`null` takes the member out).
fn fault(pointer: &str, replacement: Json) -> String {
    let mut document = support::document("gatego");
    let (parent, last) = pointer.rsplit_once('/').expect("a pointer");
    let parent = document.pointer_mut(parent).expect("a place");
    match (parent, replacement) {
        (Json::Object(members), Json::Null) => drop(members.remove(last)),
        (Json::Object(members), value) => drop(members.insert(last.into(), value)),
        (Json::Array(elements), value) => elements.insert(last.parse().expect("an index"), value),
        _ => panic!("no container at {pointer}"),
    }
    match Dialect::load(&support::value(&document)) {
        Ok(_) => panic!("{pointer} was accepted"),
        Err(fault) => fault.to_string(),
    }
}

#[track_caller]
fn refused(pointer: &str, replacement: Json, expected: &str) {
    let fault = fault(pointer, replacement);
    assert!(fault.starts_with(expected), "expected {expected:?}, got {fault:?}");
}

#[test]
fn the_five_documents_are_sound() {
    assert_eq!(support::all().len(), 5);
}

#[test]
fn a_document_of_another_version_is_refused() {
    refused("/relatch", json!(2), "/relatch: expected 1");
}

#[test]
fn unknown_members_are_refused_with_their_place() {
    refused("/refresh", json!({}), "/refresh: unknown member");
    refused("/login/answers/0/mean", json!("session"), "/login/answers/0/mean: unknown member");
    refused("/a~1b", json!(1), "/a~01b: unknown member");
}

#[test]
fn missing_members_are_named_at_the_place_where_they_are_missing() {
    refused("/login", Json::Null, "the document: login is missing");
    refused("/login/request/path", Json::Null, "/login/request: path is missing");
    refused("/attach/0/header", Json::Null, "/attach/0: header is missing");
}

#[test]
fn wrong_types_are_told_with_what_was_expected() {
    refused("/name", json!(7), "/name: expected a string");
    refused("/login/answers/0/status", json!("200"), "/login/answers/0/status: expected a whole number");
    refused("/operations/profile/attach", json!("yes"), "/operations/profile/attach: expected true or false");
    refused("/refusals", json!({}), "/refusals: expected an array");
    refused("/renew", json!(7), "/renew: expected an operation");
}

#[test]
fn holes_that_touch_are_refused() {
    refused(
        "/login/request/json/username",
        json!("{identifier}{password}"),
        "/login/request/json/username: two holes touch",
    );
}

#[test]
fn braces_without_partner_are_refused() {
    for text in ["{identifier", "identifier}", "{", "a}b"] {
        refused("/login/request/json/username", json!(text), "/login/request/json/username: a brace has no partner");
    }
}

#[test]
fn names_that_nothing_can_fill_are_refused() {
    refused("/login/request/json/username", json!("{user}"), "/login/request/json/username: user is not a name");
    refused("/login/request/json/x", json!("{now.iso8601_offset}"), "/login/request/json/x: now.iso8601_offset is not");
    refused("/login/answers/0/json/x", json!("{pasword}"), "/login/answers/0/json/x: pasword is not a name");
    refused("/attach/0/value", json!("Bearer {token}"), "/attach/0/value: token is not a name");
    refused("/issue/user/id", json!("{user.nickname}"), "/issue/user/id: user.nickname is not a name");
    refused("/issue/claims/sub", json!("{}"), "/issue/claims/sub: a hole's name consists of");
}

#[test]
fn a_name_out_of_the_closed_lists_is_refused() {
    refused("/refusals/0/means", json!("token-old"), "/refusals/0/means: expected one of");
    refused("/refusals/0/also", json!(["gone"]), "/refusals/0/also/0: expected one of");
    refused("/refusals/0/reason", json!("identifier.length"), "/refusals/0: only invalid-request has reasons");
}

#[test]
fn an_answer_that_could_never_be_read_is_refused() {
    let general = json!({ "status": 401, "means": "bad-credentials" });
    refused("/login/answers/1", general, "/login/answers/2: can never be read");
    let twice = json!({ "status": 401, "json": { "error_code": "token-expired" }, "means": "forbidden" });
    refused("/refusals/0", twice, "/refusals/1: can never be read");
    let swallowing = json!({ "status": 401, "json": { "trace_id": "{trace_id}" }, "means": "bad-credentials" });
    refused("/operations/logout/answers/1", swallowing, "/refusals/0: logout has an answer that takes everything");
}

#[test]
fn a_dialect_that_cannot_say_what_a_session_lives_by_is_refused() {
    let only_success = json!([{ "status": 200, "json": { "access_token": "{access_token}" }, "means": "session" }]);
    refused("/refusals", json!([{ "status": 403, "means": "forbidden" }]), "/renew: no answer, and no refusal");
    refused("/renew/answers", json!([]), "/renew/answers: session is not the meaning of any answer");
    refused("/login/answers/0/json", json!({}), "/login/answers/0: an answer that means session has to capture");
    let optional = json!({ "access_token": "{access_token?}" });
    refused("/login/answers/0/json", optional, "/login/answers/0: an answer that means session has to capture");
    refused("/attach/0/value", json!("Bearer"), "/attach: no header carries {access_token}");
    let mut document = support::document("stockapi");
    document["login"]["answers"] = only_success;
    let fault = Dialect::load(&support::value(&document)).expect_err("no failure");
    assert!(fault.to_string().starts_with("/login: no answer means that the credentials are wrong"), "{fault}");
}

#[test]
fn paths_that_could_leave_the_base_are_refused() {
    let paths = [
        "login",
        "//evil.example/login",
        "/a/../b",
        "/a/./b",
        "/a//b",
        "/a?x=1",
        "/a#b",
        "/a\\b",
        "/%2e%2e/b",
        "/a b",
        "/a//",
        "//",
        "",
    ];
    for path in paths {
        refused("/login/request/path", json!(path), "/login/request/path: expected a path such as");
    }
}

#[test]
fn header_names_with_forbidden_characters_are_refused() {
    for name in ["", "X Y", "X:Y", "X\r\nY", "Ä"] {
        refused("/attach/0/header", json!(name), "/attach/0/header: expected a header name");
    }
}

#[test]
fn deep_and_huge_documents_are_refused_at_once() {
    let mut deep = json!("x");
    for _ in 0..100 {
        deep = json!([deep]);
    }
    refused("/login/request/json/x", deep, "the document: nests deeper");
    refused(
        "/login/request/json/x",
        json!(vec![0; 100_000]),
        "the document: nests deeper than 24 levels, or holds more",
    );
    for odd in [json!(null), json!([]), json!("gatego"), json!(1)] {
        assert!(Dialect::load(&support::value(&odd)).is_err());
    }
}

#[test]
fn the_issuing_half_is_checked_too() {
    refused("/issue/alg", json!("none"), "/issue/alg: expected one of: HS256, HS512");
    refused("/issue/header", json!({ "alg": "HS512" }), "/issue/header: its alg differs");
    refused("/issue/lifetime_secs", json!(0), "/issue/lifetime_secs: expected at least one second");
    refused("/issue/identifiers", json!(["nickname"]), "/issue/identifiers/0: expected one of: username, email, phone");
    refused(
        "/issue/limits",
        json!({ "password": { "min": 3, "max": 1 } }),
        "/issue/limits/password: min is larger than max",
    );
    refused("/issue/account", json!({ "x": "text" }), "/issue/account/x: expected string, integer, bool, date");
    refused("/issue/roles", json!([]), "/issue/roles: expected at least one role");
}
