//! What a server says that it cannot play.

use relatch_dialects::{DOCUMENTS, Dialect, Value};
use serde_json::json;

fn document() -> serde_json::Value {
    json!({
        "relatch": 1, "name": "x",
        "attach": [{ "header": "Authorization", "value": "Bearer {access_token}" }],
        "login": {
            "request": { "method": "POST", "path": "/login", "form": { "u": "{identifier}", "p": "{password}" } },
            "answers": [
                { "status": 200, "json": { "token": "{access_token}" }, "means": "session" },
                { "status": 401, "means": "bad-credentials" }
            ]
        }
    })
}

fn load(document: &serde_json::Value) -> Dialect {
    Dialect::load(&Value::from(document)).unwrap_or_else(|fault| panic!("{fault}"))
}

fn pointers(document: &serde_json::Value) -> Vec<String> {
    load(document).unplayable().into_iter().map(|it| it.pointer).collect()
}

#[test]
fn the_documents_that_come_with_relatch_are_played_whole() {
    for (name, text) in DOCUMENTS {
        let document: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(pointers(&document), [""; 0], "{name}");
        assert_eq!(load(&document).unplayable_login(), None, "{name}");
    }
}

#[test]
fn forms_queries_texts_and_what_can_be_turned_round_are_played() {
    let basic = json!({ "$concat": ["Basic ", { "$base64": "{identifier}:{password}" }] });
    for part in [
        json!({ "query": { "u": "{identifier}", "p": "{password}" } }),
        json!({ "text": "{identifier}|{password}" }),
        json!({ "headers": { "Authorization": basic } }),
    ] {
        let mut document = document();
        document["login"]["request"].as_object_mut().unwrap().remove("form");
        document["login"]["request"].as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
        assert_eq!(pointers(&document), [""; 0], "{part}");
    }
}

#[test]
fn what_is_not_played_is_named_by_its_place() {
    let mut document = document();
    document["attach"] = json!([{ "cookies": true }, { "body": "t", "value": "{access_token}" }]);
    document["observe"] = json!([{ "headers": { "X-Token": "{access_token}" } }]);
    document["expires"] = json!({ "idle_secs": 60 });
    document["challenges"] = json!({ "otp": {
        "request": { "method": "POST", "path": "/otp", "json": { "code": "{code}" } },
        "answers": document["login"]["answers"].clone()
    } });
    let challenge = json!({ "status": 202, "means": "challenge", "challenge": "otp" });
    document["login"]["answers"].as_array_mut().unwrap().push(challenge);
    document["login"]["before"] =
        json!([{ "request": { "method": "GET", "path": "/csrf" }, "answers": [{ "status": 200, "means": "done" }] }]);
    document["operations"] = json!({ "logout": {
        "request": { "method": "DELETE", "path": "/sessions/{session.id}", "headers": { "X-Sum": { "$md5": "{session.id}" } } },
        "attach": true,
        "answers": [{ "status": 204, "means": "done" }]
    } });
    let expected = [
        "/attach/0/cookies",
        "/attach/1/body",
        "/observe",
        "/challenges",
        "/expires/idle_secs",
        "/login/before",
        "/login/answers/2",
        "/operations/logout/request/path",
        "/operations/logout/request/headers/X-Sum",
    ];
    assert_eq!(pointers(&document), expected);
    assert_eq!(load(&document).unplayable_login(), None);
}

#[test]
fn a_login_is_unplayable_if_it_cannot_be_read_or_its_success_not_said() {
    let mut hashed = document();
    hashed["login"]["request"]["form"]["p"] = json!({ "$md5": "{password}" });
    let fault = load(&hashed).unplayable_login().map(|it| it.pointer);
    assert_eq!(fault.as_deref(), Some("/login/request/form/p"));

    hashed["login"]["alternatives"] = json!([document()["login"]["request"]]);
    assert_eq!(load(&hashed).unplayable_login(), None);

    let mut unsayable = document();
    unsayable["login"]["answers"][0]["json"]["id"] = json!("{session.id}");
    let fault = load(&unsayable).unplayable_login().map(|it| it.to_string());
    let told = "/login/answers/0/json: session.id is nothing that the server could say";
    assert_eq!(fault.as_deref(), Some(told));
}
