//! `relatch dialect check`.

use crate::support::{Ran, directory, file, relatch, relatch_with, shop};
use serde_json::{Value, json};

fn check(text: &str) -> Ran {
    relatch_with(&["dialect", "check", "-"], text)
}

/// The codes of what is warned of when these places of a good document are set.
fn warned(changes: &[(&str, Value)]) -> Vec<String> {
    let mut document = shop();
    for (pointer, value) in changes {
        let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
        let parent = document.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer}"));
        match value {
            Value::Null => drop(parent.as_object_mut().expect("an object").shift_remove(name)),
            value => match parent {
                Value::Array(list) => list[name.parse::<usize>().expect("an index")] = value.clone(),
                parent => parent[name] = value.clone(),
            },
        }
    }
    let ran = relatch_with(&["dialect", "check", "--json", "-"], &document.to_string());
    let report = ran.json();
    assert_eq!(report["files"][0]["fault"], Value::Null, "{report:#}");
    let warnings = report["files"][0]["warnings"].as_array().expect("a list");
    warnings.iter().map(|it| it["code"].as_str().expect("a code").into()).collect()
}

#[test]
fn the_dialects_that_come_with_relatch_are_fine() {
    let ran = relatch(&["dialect", "check", "--strict", "investgo", "apitickets", "stockapi", "gatego", "integra"]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.out.contains("gatego: fine: gatego: login, renew, profile"), "{}", ran.out);
}

#[test]
fn a_good_document_is_described() {
    let ran = check(&shop().to_string());
    assert_eq!((ran.code, ran.out.as_str()), (0, "-: fine: shop: login; renewed by another login\n"));
}

#[test]
fn a_fault_of_syntax_has_line_and_column_and_advice() {
    let ran = check("{\n  \"relatch\": 1,\n}");
    assert_eq!(ran.code, 1);
    assert_eq!(ran.out.lines().next(), Some("-:3:1: is not JSON: trailing comma"));
    assert!(ran.out.contains("take the comma away"));
}

#[test]
fn a_member_that_stands_twice_is_refused() {
    let ran = check("{\n  \"relatch\": 1,\n  \"relatch\": 1\n}");
    assert_eq!(ran.code, 1);
    assert!(ran.out.starts_with("-:3:"), "{}", ran.out);
    assert!(ran.out.contains("the member \"relatch\" stands twice"), "{}", ran.out);
}

#[test]
fn a_faulty_document_is_told_with_pointer_line_and_what_to_do() {
    let text = serde_json::to_string_pretty(&shop()).expect("text").replace("\"answers\"", "\"anwsers\"");
    let ran = check(&text);
    assert_eq!(ran.code, 1);
    let line = text.lines().position(|it| it.contains("anwsers")).expect("a line") + 1;
    assert_eq!(ran.out, format!("-:{line}: /login/anwsers: unknown member\n  did you mean \"answers\"?\n"));
}

#[test]
fn faults_and_warnings_are_told_as_json() {
    let mut document = shop();
    document["login"]["request"]["json"]["password"] = "{passwort}".into();
    let ran = relatch_with(&["dialect", "check", "--json", "-"], &document.to_string());
    let fault = &ran.json()["files"][0]["fault"];
    assert_eq!((ran.code, &fault["pointer"], &fault["line"]), (1, &json!("/login/request/json/password"), &json!(1)));
}

#[test]
fn several_files_are_checked_and_one_that_is_missing_does_not_hide_the_others() {
    let directory = directory();
    let good = file(&directory, "good.json", &shop().to_string());
    let bad = file(&directory, "bad.json", "[]");
    let ran = relatch(&["dialect", "check", &good, "/no/such/file", &bad]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.out.contains("good.json: fine") && ran.out.contains("bad.json:1: the document: expected an object"),
        "{}",
        ran.out
    );
    assert_eq!(relatch(&["dialect", "check", &good, &bad]).code, 1);
}

#[test]
fn warnings_fail_only_if_one_asks_for_it() {
    let mut document = shop();
    document["expires"] = json!({ "jwt": true, "unit": "seconds" });
    document["login"]["answers"][0]["json"] = json!({ "token": "{access_token}" });
    let text = document.to_string();
    assert_eq!(check(&text).code, 0);
    assert_eq!(relatch_with(&["dialect", "check", "--strict", "-"], &text).code, 1);
}

