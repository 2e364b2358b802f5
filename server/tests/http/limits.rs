//! Limits on failed logins, as they are answered.

use crate::support::{Got, PASSWORD, TABLE, Twin, World, json_answer, speech};
use relatch_server::limits::LimitConfig;

async fn login(server: &Twin, realm: &str, username: &str, password: &str, from: &str) -> Got {
    let speech = speech(realm);
    server.post(&speech.login_path()).json(speech.credentials(username, password)).from(from).send().await
}

/// Without the headers of the limits.
fn bare(got: &Got) -> (u16, String) {
    (got.status, got.body.clone())
}

#[tokio::test]
async fn an_identifier_is_locked_after_ten_failures_whether_anybody_has_it_or_not() {
    let world = World::new().await;
    for speech in &TABLE {
        let (_, server) = world.limited(LimitConfig::default()).await;
        let mut told = Vec::new();
        for username in ["ada", "nobody"] {
            for failure in 0..10 {
                let got = login(&server, speech.realm, username, "wrong", &format!("192.0.2.{failure}")).await;
                let left = format!("\"account\";r={};t=", 9 - failure);
                assert!(got.header("ratelimit").is_some_and(|it| it.starts_with(&left)), "{got:?}");
            }
            let got = login(&server, speech.realm, username, PASSWORD, "192.0.2.99").await;
            assert_eq!(got.header("retry-after"), Some("900"), "{} {username}", speech.realm);
            assert_eq!(got.header("ratelimit"), Some("\"account\";r=0;t=900, \"address\";r=100;t=0"));
            assert_eq!(got.header("ratelimit-policy"), Some("\"account\";q=10;w=900, \"address\";q=100;w=900"));
            told.push((got.status, got.body.len()));
        }
        assert_eq!(told[0], told[1], "{}", speech.realm);
        world.advance_secs(900);
        assert!(login(&server, speech.realm, "ada", PASSWORD, "192.0.2.99").await.body.contains("oken"));
    }
}

#[tokio::test]
async fn a_lock_is_told_in_the_words_that_the_dialect_has_for_a_failed_login() {
    let world = World::new().await;
    let (_, server) = world.limited(LimitConfig { account_failures: 1, ..LimitConfig::default() }).await;
    for realm in ["apitickets", "integra", "gatego", "stockapi", "investgo"] {
        login(&server, realm, "ada", "wrong", "192.0.2.1").await;
    }
    let locked = async |realm| login(&server, realm, "ada", PASSWORD, "192.0.2.2").await;
    assert_eq!(bare(&locked("apitickets").await), (200, r#"{"Respuesta":false,"Token":"","Datos":null}"#.into()));
    assert_eq!(
        (locked("integra").await.status, locked("integra").await.text("message")),
        (401, "Invalid credentials".into())
    );
    assert_eq!(
        (locked("gatego").await.status, locked("gatego").await.text("error_code")),
        (401, "bad-credentials".into())
    );
    assert_eq!(bare(&locked("stockapi").await), (401, r#"{"message":"Usuario no encontrado"}"#.into()));
    let investgo = locked("investgo").await;
    assert_eq!((investgo.status, investgo.text("message")), (500, "Credenciales ivalidas".into()));
}

#[tokio::test]
async fn an_address_that_fails_at_many_accounts_gets_429_in_every_dialect() {
    let world = World::new().await;
    for speech in &TABLE {
        let (_, server) = world.limited(LimitConfig { address_failures: 3, ..LimitConfig::default() }).await;
        for username in ["one", "two", "three"] {
            login(&server, speech.realm, username, "wrong", "2001:db8::1").await;
        }
        let got = login(&server, speech.realm, "ada", PASSWORD, "2001:db8::2").await;
        assert_eq!((got.status, got.header("retry-after")), (429, Some("300")), "{}", speech.realm);
        assert!(got.header("access-control-expose-headers").is_some_and(|it| it.contains("ratelimit")));
        assert!(login(&server, speech.realm, "ada", PASSWORD, "2001:db8:0:1::1").await.status == 200);
    }
}

#[tokio::test]
async fn what_is_no_login_counts_for_nothing() {
    let world = World::new().await;
    let (_, server) =
        world.limited(LimitConfig { account_failures: 1, address_failures: 1, ..LimitConfig::default() }).await;
    for _ in 0..3 {
        let short = login(&server, "integra", "ad", "wrong", "192.0.2.1").await;
        assert_eq!((short.status, short.header("ratelimit")), (400, None));
        assert_eq!(login(&server, "integra", "ada", PASSWORD, "192.0.2.1").await.status, 200);
    }
}

#[tokio::test]
async fn behind_a_trusted_proxy_the_clients_are_told_apart_and_nobody_can_be_another() {
    let world = World::new().await;
    let trusted_proxies = vec!["10.0.0.0/8".parse().expect("a network")];
    let (_, server) =
        world.limited(LimitConfig { address_failures: 1, trusted_proxies, ..LimitConfig::default() }).await;
    let ask = |peer: &'static str, client: &str, password| {
        let speech = speech("integra");
        let ask = server.post(&speech.login_path()).json(speech.credentials("grace", password));
        ask.header("x-forwarded-for", client).from(peer).send()
    };
    assert_eq!(ask("10.0.0.1", "192.0.2.1", "wrong").await.status, 401);
    assert_eq!(ask("10.0.0.1", "192.0.2.1", PASSWORD).await.status, 429);
    assert_eq!(ask("10.0.0.1", "6.6.6.6, 192.0.2.1", PASSWORD).await.status, 429);
    assert_eq!(ask("10.0.0.1", "192.0.2.2", PASSWORD).await.status, 200);
    assert_eq!(ask("192.0.2.3", "192.0.2.4", "wrong").await.status, 401);
    assert_eq!(ask("192.0.2.3", "192.0.2.5", PASSWORD).await.status, 429);
}

#[tokio::test]
async fn a_restart_lifts_no_lock() {
    let world = World::new().await;
    let (one, server) = world.limited(LimitConfig { account_failures: 1, ..LimitConfig::default() }).await;
    let wrong = login(&server, "integra", "ada", "wrong", "192.0.2.1").await;
    assert_eq!(wrong.status, 401);
    one.settle().await;
    let (_, server) = world.limited(LimitConfig { account_failures: 1, ..LimitConfig::default() }).await;
    let got = login(&server, "integra", "ada", PASSWORD, "192.0.2.2").await;
    assert_eq!((got.status, got.header("retry-after")), (401, Some("900")));
}

#[tokio::test]
async fn a_validation_letter_is_sent_only_so_often() {
    let world = World::new().await;
    let (_, server) = world.limited(LimitConfig { account_failures: 3, ..LimitConfig::default() }).await;
    let nova = login(&server, "gatego", "nova", PASSWORD, "192.0.2.1").await;
    let body = serde_json::json!({ "resend_code": nova.json()["extra_attributes"]["resend_code"] });
    let resend =
        || server.post("/gatego/api/public/account/validate/resend").json(body.clone()).from("192.0.2.1").send();
    for _ in 0..3 {
        assert_eq!(resend().await.status, 204);
    }
    let got = resend().await;
    assert!(got.status != 204 && got.header("retry-after").is_some(), "{got:?}");
    assert_eq!(world.outbox.letters("gatego").len(), 3);
}

#[tokio::test]
async fn a_server_without_limits_says_nothing_of_any() {
    let world = World::new().await;
    let got = world.login("apitickets", "ada", "wrong").await;
    assert_eq!(got.whole(&[]), json_answer(200, r#"{"Respuesta":false,"Token":"","Datos":null}"#));
}
