//! `relatch dialect from-openapi`.

use crate::support::{directory, file, fixture, relatch, relatch_with};
use serde_json::{Value, json};

/// The draft of a specification, which has passed the check.
fn draft(name: &str) -> Value {
    let ran = relatch(&["dialect", "from-openapi", &fixture(&format!("openapi/{name}"))]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let checked = relatch_with(&["dialect", "check", "-"], &ran.out);
    assert_eq!(checked.code, 0, "{}", checked.out);
    ran.json()
}

#[test]
fn fastapi_logs_in_by_a_form_and_not_by_the_registration() {
    let draft = draft("fastapi.json");
    assert_eq!(
        draft["login"]["request"],
        json!({ "method": "POST", "path": "/api/v1/login/access-token", "form": { "grant_type": "password", "username": "{identifier}", "password": "{password}" } })
    );
    assert_eq!(draft["login"]["answers"][0]["json"], json!({ "access_token": "{access_token}" }));
    assert_eq!(draft["login"]["answers"][1]["status"], 401, "422 is about the form of requests");
    assert_eq!(draft["operations"]["profile"]["request"]["path"], "/api/v1/users/me");
}

#[test]
fn nestjs_renews_by_the_refresh_token_and_expires_in_milliseconds() {
    let draft = draft("nestjs.yaml");
    assert_eq!(draft["name"], "cafe-orders-api");
    assert_eq!(draft["expires"], json!({ "unit": "epoch-millis" }));
    let session = &draft["login"]["answers"][0]["json"];
    assert_eq!(session["refreshToken"], "{refresh_token}");
    assert_eq!(session["user"], "{user?}");
    assert_eq!(draft["renew"]["request"]["headers"]["Authorization"], "Bearer {refresh_token}");
    assert_eq!(draft["login"]["answers"][1], json!({ "status": 403, "means": "account-disabled" }));
    assert_eq!(draft["operations"]["logout"]["request"]["path"], "/auth/logout");
}

#[test]
fn laravel_in_spanish_tells_success_by_a_flag() {
    let draft = draft("laravel.yaml");
    let request = json!({ "correo": "{identifier}", "contrasena": "{password}", "device_name": "{field.device_name}" });
    assert_eq!(draft["login"]["request"]["json"], request);
    let answers = &draft["login"]["answers"];
    assert_eq!(answers[0]["json"]["success"], true);
    assert_eq!(answers[0]["json"]["data"]["token"], "{access_token}");
    assert_eq!(answers[1], json!({ "status": 200, "json": { "success": false }, "means": "bad-credentials" }));
    assert_eq!(draft["expires"]["unit"], "iso8601");
    assert_eq!(draft["operations"]["profile"]["answers"][0]["json"], json!({ "data": "{user}" }));
}

#[test]
fn spring_renews_under_another_name_and_refuses_with_403() {
    let draft = draft("spring.json");
    assert_eq!(draft["login"]["request"]["path"], "/api/auth/signin");
    assert_eq!(draft["renew"]["request"]["json"], json!({ "refreshToken": "{refresh_token}" }));
    assert_eq!(draft["renew"]["answers"][0]["json"]["accessToken"], "{access_token}");
    assert_eq!(draft["renew"]["answers"][1], json!({ "status": 403, "means": "token-expired" }));
    assert_eq!(draft["operations"]["logout"]["request"]["path"], "/api/auth/signout");
}

#[test]
fn swagger_2_in_german_has_its_token_in_a_header() {
    let draft = draft("swagger2.json");
    let form = json!({ "benutzername": "{identifier}", "kennwort": "{password}", "mandant": "{field.mandant}" });
    assert_eq!(draft["login"]["request"]["form"], form);
    assert_eq!(draft["login"]["answers"][0]["headers"], json!({ "X-Auth-Token": "{access_token}" }));
    assert_eq!(draft["attach"], json!([{ "header": "X-Auth-Token", "value": "{access_token}" }]));
    assert_eq!(draft["expires"]["unit"], "minutes");
    assert_eq!(draft["refusals"], json!([{ "status": 403, "means": "token-expired-or-forbidden" }]));
}

#[test]
fn every_guess_has_a_reason() {
    let ran = relatch(&["dialect", "from-openapi", &fixture("openapi/laravel.yaml")]);
    assert!(
        ran.err.contains("login: POST /iniciar-sesion\n    because its request has a member named `contrasena`"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("check: "));
    let told = relatch(&["dialect", "from-openapi", "--json", &fixture("openapi/laravel.yaml")]).json();
    assert_eq!(told["document"], ran.json());
    assert!(told["guesses"].as_array().is_some_and(|it| it.iter().all(|it| it["why"] != "")));
}

#[test]
fn a_draft_goes_to_a_file_and_never_over_one() {
    let directory = directory();
    let target = directory.path().join("shop.json");
    let target = target.to_str().expect("a path");
    let arguments = ["dialect", "from-openapi", &fixture("openapi/spring.json"), "--name", "shop", "-o", target];
    let ran = relatch(&arguments);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert_eq!(relatch(&["dialect", "check", target]).code, 0);
    assert!(std::fs::read_to_string(target).is_ok_and(|it| it.contains("\"name\": \"shop\"")));
    assert_eq!(relatch(&arguments).code, 2, "the file is there already");
}

#[test]
fn what_is_no_description_of_a_login_is_told_so() {
    let directory = directory();
    for (text, reason) in [
        ("{ \"openapi\": \"3.0.0\", }", "is not JSON"),
        ("a: [", "is neither JSON nor YAML"),
        ("{}", "has neither `openapi` nor `swagger`"),
        ("openapi: 3.0.0\npaths: {}", "describes no operation"),
        ("openapi: 3.0.0\npaths: { /pets: { get: { responses: {} } } }", "nothing here looks like a login"),
    ] {
        let ran = relatch(&["dialect", "from-openapi", &file(&directory, "it", text)]);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{text}");
        assert!(ran.err.contains(reason), "{text}: {}", ran.err);
    }
}

/// A specification with a login, its answer, and whatever else.
fn specified(answer: &Value, paths: &Value) -> Value {
    let body = json!({ "type": "object", "required": ["email", "password"], "properties": { "email": { "type": "string" }, "password": { "type": "string" } } });
    let mut all = json!({ "/auth/login": { "post": {
        "requestBody": { "content": { "application/json": { "schema": body } } },
        "responses": { "200": { "description": "", "content": { "application/json": { "schema": answer } } } },
    } } });
    let more = paths.as_object().expect("an object").clone();
    all.as_object_mut().expect("an object").extend(more);
    json!({ "openapi": "3.0.0", "info": { "title": "It" }, "paths": all, "components": { "securitySchemes": { "b": { "type": "http", "scheme": "bearer" } } } })
}

#[test]
fn a_wrapper_that_leaves_its_data_open_is_filled_by_the_schema_beside_it() {
    let wrapper = json!({ "type": "object", "properties": { "success": { "type": "boolean", "example": true }, "data": { "description": "Payload" } } });
    let payload = json!({ "type": "object", "properties": { "data": { "type": "object", "properties": { "access_token": { "type": "string" }, "refresh_token": { "type": "string" } } } } });
    let logout = json!({ "type": "object", "required": ["refresh_token"], "properties": { "refresh_token": { "type": "string" } } });
    let paths = json!({ "/auth/logout": { "post": { "security": [{ "b": [] }], "responses": {}, "requestBody": { "content": { "application/json": { "schema": logout } } } } } });
    let ran = relatch_with(
        &["dialect", "from-openapi", "-"],
        &specified(&json!({ "allOf": [wrapper, payload] }), &paths).to_string(),
    );
    let session = &ran.json()["login"]["answers"][0]["json"];
    assert_eq!(
        *session,
        json!({ "success": true, "data": { "access_token": "{access_token}", "refresh_token": "{refresh_token}" } })
    );
    assert_eq!(ran.json()["operations"]["logout"]["request"]["json"], json!({ "refresh_token": "{refresh_token}" }));
}

#[test]
fn a_renewal_that_asks_for_nothing_goes_by_a_cookie() {
    let answer = json!({ "type": "object", "properties": { "accessToken": { "type": "string" } } });
    let content = json!({ "200": { "description": "", "content": { "application/json": { "schema": answer } } } });
    let paths =
        |security: Value| json!({ "/auth/refresh": { "post": { "security": security, "responses": content } } });
    let draft = |security| {
        relatch_with(&["dialect", "from-openapi", "-"], &specified(&answer, &paths(security)).to_string()).json()
    };
    let by_cookie = draft(json!([]));
    assert_eq!(by_cookie["attach"][1], json!({ "cookies": true }));
    assert_eq!(by_cookie["renew"]["attach"], Value::Null);
    let by_token = draft(json!([{ "b": [] }]));
    assert_eq!((&by_token["attach"][1], &by_token["renew"]["attach"]), (&Value::Null, &json!(true)));
}

#[test]
fn references_to_other_files_are_not_followed_and_told() {
    let text = "openapi: 3.0.0\npaths: { /login: { post: { $ref: login.yaml, responses: {} } } }";
    let ran = relatch_with(&["dialect", "from-openapi", "-"], text);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("references to other files (1) were not followed"), "{}", ran.err);
}

#[test]
fn schemas_that_contain_themselves_and_aliases_that_multiply_end() {
    let circle = json!({
        "openapi": "3.0.0", "info": { "title": "Circle" },
        "paths": { "/login": { "post": {
            "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/A" } } } },
            "responses": { "200": { "description": "", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/A" } } } } } } } },
        "components": { "schemas": {
            "A": { "type": "object", "required": ["password", "login", "a"], "properties": {
                "a": { "$ref": "#/components/schemas/A" }, "login": { "type": "string" }, "password": { "type": "string" },
                "token": { "type": "string" }, "b": { "$ref": "#/components/schemas/B" } } },
            "B": { "$ref": "#/components/schemas/B" } } },
    });
    let ran = relatch_with(&["dialect", "from-openapi", "-"], &circle.to_string());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let laughs: String =
        (1..30).map(|it| format!("a{it}: &a{it} [{0}, {0}, {0}, {0}]\n", format!("*a{}", it - 1))).collect();
    let ran = relatch_with(&["dialect", "from-openapi", "-"], &format!("openapi: 3.0.0\na0: &a0 x\n{laughs}"));
    assert_eq!(ran.code, 1);
    assert!(!ran.err.contains("panicked"));
}
