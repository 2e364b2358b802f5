//! What stands outside of JSON bodies: queries, forms, headers, texts, steps, and answers of any status.

use crate::support;
use relatch_dialects::{Answer, Dialect, Meaning, Message, Request, Value, Values};
use serde_json::{Value as Json, json};

/// A dialect whose login, attachment and so on are these.
fn dialect(changes: Json) -> Dialect {
    match load(changes) {
        Ok(dialect) => dialect,
        Err(fault) => panic!("{fault}"),
    }
}

fn fault(changes: Json) -> String {
    load(changes).err().map(|it| it.to_string()).expect("a fault")
}

fn load(changes: Json) -> Result<Dialect, relatch_dialects::Fault> {
    let mut document = json!({
        "relatch": 1,
        "name": "wild",
        "attach": [{ "header": "Authorization", "value": "Bearer {access_token}" }],
        "login": login(json!({ "method": "POST", "path": "/login" }), json!([{ "json": { "token": "{access_token}" }, "means": "session" }])),
    });
    for (name, value) in changes.as_object().expect("changes") {
        document[name] = value.clone();
    }
    Dialect::load(&support::value(&document))
}

fn login(request: Json, answers: Json) -> Json {
    let mut answers = answers;
    answers.as_array_mut().expect("answers").push(json!({ "status": 401, "means": "bad-credentials" }));
    json!({ "request": request, "answers": answers })
}

fn values(json: Json) -> Values {
    Values::of(support::value(&json)).expect("an object")
}

fn credentials() -> Values {
    values(json!({ "identifier": "ada", "password": "p w" }))
}

fn answer(status: u16, parts: Json) -> Answer {
    Answer { status, parts: values(parts) }
}

fn parts(request: &Request) -> Json {
    Json::from(&Value::from(request.parts.clone()))
}

fn captured(dialect: &Dialect, parts: Json) -> Option<Json> {
    let read = dialect.read_answer("login", 0, &answer(200, parts))?;
    (read.meaning == Meaning::Session).then(|| Json::from(&Value::from(read.values)))
}

#[test]
fn queries_forms_and_headers_are_filled_like_any_value() {
    let request = json!({
        "method": "POST", "path": "/login",
        "query": { "op": "login", "v": 2, "lang": "{field.language?}" },
        "headers": { "X-User": "{identifier}" },
        "form": { "grant_type": "password", "password": "{password}" },
    });
    let dialect =
        dialect(json!({ "login": login(request, json!([{ "json": { "t": "{access_token}" }, "means": "session" }])) }));
    let written = dialect.write_request("login", 0, &credentials()).expect("a request");
    let expected = json!({
        "query": { "op": "login", "v": 2 },
        "headers": { "X-User": "ada" },
        "form": { "grant_type": "password", "password": "p w" },
    });
    assert_eq!(parts(&written), expected);
    assert_eq!(dialect.read_request("login", &written), Ok(credentials()));
}

#[test]
fn what_a_function_is_given_may_be_anything_even_in_a_header() {
    let basic = json!({ "$concat": ["Basic ", { "$base64": "{identifier}:{password}" }] });
    let request = json!({ "method": "GET", "path": "/login", "headers": { "Authorization": basic } });
    let dialect =
        dialect(json!({ "login": login(request, json!([{ "text": "{access_token}", "means": "session" }])) }));
    let odd = values(json!({ "identifier": "ada", "password": "ñ\n" }));
    let written = dialect.write_request("login", 0, &odd).expect("a request");
    let expected = json!({ "headers": { "Authorization": { "$concat": ["Basic ", { "$base64": "ada:ñ\n" }] } } });
    assert_eq!(parts(&written), expected);
    assert_eq!(captured(&dialect, json!({ "text": "abc" })), Some(json!({ "access_token": "abc" })));
    assert_eq!(captured(&dialect, json!({})), None);
}

#[test]
fn a_token_is_found_in_a_header_whatever_the_case_of_its_name() {
    let answers = json!([{ "status": 201, "headers": { "X-Auth-Token": "{access_token}", "location": "{session.place}" }, "means": "session" }]);
    let dialect = dialect(json!({ "login": login(json!({ "method": "POST", "path": "/s" }), answers) }));
    let read = |headers| dialect.read_answer("login", 0, &answer(201, json!({ "headers": headers })));
    let found = read(json!({ "x-auth-token": "t", "Location": "/s/6" })).expect("read");
    assert_eq!(found.values, values(json!({ "access_token": "t", "session.place": "/s/6" })));
    assert_eq!(read(json!({ "location": "/s/6" })), None);
}

