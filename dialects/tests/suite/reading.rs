//! What may be captured, and what a request has to be.

use crate::support;
use relatch_dialects::{Answer, Dialect, Meaning, Reason, Request, Value, Values};
use serde_json::{Value as Json, json};

fn answer(status: u16, body: Json) -> Answer {
    Answer::json(status, Some(support::value(&body)))
}

fn login(name: &str, body: Json) -> Result<Values, Reason> {
    let dialect = support::dialect(name);
    let (method, path) = dialect.operation("login").expect("login").routes[0].clone();
    dialect.read_request("login", &Request::json(&method, &path, Some(support::value(&body))))
}

fn attached(name: &str, headers: &[(&str, &str)]) -> Result<Values, Meaning> {
    let headers: Vec<_> = headers.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    support::dialect(name).read_attached(&headers, &[])
}

#[test]
fn members_that_a_template_does_not_name_are_ignored() {
    let body = json!({ "token": "t", "__proto__": { "token": "evil" }, "constructor": 1 });
    let read = support::dialect("investgo").read_answer("login", 0, &answer(200, body)).expect("read");
    assert_eq!(read.values, Values::new().with("access_token", "t"));
}

#[test]
fn a_token_that_is_no_token_does_not_fit() {
    for bad in [
        json!(null),
        json!(1.5),
        json!(true),
        json!(""),
        json!("a\r\nb"),
        json!("a\u{0}b"),
        json!("a b"),
        json!("é"),
        json!({}),
    ] {
        let read = support::dialect("investgo").read_answer("login", 0, &answer(200, json!({ "token": bad })));
        assert_eq!(read, None, "{bad}");
    }
}

#[test]
fn integers_beyond_two_to_the_fifty_third_are_refused_rather_than_rounded() {
    let read = |number: Json| {
        let body = json!({ "message": "Login exitoso", "token": "t", "user": { "id": [number] } });
        support::dialect("stockapi").read_answer("login", 0, &answer(200, body))
    };
    assert!(read(json!(9_007_199_254_740_991_u64)).is_some());
    assert!(read(json!(9_007_199_254_740_993_u64)).is_none());
    assert!(read(json!(-9_007_199_254_740_993_i64)).is_none());
    assert!(read(json!(1e300)).is_none());
}

#[test]
fn a_hole_that_stands_twice_has_to_hold_the_same() {
    let read = |jwt: &str| {
        let body = json!({ "access_token": "a", "jwt_token": jwt, "refresh_token": "r" });
        support::dialect("gatego").read_answer("login", 0, &answer(200, body))
    };
    assert_eq!(read("a").expect("read").meaning, Meaning::Session);
    assert_eq!(read("b"), None);
}

#[test]
fn a_failure_inside_a_success_status_is_a_failure() {
    let body = json!({ "Respuesta": false, "Token": "", "Datos": null });
    let read = support::dialect("apitickets").read_answer("login", 0, &answer(200, body)).expect("read");
    assert_eq!(read.meaning, Meaning::BadCredentials);
}

#[test]
fn a_wrong_password_inside_a_server_error_is_a_wrong_password() {
    let body =
        json!({ "timestamp": 7, "status": 500, "error": "Internal Server Error", "message": "Credenciales ivalidas" });
    let read = support::dialect("investgo").read_answer("login", 0, &answer(500, body)).expect("read");
    assert_eq!(read.meaning, Meaning::WrongPassword);
    let read =
        support::dialect("investgo").read_answer("login", 0, &answer(500, json!({ "message": "boom" }))).expect("read");
    assert_eq!(read.meaning, Meaning::ServerError);
}

#[test]
fn what_a_status_says_by_itself_is_understood_without_an_answer() {
    let gatego = support::dialect("gatego");
    let read = |operation, status| gatego.read_answer(operation, 0, &Answer::json(status, None)).map(|it| it.meaning);
    assert_eq!(read("login", 429), Some(Meaning::RateLimited));
    assert_eq!(read("login", 503), Some(Meaning::ServerError));
    assert_eq!(read("login", 401), Some(Meaning::BadCredentials));
    assert_eq!(read("renew", 401), None, "only an answer that the document knows ends a session");
    assert_eq!(read("renew", 200), None);
    assert_eq!(read("login", 302), None);
}

#[test]
fn a_refusal_of_the_app_itself_does_not_concern_the_session() {
    let stockapi = support::dialect("stockapi");
    let refusal = |status, message: &str| {
        stockapi.read_refusal(&answer(status, json!({ "message": message }))).map(|it| it.meaning)
    };
    assert_eq!(refusal(403, "Token expirado o inválido"), Some(Meaning::TokenExpired));
    assert_eq!(refusal(403, "Acceso denegado"), Some(Meaning::Forbidden));
    assert_eq!(refusal(403, "Solo lectura"), None);
    assert_eq!(refusal(401, "Contraseña incorrecta"), None);
    let refusing = |status| stockapi.may_refuse(status);
    assert_eq!([200, 401, 403, 500].map(refusing), [false, true, true, false]);
}

#[test]
fn a_login_says_which_field_is_missing_or_malformed_the_identifier_first() {
    assert_eq!(login("integra", json!({})), Err(Reason::IdentifierMissing));
    assert_eq!(login("integra", json!({ "username": null, "password": null })), Err(Reason::IdentifierMissing));
    assert_eq!(login("integra", json!({ "username": 7 })), Err(Reason::IdentifierMalformed));
    assert_eq!(login("integra", json!({ "username": "a\u{0}b", "password": "x" })), Err(Reason::IdentifierMalformed));
    assert_eq!(login("integra", json!({ "username": "ada" })), Err(Reason::PasswordMissing));
    assert_eq!(login("integra", json!({ "username": "ada", "password": ["x"] })), Err(Reason::PasswordMalformed));
    assert_eq!(login("integra", json!("ada")), Err(Reason::BodyUnreadable));
    assert!(login("integra", json!({ "username": "ada", "password": "x", "more": 1 })).is_ok());
}