#[test]
fn what_tells_an_expired_token_from_others_is_missed() {
    assert_eq!(warned(&[("/refusals", Value::Null)]), ["no-token-expired"]);
    let every_403 = json!([{ "status": 403, "means": "token-expired" }]);
    assert_eq!(warned(&[("/refusals", every_403)]), ["broad-refusal"]);
    let every_401 = json!([{ "status": 401, "means": "token-expired" }]);
    assert_eq!(warned(&[("/refusals", every_401)]), ["refusal-takes-login"]);
}

#[test]
fn a_wrong_password_that_only_its_status_tells_is_warned_of() {
    let bare = json!({ "status": 400, "means": "bad-credentials" });
    assert_eq!(warned(&[("/login/answers/1", bare)]), ["bad-credentials-by-status"]);
}

#[test]
fn a_text_that_fits_everything_is_warned_of() {
    let text = json!({ "status": 200, "text": "{access_token}", "means": "session" });
    assert_eq!(warned(&[("/login/answers/0", text), ("/expires", Value::Null)]), ["greedy-text"]);
}

#[test]
fn a_short_life_without_a_way_on_is_warned_of() {
    let changes = [("/renew", json!("none")), ("/expires/after_secs", json!(900))];
    assert_eq!(warned(&changes), ["no-renewal"]);
    assert_eq!(warned(&changes[1..]), [""; 0]);
}

#[test]
fn a_refresh_token_that_goes_nowhere_or_comes_from_nowhere_is_warned_of() {
    assert_eq!(warned(&[("/login/answers/0/json/refresh", json!("{refresh_token}"))]), ["unused-refresh-token"]);
    let renew = json!({
        "request": { "method": "POST", "path": "/renew", "json": { "t": "{refresh_token}" } },
        "answers": [{ "status": 200, "json": { "token": "{access_token}" }, "means": "session" }],
    });
    assert_eq!(warned(&[("/renew", renew)]), ["no-refresh-token"]);
}

#[test]
fn a_unit_that_does_not_go_with_its_name_is_warned_of() {
    for (name, unit, odd) in [
        ("expires_at", "seconds", true),
        ("expires_at", "epoch", false),
        ("expires_in", "iso8601", true),
        ("expiresInMs", "seconds", true),
        ("expiresInMs", "millis", false),
    ] {
        let answer = json!({ "token": "{access_token}", name: "{expires}" });
        let codes = warned(&[("/login/answers/0/json", answer), ("/expires", json!({ "unit": unit }))]);
        assert_eq!(codes == ["odd-unit"], odd, "{name} in {unit}: {codes:?}");
    }
    assert_eq!(warned(&[("/login/answers/0/json", json!({ "token": "{access_token}" }))]), ["unused-unit"]);
}

#[test]
fn secrets_in_a_document_and_in_urls_are_warned_of_and_never_repeated() {
    let secret = json!([{ "header": "X-Api-Key", "value": "sk_live_0123456789" }]);
    assert_eq!(warned(&[("/always", secret.clone())]), ["secret-constant"]);
    let mut document = shop();
    document["always"] = secret;
    assert!(!check(&document.to_string()).out.contains("sk_live"));
    let query = json!([{ "query": "token", "value": "{access_token}" }]);
    assert_eq!(warned(&[("/attach", query)]), ["secret-in-url"]);
    let grant = json!({ "grant_type": "password", "email": "{identifier}", "password": "{password}" });
    assert_eq!(warned(&[("/login/request/json", grant)]), [""; 0]);
}

#[test]
fn plug_ins_that_an_app_has_to_give_are_named() {
    let mut document = shop();
    document["login"]["request"]["json"]["proof"] = json!({ "$plugin": "srp", "password": "{password}" });
    assert!(check(&document.to_string()).out.contains("plug-ins: srp"));
}

#[test]
fn a_terminal_is_given_no_control_characters() {
    let ran = check("{ \"relatch\": 1, \"a\\u001b[31mb\": 1 }");
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("b") && !ran.out.contains('\u{1b}'), "{:?}", ran.out);
}

#[test]
fn hostile_documents_are_refused_in_no_time() {
    let deep = "[".repeat(200_000);
    let wide = format!("{{{}\"z\":1}}", (0..50_000).map(|it| format!("\"a{it}\":{{}},")).collect::<String>());
    for text in [&deep, &wide, "", "null", "\u{feff}", "{\"__proto__\": 1}"] {
        let ran = check(text);
        assert_eq!(ran.code, 1, "{}", ran.err);
        assert!(!ran.err.contains("panicked"));
    }
}
