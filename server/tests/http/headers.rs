//! Headers that every answer has.

use crate::support::{PASSWORD, TABLE, World};

#[tokio::test]
async fn no_answer_may_be_sniffed_framed_or_referred_from() {
    let world = World::new().await;
    for speech in &TABLE {
        let login = world.login(speech.realm, "ada", PASSWORD).await;
        let refused = world.login(speech.realm, "ada", "wrong").await;
        let profile = world.get(&speech.profile_path()).send().await;
        let forwarded = world.get(&format!("/forward-auth/{}", speech.realm)).send().await;
        let nowhere = world.get("/nowhere").send().await;
        let preflight = world.ask("OPTIONS", &speech.login_path()).header("origin", "https://app.example.com");
        let preflight = preflight.header("access-control-request-method", "POST").send().await;
        for got in [login, refused, profile, forwarded, nowhere, preflight] {
            assert_eq!(got.header("x-content-type-options"), Some("nosniff"), "{got:?}");
            assert_eq!(got.header("x-frame-options"), Some("DENY"));
            assert_eq!(got.header("referrer-policy"), Some("no-referrer"));
            assert_eq!(got.header("content-security-policy"), Some("default-src 'none'; frame-ancestors 'none'"));
        }
    }
}
