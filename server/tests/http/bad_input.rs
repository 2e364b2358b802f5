//! Requests that no client should send: a clear refusal in the dialect's own shape, never a failure of the server.

use crate::support::{Got, Speech, TABLE, World};
use serde_json::{Value, json};

/// The dialect's error shape, with every member of it there.
fn assert_clear(got: &Got, status: u16, speech: &Speech, what: &str) {
    assert_eq!(got.status, status, "{}: {what}: {got:?}", speech.realm);
    assert_eq!(got.header("content-type"), Some("application/json"));
    assert_eq!(got.header("cache-control"), Some("no-store"));
    let json = got.json();
    let names: Vec<&str> = json.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(names, speech.error_members, "{}: {what}", speech.realm);
    if let Some(written) = json.get("status") {
        assert_eq!(written, &json!(status), "{}: {what}", speech.realm);
    }
}

async fn login_with(world: &World, speech: &Speech, media_type: &str, body: impl Into<axum::body::Body>) -> Got {
    world.post(&speech.login_path()).body(media_type, body).send().await
}

#[tokio::test]
async fn a_body_that_is_not_json_is_a_400() {
    let world = World::new().await;
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for speech in &TABLE {
        let twice = format!(r#"{{"{0}":"ada","{0}":"eve","{1}":"x"}}"#, speech.identifier, speech.password);
        for body in ["{", "ada", "null", "\"text\"", "7", "{} {}", "\u{feff}{}", " ", "{'a':1}", &deep, &twice] {
            let got = login_with(&world, speech, "application/json", body.to_owned()).await;
            assert_clear(&got, 400, speech, body.get(..40).unwrap_or(body));
        }
        let got =
            login_with(&world, speech, "application/json", &b"{\"username\":\"\xff\xfe\",\"password\":\"x\"}"[..])
                .await;
        assert_clear(&got, 400, speech, "invalid UTF-8");
        let got = login_with(&world, speech, "", "").await;
        assert_clear(&got, 400, speech, "no body");
    }
}

#[tokio::test]
async fn another_content_type_is_a_415() {
    let world = World::new().await;
    for speech in &TABLE {
        let body = speech.credentials("ada", "x").to_string();
        let types = [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/jsonp",
            "application/json; charset=utf-16",
            "x",
        ];
        for media_type in types {
            let got = login_with(&world, speech, media_type, body.clone()).await;
            assert_clear(&got, 415, speech, media_type);
        }
        let got = world
            .post(&speech.login_path())
            .body("application/json", body)
            .header("content-encoding", "gzip")
            .send()
            .await;
        assert_clear(&got, 415, speech, "compressed");
    }
}

#[tokio::test]
async fn json_without_a_content_type_and_with_parameters_is_taken() {
    let world = World::new().await;
    for speech in &TABLE {
        let body = speech.credentials("ada", crate::support::PASSWORD).to_string();
        for media_type in ["", "application/json; charset=UTF-8", "Application/JSON"] {
            assert_eq!(login_with(&world, speech, media_type, body.clone()).await.status, 200, "{}", speech.realm);
        }
    }
}

#[tokio::test]
async fn a_field_that_is_missing_or_of_another_type_is_a_400() {
    let world = World::new().await;
    for speech in &TABLE {
        let (identifier, password) = (speech.identifier, speech.password);
        let mut bodies = vec![json!({}), json!([]), json!({ identifier: "ada" }), json!({ password: "x" })];
        for wrong in [json!(null), json!(7), json!(true), json!([]), json!({}), json!(["ada"]), json!({ "$ne": null })]
        {
            bodies.push(json!({ identifier: wrong, password: "x" }));
            bodies.push(json!({ identifier: "ada", password: wrong }));
        }
        for body in bodies {
            let got = world.post(&speech.login_path()).json(body.clone()).send().await;
            assert_clear(&got, 400, speech, &body.to_string());
        }
    }
}

#[tokio::test]
async fn nul_is_refused_wherever_it_stands() {
    let world = World::new().await;
    for speech in &TABLE {
        for (username, password) in [("a\0da", "x"), ("\0\0\0", "x"), ("ada", "x\0")] {
            let got = world.post(&speech.login_path()).json(speech.credentials(username, password)).send().await;
            assert_clear(&got, 400, speech, "NUL");
        }
    }
    let body = json!({ "code": "\0", "password": "x" });
    assert_eq!(world.post("/gatego/api/public/account/validate").json(body).send().await.status, 400);
    let body = json!({ "resend_code": "\0" });
    assert_eq!(world.post("/gatego/api/public/account/validate/resend").json(body).send().await.status, 400);
    let body = json!({ "refresh_token": "\0" });
    assert_eq!(world.post("/gatego/auth/refresh-token").json(body).send().await.status, 400);
}

#[tokio::test]
async fn strange_but_valid_text_is_a_failed_login_and_nothing_worse() {
    let world = World::new().await;
    let strange =
        ["' or '1'='1", "ñandú", "🦀🦀🦀", "ada\u{202e}", "  ada  ", "%00%00", "a\u{1}b", "𝒶𝒹𝒶", &"x".repeat(50)];
    for speech in &TABLE {
        for text in strange {
            let got = world.login(speech.realm, text, text).await;
            let failed = world.login(speech.realm, "nobody", "wrong").await;
            assert_eq!(got.status, failed.status, "{}: {text}: {got:?}", speech.realm);
        }
    }
}

#[tokio::test]
async fn a_body_beyond_64_kib_is_a_413() {
    let world = World::new().await;
    for speech in &TABLE {
        for bytes in [64 * 1024 + 1, 1024 * 1024] {
            let body = json!({ speech.identifier: "ada", speech.password: "x".repeat(bytes) }).to_string();
            assert_clear(&login_with(&world, speech, "application/json", body).await, 413, speech, "large");
        }
        let got = world.get(&speech.profile_path()).body("text/plain", "x".repeat(1024 * 1024)).send().await;
        assert_clear(&got, 413, speech, "large, where no body is expected");
    }
}

#[tokio::test]
async fn an_unknown_path_is_a_404() {
    let world = World::new().await;
    for speech in &TABLE {
        for path in ["", "/", "/nowhere", "/%00", "/login/../me", "/admin/", "/.env"] {
            let got = world.get(&speech.path(path)).send().await;
            assert_clear(&got, 404, speech, path);
        }
    }
}

#[tokio::test]
async fn another_method_is_a_405_that_says_which_there_are() {
    let world = World::new().await;
    for speech in &TABLE {
        for method in ["GET", "PUT", "DELETE", "PATCH", "TRACE", "BREW"] {
            let got = world.ask(method, &speech.login_path()).send().await;
            assert_clear(&got, 405, speech, method);
            assert_eq!(got.header("allow"), Some("POST"), "{}: {method}", speech.realm);
        }
        let got = world.post(&speech.profile_path()).send().await;
        assert_clear(&got, 405, speech, "POST");
        assert_eq!(got.header("allow"), Some("GET, HEAD"));
    }
}

#[tokio::test]
async fn a_number_that_readers_round_differently_is_no_text_and_refused() {
    let world = World::new().await;
    for speech in &TABLE {
        let body = format!(r#"{{"{}":9007199254740993,"{}":"x"}}"#, speech.identifier, speech.password);
        assert_clear(&login_with(&world, speech, "application/json", body).await, 400, speech, "a number");
    }
}

#[tokio::test]
async fn members_that_nobody_asked_for_are_ignored() {
    let world = World::new().await;
    for speech in &TABLE {
        let mut body = speech.credentials("ada", crate::support::PASSWORD);
        body["__proto__"] = json!({ "role": "ADMIN" });
        body["role"] = Value::Null;
        assert_eq!(world.post(&speech.login_path()).json(body).send().await.status, 200, "{}", speech.realm);
    }
}