#[test]
fn an_answer_without_a_status_is_a_success_of_any_kind_or_a_failure_of_any_status() {
    let dialect = dialect(json!({ "login": login(json!({ "method": "POST", "path": "/s" }), json!([
        { "json": { "token": "{access_token}" }, "means": "session" },
        { "json": { "error": "{_}" }, "means": "wrong-password" },
        { "status": [400, 422], "means": "invalid-request" },
    ])) }));
    let read = |status, json: Json| {
        dialect.read_answer("login", 0, &answer(status, json!({ "json": json }))).map(|it| it.meaning)
    };
    assert_eq!(read(201, json!({ "token": "t" })), Some(Meaning::Session));
    assert_eq!(read(302, json!({ "token": "t" })), None);
    assert_eq!(read(200, json!({ "error": "no" })), Some(Meaning::WrongPassword));
    assert_eq!(read(418, json!({ "error": ["no"] })), Some(Meaning::WrongPassword));
    assert_eq!(read(200, json!({ "error": null })), None);
    assert_eq!(read(422, json!({})), Some(Meaning::InvalidRequest));
}

#[test]
fn a_text_that_contains_something_is_told_by_blanks() {
    let dialect = dialect(json!({ "refusals": [
        { "status": 401, "json": { "message": "{_?}expired{_?}" }, "means": "token-expired" },
    ] }));
    let refused = |message: &str| {
        dialect.read_refusal(&answer(401, json!({ "json": { "message": message } }))).map(|it| (it.meaning, it.values))
    };
    for message in ["expired", "Token expired.", "it has expired"] {
        assert_eq!(refused(message), Some((Meaning::TokenExpired, Values::new())), "{message}");
    }
    assert_eq!(refused("Token invalid"), None);
}

#[test]
fn a_token_that_is_a_number_is_kept_as_text() {
    let answers = json!([{ "json": { "sid": "{access_token}" }, "means": "session" }]);
    let dialect = dialect(json!({ "login": login(json!({ "method": "POST", "path": "/s" }), answers) }));
    let sid = |sid: Json| captured(&dialect, json!({ "json": { "sid": sid } }));
    assert_eq!(sid(json!(9_007_199_254_740_991_u64)), Some(json!({ "access_token": "9007199254740991" })));
    assert_eq!(sid(json!(9_007_199_254_740_993_u64)), None);
}

#[test]
fn elements_of_a_list_are_skipped_by_blanks() {
    let answers = json!([{ "json": ["{_?}", "{_}", "{access_token}"], "means": "session" }]);
    let dialect = dialect(json!({ "login": login(json!({ "method": "POST", "path": "/s" }), answers) }));
    assert_eq!(captured(&dialect, json!({ "json": [null, 7, "t"] })), Some(json!({ "access_token": "t" })));
    assert_eq!(captured(&dialect, json!({ "json": [1, null, "t"] })), None);
}

#[test]
fn what_stands_in_a_path_stays_one_segment() {
    let dialect = dialect(json!({ "operations": {
        "logout": {
            "request": { "method": "DELETE", "path": "/tokens/{session.key}" },
            "answers": [{ "status": 204, "means": "done" }],
        },
        "leave": {
            "request": { "method": "DELETE", "path": "{session.place}" },
            "answers": [{ "status": 204, "means": "done" }],
        },
    } }));
    let path = |operation: &str, name: &str, value: &str| {
        dialect.write_request(operation, 0, &values(json!({ name: value }))).map(|it| it.path)
    };
    let key = |value| path("logout", "session.key", value);
    assert_eq!(key("8d7b-1"), Ok("/tokens/8d7b-1".into()));
    assert_eq!(key("a b?ñ#"), Ok("/tokens/a%20b%3F%C3%B1%23".into()));
    for bad in ["", ".", "..", "a/b", "a\\b", "%2e", "a\nb"] {
        assert_eq!(key(bad), Err("session.key".into()), "{bad:?}");
    }
    assert_eq!(path("leave", "session.place", "/s/6"), Ok("/s/6".into()));
    assert_eq!(path("leave", "session.place", "/%2e%2e/6"), Err("session.place".into()));
}

