//! `relatch dialect try`.

use crate::odd::{Asked, json as answer, serve};
use crate::support::{Ran, directory, file, relatch_with, shop};
use relatch_server::demo::{DemoOptions, serve as demo};
use serde_json::{Value, json};
use std::net::SocketAddr;

const PASSWORD: &str = "correct horse 9";

fn attempt(arguments: &[&str], password: &str) -> Ran {
    let all = [&["dialect", "try", "--password-stdin", "--json"], arguments].concat();
    relatch_with(&all, &format!("{password}\n"))
}

/// The step of that name.
fn step<'a>(report: &'a Value, name: &str) -> &'a Value {
    let steps = report["steps"].as_array().expect("a list");
    steps.iter().find(|it| it["step"] == name).unwrap_or_else(|| panic!("{name} in {report:#}"))
}

fn last<'a>(report: &'a Value, name: &str) -> &'a Value {
    step(report, name)["exchanges"].as_array().and_then(|it| it.last()).expect("an exchange")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_of_the_five_dialects_reads_its_server_from_login_to_log_out() {
    let options =
        DemoOptions { listen: SocketAddr::from(([127, 0, 0, 1], 0)), cheap_hashes: true, ..DemoOptions::default() };
    let (address, demo) = demo(options).await.expect("a demo");
    for name in ["investgo", "apitickets", "stockapi", "gatego", "integra"] {
        let identifier = if name == "apitickets" { "ada@example.com" } else { "ada" };
        let url = format!("http://{address}/{name}");
        let ran = attempt(&[name, "--base-url", &url, "--identifier", identifier], PASSWORD);
        let report = ran.json();
        assert_eq!((ran.code, &report["ok"], &report["unmatched"]), (0, &json!(true), &json!([])), "{report:#}");
        assert_eq!(last(&report, "log in")["matched"], "/login/answers/0", "{name}");
        assert!(step(&report, "log in")["ends_in_ms"].as_u64().is_some_and(|ms| ms >= 3_600_000), "{name}");
        assert_eq!(
            last(&report, "a call with a broken token")["matched"].as_str().map(|it| it.starts_with("/refusals/")),
            Some(true)
        );
        assert!(
            step(&report, "the old token, after the log-out")["found"][0]
                .as_str()
                .is_some_and(|it| it.contains("no longer good"))
        );
        assert!(!ran.out.contains(PASSWORD) && !ran.out.contains("eyJ"), "no secret is printed");
    }
    demo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_is_tried_where_there_is_an_endpoint_for_it() {
    let options =
        DemoOptions { listen: SocketAddr::from(([127, 0, 0, 1], 0)), cheap_hashes: true, ..DemoOptions::default() };
    let (address, demo) = demo(options).await.expect("a demo");
    let url = format!("http://{address}/gatego");
    let report = attempt(&["gatego", "--base-url", &url, "--identifier", "ada", "--no-bad-password"], PASSWORD).json();
    assert_eq!(step(&report, "a renewal")["found"][0], "a new access token and a new refresh token");
    assert_eq!(last(&report, "a call with the renewed token")["status"], 200);
    assert!(!report.to_string().contains("the token itself says"), "the dialect knows");
    assert!(!report.to_string().contains("a login with a wrong password"), "it was left out");
    let wrong = attempt(&["gatego", "--base-url", &url, "--identifier", "ada"], "no such password");
    assert_eq!((wrong.code, &last(&wrong.json(), "log in")["means"]), (1, &json!("bad-credentials")));
    demo.stop().await;
}

/// A shop that speaks as its dialect does, but for what is odd about it.
fn odd_shop(asked: &Asked) -> String {
    let (token, good) = ("token-of-the-odd-shop", asked.headers.contains("bearer token-of-the-odd-shop\r"));
    match asked.line.as_str() {
        line if line.contains("/login") && asked.body.contains("odd password") => {
            answer(200, "", &format!("{{\"token\":\"{token}\",\"expires_in\":3600000}}"))
        }
        line if line.contains("/login") => answer(418, "", r#"{"code":"HIDDEN_VALUE","nested":{"list":[1]}}"#),
        line if line.contains("/me") && good => answer(200, "", "{}"),
        line if line.contains("/me") => answer(302, "Location: https://evil.example/\r\n", ""),
        _ => answer(500, "", "<html>"),
    }
}

#[test]
fn answers_that_no_template_fits_are_shown_by_their_shape_with_what_to_add() {
    let directory = directory();
    let dialect = file(&directory, "shop.json", &shop().to_string());
    let url = serve(odd_shop);
    let arguments = [&dialect, "--base-url", &url, "--identifier", "ada", "--call", "/me?key=SECRET"];
    let ran = attempt(&arguments, "odd password");
    let report = ran.json();
    assert_eq!((ran.code, &report["ok"]), (1, &json!(false)), "{report:#}");
    let wrong = &report["unmatched"][0];
    assert_eq!(wrong["shape"], "{ code: a text, nested: { list: a list of 1 (a number) } }");
    assert_eq!(wrong["add"], r#"{ "status": 418, "json": { "code": "…" }, "means": "bad-credentials" }"#);
    assert_eq!(last(&report, "a call with a broken token")["status"], 302, "no redirect is followed");
    assert!(
        step(&report, "a call with a broken token")["faults"][0]
            .as_str()
            .is_some_and(|it| it.contains("does not read as token-expired"))
    );
    for secret in ["HIDDEN_VALUE", "token-of-the-odd-shop", "SECRET", "odd password"] {
        assert!(!ran.out.contains(secret) && !ran.err.contains(secret), "{secret}");
    }
    let text = relatch_with(&[&["dialect", "try", "--password-stdin"], &arguments[..]].concat(), "odd password\n").out;
    assert!(text.contains("it ends in 41 days: {expires} is 3600000, in seconds"), "{text}");
    assert!(text.contains("Answers that no template fits:"), "{text}");
}

#[test]
fn a_session_in_cookies_with_a_step_before_it_is_tried() {
    let mut document = shop();
    document["attach"] = json!([{ "cookies": true }]);
    document["expires"] = json!({ "after_secs": 7200 });
    document["always"] = json!([{ "header": "X-CSRF", "value": { "$cookie": "csrf" } }]);
    document["login"]["before"] =
        json!([{ "request": { "method": "GET", "path": "/csrf" }, "answers": [{ "status": 204, "means": "done" }] }]);
    document["login"]["answers"][0] = json!({ "status": 204, "means": "session" });
    let directory = directory();
    let dialect = file(&directory, "shop.json", &document.to_string());
    let url = serve(|asked: &Asked| match asked.line.as_str() {
        line if line.contains("/csrf") => answer(204, "Set-Cookie: csrf=a%3Db; Path=/\r\n", ""),
        line if line.contains("/login") && asked.headers.contains("x-csrf: a=b\r") && asked.body.contains("right") => {
            answer(204, "Set-Cookie: sid=SECRET; HttpOnly\r\n", "")
        }
        line if line.contains("/login") => answer(401, "", r#"{"code":"bad_credentials"}"#),
        _ if asked.headers.contains("sid=secret") => answer(200, "", "{}"),
        _ => answer(401, "", r#"{"code":"token_expired"}"#),
    });
    let ran = attempt(&[&dialect, "--base-url", &url, "--identifier", "ada", "--call", "/me"], "right");
    let report = ran.json();
    assert_eq!(ran.code, 0, "{report:#}");
    assert_eq!(step(&report, "log in")["found"][0], "cookies that were set: csrf, sid");
    assert_eq!(last(&report, "a call without a token")["matched"], "/refusals/0");
    assert!(!ran.out.contains("SECRET"));
}

#[test]
fn a_challenge_is_answered_with_what_the_command_line_has() {
    let mut document = shop();
    document["login"]["answers"][1] =
        json!({ "status": 403, "json": { "ticket": "{challenge.ticket}" }, "means": "challenge", "challenge": "code" });
    document["login"]["answers"]
        .as_array_mut()
        .expect("a list")
        .push(json!({ "status": 401, "json": { "code": "no" }, "means": "bad-credentials" }));
    document["challenges"] = json!({ "code": {
        "request": { "method": "POST", "path": "/code", "json": { "ticket": "{challenge.ticket}", "code": "{code}" } },
        "answers": [{ "status": 200, "json": { "token": "{access_token}" }, "means": "session" }],
    } });
    let directory = directory();
    let dialect = file(&directory, "shop.json", &document.to_string());
    let url = serve(|asked: &Asked| match asked.line.as_str() {
        line if line.contains("/login") && asked.body.contains("right") => answer(403, "", r#"{"ticket":"T-1"}"#),
        line if line.contains("/login") => answer(401, "", r#"{"code":"no"}"#),
        _ if asked.body.contains("T-1") && asked.body.contains("123456") => answer(200, "", r#"{"token":"abc"}"#),
        _ => answer(401, "", r#"{"code":"token_expired"}"#),
    });
    let arguments = [&dialect, "--base-url", &url, "--identifier", "ada"];
    let without = attempt(&arguments, "right");
    assert_eq!(without.code, 1);
    assert!(without.out.contains("--field code=…"), "{}", without.out);
    let with = attempt(&[&arguments[..], &["--field", "code=123456"]].concat(), "right");
    assert_eq!(last(&with.json(), "log in")["matched"], "/challenges/code/answers/0", "{}", with.out);
}

#[test]
fn a_server_that_is_not_there_or_never_answers_is_told() {
    let closed = attempt(&["gatego", "--base-url", "http://127.0.0.1:1", "--identifier", "a"], "x");
    assert_eq!(closed.code, 1);
    assert!(closed.out.contains("no connection"), "{}", closed.out);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let silent = attempt(&["gatego", "--base-url", &url, "--identifier", "a", "--timeout", "1"], "x");
    assert!(silent.out.contains("no answer in time"), "{}", silent.out);
}

#[test]
fn hostile_answers_are_survived_and_told_in_few_words() {
    let directory = directory();
    let dialect = file(&directory, "shop.json", &shop().to_string());
    let wide: String = (0..50_000).map(|it| format!("\"member {it}\":{{\"x\":[{it}]}},")).collect();
    let bodies = [
        "[".repeat(200_000),
        format!("{{{wide}\"z\":null}}"),
        "x".repeat(3 << 20),
        "<html>\u{7}\u{1b}[31m".into(),
        "{\"\\u001b[31m\":1}".into(),
        format!("{{\"token\":\"{}\",\"expires_in\":1e308}}", "a\\r\\nEvil: 1"),
        format!("{{\"token\":\"{}\"}}", "t".repeat(100_000)),
    ];
    for body in bodies {
        let start: String = body.chars().take(20).collect();
        let url = serve(move |_: &Asked| answer(200, "Set-Cookie: ;;=\r\nDate: never\r\n", &body));
        let ran = attempt(&[&dialect, "--base-url", &url, "--identifier", "ada", "--timeout", "5"], "x");
        assert_eq!(ran.code, 1, "{start}");
        assert!(!ran.err.contains("panicked") && ran.out.len() < 20_000, "{start}: {} {}", ran.out.len(), ran.err);
        assert!(!ran.out.contains('\u{1b}'), "{start}");
    }
    let url = serve(|_: &Asked| "not HTTP at all".into());
    assert_eq!(attempt(&[&dialect, "--base-url", &url, "--identifier", "ada"], "x").code, 1);
}

#[test]
fn a_password_goes_over_tls_or_not_off_this_machine() {
    for url in [
        "http://api.example.com",
        "http://localhost.evil.example",
        "ftp://localhost",
        "https://user@api.example.com",
        "/api",
    ] {
        let ran = attempt(&["gatego", "--base-url", url, "--identifier", "a"], "x");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{url}");
        assert!(ran.err.contains("--base-url"), "{}", ran.err);
    }
}

#[test]
fn a_faulty_dialect_is_not_tried() {
    let directory = directory();
    let dialect = file(&directory, "shop.json", "{}");
    let ran = attempt(&[&dialect, "--base-url", "http://127.0.0.1:1"], "x");
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("relatch is missing"), "{}", ran.err);
}
