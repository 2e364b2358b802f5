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