#[test]
fn steps_come_before_the_operation_and_give_it_what_they_capture() {
    let mut login = login(
        json!({ "method": "POST", "path": "/in", "json": { "key": { "$md5": { "$concat": ["{step.challenge}", "{password}"] } } } }),
        json!([{ "json": { "id": "{access_token}" }, "means": "session" }]),
    );
    login["before"] = json!([{
        "request": { "method": "GET", "path": "/challenge", "query": { "user": "{identifier}" } },
        "answers": [{ "json": { "token": "{step.challenge}" }, "means": "done" }, { "status": 404, "means": "unknown-user" }],
    }]);
    let dialect = dialect(json!({ "login": login }));
    assert_eq!(dialect.steps("login"), 1);
    let first = dialect.write_request("login", 0, &credentials()).expect("a request");
    assert_eq!((first.path.as_str(), parts(&first)), ("/challenge", json!({ "query": { "user": "ada" } })));
    let step =
        |status, json: Json| dialect.read_answer("login", 0, &answer(status, json!({ "json": json }))).expect("read");
    assert_eq!(step(404, json!({})).meaning, Meaning::UnknownUser);
    let given = step(200, json!({ "token": "c" }));
    assert_eq!(given, Message::with(Meaning::Done, values(json!({ "step.challenge": "c" }))));
    let mut all = credentials();
    all.overlay(&given.values);
    let last = dialect.write_request("login", 1, &all).expect("a request");
    assert_eq!(
        (last.path.as_str(), parts(&last)),
        ("/in", json!({ "json": { "key": { "$md5": { "$concat": ["c", "p w"] } } } }))
    );
}

#[test]
fn a_challenge_names_its_kind_and_is_answered_by_an_operation_of_its_own() {
    let dialect = dialect(json!({
        "login": login(json!({ "method": "POST", "path": "/s" }), json!([
            { "json": { "mfa": "{challenge.id}", "by": "{detail.by?}" }, "means": "challenge", "challenge": "code" },
            { "json": { "token": "{access_token}" }, "means": "session" },
        ])),
        "challenges": { "code": login(
            json!({ "method": "POST", "path": "/mfa", "json": { "id": "{challenge.id}", "code": "{code}", "user": "{identifier}" } }),
            json!([{ "json": { "token": "{access_token}" }, "means": "session" }]),
        ) },
    }));
    let read =
        dialect.read_answer("login", 0, &answer(200, json!({ "json": { "mfa": "7", "by": "sms" } }))).expect("read");
    assert_eq!((read.meaning, read.challenge.as_deref()), (Meaning::Challenge, Some("code")));
    let given = values(json!({ "challenge.id": "7", "code": "123456", "identifier": "ada" }));
    let written = dialect.write_request("challenge.code", 0, &given).expect("a request");
    assert_eq!(parts(&written), json!({ "json": { "id": "7", "code": "123456", "user": "ada" } }));
    let refused = dialect.read_answer("challenge.code", 0, &answer(401, json!({}))).expect("read");
    assert_eq!(refused.meaning, Meaning::BadCredentials);
}

#[test]
fn what_goes_along_with_every_request_goes_without_a_token_too() {
    let dialect = dialect(json!({
        "attach": [
            { "query": "wstoken", "value": "{access_token}" },
            { "header": "X-Organization", "value": "{context.organization?}" },
            { "cookies": true },
        ],
        "always": [
            { "header": "X-API-Version", "value": "v1" },
            { "header": "X-Tenant", "value": "{context.tenant?}" },
            { "header": "X-XSRF-TOKEN", "value": { "$cookie": "XSRF-TOKEN" } },
        ],
    }));
    let written = |values: Json, token| {
        let attached = dialect.attach(&self::values(values), token).expect("attached");
        Json::from(&Value::List(attached))
    };
    let always = [
        json!({ "header": "X-API-Version", "value": "v1" }),
        json!({ "header": "X-XSRF-TOKEN", "value": { "$cookie": "XSRF-TOKEN" } }),
        json!({ "cookies": true }),
    ];
    assert_eq!(written(json!({}), false), json!(always));
    let token = json!({ "query": "wstoken", "value": "t" });
    assert_eq!(written(json!({ "access_token": "t" }), true), json!([always[0], always[1], token, always[2]]));
    assert!(dialect.uses_cookies());
    let query = [("wstoken".to_string(), "t".to_string())];
    assert_eq!(dialect.read_attached(&[], &query), Ok(values(json!({ "access_token": "t" }))));
    assert_eq!(dialect.read_attached(&[], &[]), Err(Meaning::TokenMissing));
}

