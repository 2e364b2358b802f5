//! `relatch dialect from-har`.

use crate::support::{Ran, fixture, relatch, relatch_with};
use serde_json::{Value, json};

fn run(name: &str) -> Ran {
    let ran = relatch(&["dialect", "from-har", &fixture(&format!("har/{name}.har"))]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let checked = relatch_with(&["dialect", "check", "-"], &ran.out);
    assert_eq!(checked.code, 0, "{}", checked.out);
    ran
}

fn draft(name: &str) -> Value {
    run(name).json()
}

#[test]
fn a_token_is_followed_from_the_login_to_where_it_is_sent() {
    let draft = draft("bearer");
    assert_eq!(draft["attach"], json!([{ "header": "Authorization", "value": "Bearer {access_token}" }]));
    let request = json!({ "email": "{identifier}", "password": "{password}", "remember": true });
    assert_eq!(draft["login"]["request"], json!({ "method": "POST", "path": "/v1/auth/login", "json": request }));
    assert_eq!(
        draft["login"]["answers"][0]["json"]["data"],
        json!({ "accessToken": "{access_token}", "refreshToken": "{refresh_token}", "expiresIn": "{expires?}", "user": "{user?}" })
    );
    assert_eq!(draft["expires"], json!({ "unit": "seconds" }));
    assert_eq!(draft["renew"]["request"]["json"], json!({ "refreshToken": "{refresh_token}" }));
    assert_eq!(draft["operations"]["profile"]["request"]["path"], "/v1/users/me");
    assert_eq!(draft["operations"]["logout"]["request"]["path"], "/v1/auth/logout");
}

#[test]
fn a_session_in_a_cookie_is_seen_with_the_header_that_repeats_another() {
    let draft = draft("cookie");
    assert_eq!(draft["attach"], json!([{ "cookies": true }]));
    assert_eq!(draft["always"], json!([{ "header": "X-Xsrf-Token", "value": { "$cookie": "XSRF-TOKEN" } }]));
    assert_eq!(draft["login"]["request"]["form"], json!({ "email": "{identifier}", "password": "{password}" }));
    assert_eq!(draft["operations"]["profile"]["request"]["path"], "/api/user");
}

#[test]
fn a_graphql_login_keeps_its_program_and_fills_its_variables() {
    let draft = draft("graphql");
    let body = &draft["login"]["request"]["json"];
    assert!(
        body["query"]
            .as_str()
            .is_some_and(|it| it.starts_with("mutation Login($email: String!, $password: String!) {{"))
    );
    assert_eq!(body["variables"], json!({ "email": "{identifier}", "password": "{password}" }));
    assert_eq!(draft["attach"][0]["value"], "JWT {access_token}");
    assert_eq!(draft["expires"], json!({ "jwt": true, "after_secs": 900 }));
}

#[test]
fn no_recorded_value_gets_out() {
    for name in ["bearer", "cookie", "graphql"] {
        let ran = run(name);
        let json = relatch(&["dialect", "from-har", "--json", &fixture(&format!("har/{name}.har"))]);
        for text in [&ran.out, &ran.err, &json.out, &json.err] {
            for secret in ["recorded", "ada@", "eyJ", "INVALID_CREDENTIALS", "VXNlcjox"] {
                assert!(!text.contains(secret), "{name}: {secret} in {text}");
            }
        }
    }
}

#[test]
fn what_is_no_recording_of_a_login_is_told_so() {
    for (text, reason) in [
        ("", "is not JSON"),
        ("{}", "has no `log.entries`"),
        ("{\"log\":{\"entries\":[]}}", "nobody logs in here"),
        (
            "{\"log\":{\"entries\":[{},{\"request\":{\"url\":\"x\",\"method\":\"GET\"},\"response\":{\"status\":200}}]}}",
            "nobody logs in here",
        ),
    ] {
        let ran = relatch_with(&["dialect", "from-har", "-"], text);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{text}");
        assert!(ran.err.contains(reason), "{text}: {}", ran.err);
    }
}