#[test]
fn lengths_are_counted_in_characters() {
    let issue = support::dialect("integra");
    let issue = issue.issue().expect("an issuing half");
    let fault = |identifier: &str, password: &str| {
        issue.length_fault(&Values::new().with("identifier", identifier).with("password", password))
    };
    assert_eq!(fault("ñññ", "ñ"), None);
    assert_eq!(fault("ññ", "ñ"), Some(Reason::IdentifierLength));
    assert_eq!(fault(&"ñ".repeat(50), &"ñ".repeat(100)), None);
    assert_eq!(fault(&"ñ".repeat(51), ""), Some(Reason::IdentifierLength));
    assert_eq!(fault("ada", ""), Some(Reason::PasswordLength));
    assert_eq!(fault("ada", &"ñ".repeat(101)), Some(Reason::PasswordLength));
}

#[test]
fn a_request_may_come_by_an_alternative() {
    let gatego = support::dialect("gatego");
    let read = |headers: &[(&str, &str)], json: Option<Json>| {
        let headers = headers.iter().map(|(name, value)| (name.to_string(), Value::from(*value))).collect();
        let mut request = Request::json("POST", "/auth/refresh-token", json.map(|it| support::value(&it)));
        request.parts.set("headers", Value::Object(headers));
        gatego.read_request("renew", &request)
    };
    let token = Ok(Values::new().with("refresh_token", "r"));
    assert_eq!(read(&[], Some(json!({ "refresh_token": "r" }))), token);
    assert_eq!(read(&[("authorization", "Bearer r")], None), token);
    assert_eq!(read(&[("authorization", "Bearer r")], Some(json!({}))), token);
    assert_eq!(read(&[], Some(json!({}))), Err(Reason::FieldMissing));
    assert_eq!(read(&[], None), Err(Reason::BodyUnreadable));
}

#[test]
fn the_token_header_is_missing_malformed_or_good() {
    let token = |text: &str| Ok(Values::new().with("access_token", text));
    assert_eq!(attached("stockapi", &[]), Err(Meaning::TokenMissing));
    assert_eq!(attached("stockapi", &[("authorization", "Bearer a.b.c")]), token("a.b.c"));
    assert_eq!(attached("stockapi", &[("Authorization", "bearer a.b.c")]), token("a.b.c"));
    for bad in ["", "Bearer", "Bearer ", "Basic YTpi", "a.b.c", "Bearer a b", "Bearera.b.c"] {
        assert_eq!(attached("stockapi", &[("authorization", bad)]), Err(Meaning::TokenMalformed), "{bad:?}");
    }
    let twice = [("authorization", "Bearer a"), ("authorization", "Bearer b")];
    assert_eq!(attached("stockapi", &twice), Err(Meaning::TokenMalformed));
}

fn header(name: &str, value: &str) -> Value {
    Values::new().with("header", name).with("value", value).into()
}

#[test]
fn the_context_travels_in_its_own_header_when_there_is_one() {
    let gatego = support::dialect("gatego");
    let token = Values::new().with("access_token", "t");
    let plain = gatego.attach(&token, true).expect("headers");
    assert_eq!(plain, [header("Authorization", "Bearer t")]);
    let organization = token.clone().with("context.organization", "42");
    assert_eq!(gatego.attach(&organization, true).expect("headers")[1], header("organization_id", "42"));
    let back = attached("gatego", &[("authorization", "Bearer t"), ("organization_id", "42")]);
    assert_eq!(back, Ok(organization));
}

#[test]
fn nothing_that_could_break_out_of_a_header_gets_into_one() {
    let gatego = support::dialect("gatego");
    for bad in ["a\r\nX: y", "a\nb", "a\0b"] {
        let values = Values::new().with("access_token", "t").with("context.organization", bad);
        assert_eq!(gatego.attach(&values, true), Err("context.organization".to_string()));
    }
    assert_eq!(gatego.attach(&Values::new(), true), Err("access_token".to_string()));
}

#[test]
fn a_request_is_written_with_its_constants_and_nothing_else() {
    let mut document = support::document("stockapi");
    document["login"]["request"]["json"]["client"] = json!({ "kind": "{{web}}", "device": "{field.device?}", "v": 1 });
    let dialect = Dialect::load(&support::value(&document)).expect("sound");
    let values = Values::new().with("identifier", "ada").with("password", "p");
    let request = dialect.write_request("login", 0, &values).expect("a request");
    let written = Json::from(request.parts.get("json").expect("a body"));
    assert_eq!(written, json!({ "username": "ada", "password": "p", "client": { "kind": "{web}", "v": 1 } }));
    assert_eq!(dialect.write_request("login", 0, &Values::new()), Err("identifier".to_string()));
    assert_eq!(dialect.write_request("lgoin", 0, &values), Err("lgoin".to_string()));
}

#[test]
fn debug_shows_no_value() {
    let values = Values::new().with("password", "hunter2").with("user", Value::List(vec!["hunter3".into()]));
    let shown = format!("{values:?} {:?}", Request::json("POST", "/", Some("hunter4".into())));
    assert!(!shown.contains("hunter"), "{shown}");
}