#[test]
fn what_only_a_codec_can_write_or_read_is_known() {
    assert!(support::all().iter().all(|it| !it.needs_codec()));
    let needs = |changes| dialect(changes).needs_codec();
    let request = |name: &str, value: Json| {
        let answers = json!([{ "json": { "text": "{access_token}", "body": "{_?}" }, "means": "session" }]);
        json!({ "login": login(json!({ "method": "POST", "path": "/s", name: value }), answers) })
    };
    assert!(!needs(request("form", json!({ "text": "{identifier}", "query": "{password}" }))));
    assert!(!needs(request("query", json!({ "xml": "1" }))));
    assert!(needs(request("text", json!("{identifier}"))));
    assert!(needs(request("multipart", json!({ "a": "{identifier}" }))));
    assert!(needs(request("json", json!({ "a": [{ "$md5": "{password}" }] }))));
    assert!(needs(request("headers", json!({ "A": { "$base64": "{password}" } }))));
    assert!(needs(json!({ "attach": [{ "query": "key", "value": "{access_token}" }] })));
    assert!(needs(json!({ "always": [{ "header": "X", "value": { "$cookie": "X" } }] })));
}

#[test]
fn newer_tokens_are_seen_in_whatever_answer_brings_them() {
    let dialect = dialect(json!({ "observe": [{ "headers": { "authorization": "Bearer {access_token}" } }] }));
    let seen = |status, headers: Json| dialect.observe(&answer(status, json!({ "headers": headers })));
    assert_eq!(seen(404, json!({ "Authorization": "bearer n" })), Some(values(json!({ "access_token": "n" }))));
    assert_eq!(seen(200, json!({ "etag": "1" })), None);
}

#[test]
fn a_login_may_be_refused_by_the_answer_that_ends_a_session_elsewhere() {
    let dialect = dialect(json!({ "refusals": [{ "status": 401, "means": "token-expired" }] }));
    let read = dialect.read_answer("login", 0, &answer(401, json!({}))).map(|it| it.meaning);
    assert_eq!(read, Some(Meaning::BadCredentials));
    assert_eq!(dialect.narrow(Some("login"), Meaning::TokenExpired, None).0, Meaning::BadCredentials);
    assert_eq!(dialect.narrow(None, Meaning::TokenExpired, None).0, Meaning::TokenExpired);
}

#[test]
fn faults_of_the_parts_are_told_with_their_place() {
    let request = |request: Json| json!({ "login": login(request, json!([{ "json": { "t": "{access_token}" }, "means": "session" }])) });
    let with = |name: &str, value: Json| request(json!({ "method": "POST", "path": "/s", name: value }));
    let answered = |answer: Json| json!({ "login": login(json!({ "method": "POST", "path": "/s" }), json!([answer])) });
    for (changes, expected) in [
        (with("json", json!({ "a": { "$md6": "x" } })), "/login/request/json/a: $md6 is no function"),
        (with("json", json!({ "$md5": "x", "b": 1 })), "/login/request/json/b: unknown member"),
        (with("json", json!({ "a": { "$hmac-sha1": "x" } })), "/login/request/json/a/$hmac-sha1: expected an object"),
        (with("form", json!({ "a": { "b": 1 } })), "/login/request/form/a: expected text, a number"),
        (with("headers", json!({ "A": 1 })), "/login/request/headers/A: expected text or a function"),
        (with("xml", json!({ "a": 1, "b": 2 })), "/login/request/xml: expected an object with one member"),
        (with("json", json!("{challenge.x}")), "/login/request/json: challenge.x is not a name"),
        (with("json", json!("{step.x}")), "/login/request/json: step.x is not a name"),
        (
            request(json!({ "method": "POST", "path": "/s", "json": 1, "form": {} })),
            "/login/request: expected one of json",
        ),
        (
            answered(json!({ "json": { "$md5": "{access_token}" }, "means": "session" })),
            "/login/answers/0/json: $md5 cannot be turned round",
        ),
        (
            answered(json!({ "status": [200, 20], "json": "{access_token}", "means": "session" })),
            "/login/answers/0/status/1: expected an HTTP",
        ),
        (
            answered(json!({ "json": "{access_token}", "means": "session", "challenge": "x" })),
            "/login/answers/0/challenge: only answers that mean challenge",
        ),
        (answered(json!({ "json": "{detail.x}", "means": "challenge" })), "/login/answers/0: a challenge is missing"),
        (
            answered(json!({ "json": "{detail.x}", "means": "challenge", "challenge": "x" })),
            "/login/answers/0/challenge: expected one of: the names of",
        ),
        (json!({ "attach": [{ "cookies": false }] }), "/attach/0/cookies: expected true"),
        (
            json!({ "always": [{ "header": "A", "value": "{access_token}" }] }),
            "/always/0/value: access_token is not a name",
        ),
        (json!({ "expires": { "unit": "weeks" } }), "/expires/unit: expected one of: seconds"),
        (json!({ "observe": [{ "json": "{user}" }] }), "/observe/0/json: user is not a name"),
    ] {
        let fault = fault(changes);
        assert!(fault.starts_with(expected), "expected {expected:?}, got {fault:?}");
    }
}
