//! When the server itself cannot: overloaded, broken below, or at fault.

use crate::support::{ORIGIN, PASSWORD, TABLE, World, json_answer};
use relatch_server::passwords::{PasswordScheme, Passwords};
use relatch_server::services::{Letter, Outbox, Sending};
use serde_json::json;
use std::sync::Arc;

/// Takes a second or so, during which nobody else gets at a pool of one.
const LONG: PasswordScheme = PasswordScheme::Argon2id { memory_kib: 128 * 1024, passes: 8, lanes: 1 };

#[tokio::test]
async fn beyond_the_password_queue_every_login_is_told_to_come_back_whoever_asks() {
    let world = World::new().await;
    let passwords = Passwords::new(1, 0);
    let crowded = world.served_by(passwords.clone(), Arc::clone(&world.outbox) as _);
    let hashing = tokio::spawn(async move { passwords.hash("x", LONG).await });
    tokio::task::yield_now().await;
    for speech in &TABLE {
        // Who did not have to stand in the queue would cost no time, and be known by that.
        for (username, password) in [("ada", PASSWORD), ("ada", "wrong"), ("nobody", PASSWORD), ("dora", PASSWORD)] {
            let ask = crowded.post(&speech.login_path()).json(speech.credentials(username, password));
            let got = ask.header("origin", ORIGIN).send().await;
            assert_eq!((got.status, got.header("retry-after")), (503, Some("1")), "{} {username}", speech.realm);
            assert_eq!(got.header("access-control-allow-origin"), Some(ORIGIN));
            assert!(got.json().get("status").is_none_or(|it| it == 503), "{got:?}");
        }
    }
    assert!(!hashing.is_finished(), "the pool was not busy all the time");
    hashing.await.expect("no panic").expect("a hash");
    let ask = crowded.post("/gatego/auth/login").json(json!({ "username": "ada", "password": PASSWORD }));
    assert_eq!(ask.send().await.status, 200);
}

/// An outbox that is at fault.
struct Broken {
    panics: bool,
}

impl Outbox for Broken {
    fn send(&self, _: Letter) -> Sending<'_> {
        assert!(!self.panics, "an outbox that panics");
        Box::pin(std::future::ready(Err(std::io::Error::other("the disk is full"))))
    }
}

#[tokio::test]
async fn a_failure_below_and_a_panic_are_a_500_that_tells_nothing() {
    let world = World::new().await;
    for panics in [false, true] {
        let broken = world.served_by(Passwords::new(4, 64), Arc::new(Broken { panics }));
        let nova = broken.post("/gatego/auth/login").json(json!({ "username": "nova", "password": PASSWORD }));
        let code = nova.send().await.json()["extra_attributes"]["resend_code"].clone();
        let resend = broken.post("/gatego/api/public/account/validate/resend").json(json!({ "resend_code": code }));
        let got = resend.header("origin", ORIGIN).send().await;
        assert_eq!(
            got.whole(&["trace_id"]),
            json_answer(
                500,
                r#"{"error_code":"internal-error","extra_attributes":{},"trace_id":"<trace_id>","message":"Something went wrong on the server: try again later."}"#
            )
        );
        assert_eq!(got.header("access-control-allow-origin"), Some(ORIGIN));
        assert_eq!(broken.get("/gatego/me").send().await.status, 401, "the server goes on");
    }
}

#[tokio::test]
async fn a_client_that_hangs_up_does_not_stop_what_it_asked_for() {
    let world = World::new().await;
    let token = world.token("gatego", "ada").await;
    let asking = tokio::spawn(world.post("/gatego/logout").bearer(&token).send());
    tokio::task::yield_now().await;
    asking.abort();
    assert!(asking.await.is_err(), "the client did not wait");
    for _ in 0..6000 {
        if world.profile("gatego", &token).await.status == 401 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the session was not ended");
}
