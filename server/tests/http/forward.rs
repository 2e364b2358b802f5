//! Forward authentication, asked directly.

use crate::support::{PASSWORD, TABLE, World, speech};
use serde_json::json;

#[tokio::test]
async fn a_good_token_is_answered_with_who_it_is_in_every_realm() {
    let world = World::new().await;
    for speech in &TABLE {
        let token = world.token(speech.realm, "ada").await;
        let got = world.get(&format!("/forward-auth/{}", speech.realm)).bearer(&token).send().await;
        let account = world.account(speech.realm, "ada").await;
        assert_eq!((got.status, got.body.as_str()), (204, ""), "{got:?}");
        assert_eq!(got.header("remote-user"), account.username.as_deref());
        assert_eq!(got.header("remote-id"), Some(account.id.to_string().as_str()));
        assert_eq!(got.header("remote-groups"), Some(account.roles.join(",").as_str()));
        assert_eq!(got.header("remote-email"), Some("ada@example.com"));
        assert!(got.header("remote-organization").is_some(), "empty rather than absent, so that none can be forged");
        assert_eq!(got.header("cache-control"), Some("no-store"));
    }
}

#[tokio::test]
async fn everything_else_is_a_401_or_403_in_the_dialects_words() {
    let world = World::new().await;
    for speech in &TABLE {
        let path = format!("/forward-auth/{}", speech.realm);
        let (token, dora) = (world.token(speech.realm, "ada").await, world.account(speech.realm, "dora").await);
        assert!(!dora.enabled);
        for (got, (status, _)) in [
            (world.get(&path).send().await, speech.missing),
            (world.get(&path).bearer("no.good.token").send().await, speech.expired),
            (world.get(&path).bearer(&token).header("authorization", "Bearer x").send().await, speech.malformed),
        ] {
            assert_eq!(got.status, status, "{}: {got:?}", speech.realm);
            assert!([401, 403].contains(&got.status) && got.header("remote-user").is_none(), "{got:?}");
            assert!(speech.error_members.iter().all(|it| got.body.is_empty() || got.body.contains(it)), "{got:?}");
        }
        world.set_enabled(speech.realm, "ada", false).await;
        let got = world.get(&path).bearer(&token).send().await;
        assert_eq!(got.status, speech.disabled.0, "{got:?}");
    }
}

#[tokio::test]
async fn a_role_can_be_asked_for_and_a_misspelt_one_shuts_nobody_in_or_out_silently() {
    let world = World::new().await;
    let (ada, grace) = (world.token("stockapi", "ada").await, world.token("stockapi", "grace").await);
    let ask = |query: &str, token: &str| world.get(&format!("/forward-auth/stockapi?{query}")).bearer(token);
    assert_eq!(ask("role=developer", &ada).send().await.status, 204);
    let got = ask("role=developer", &grace).send().await;
    assert_eq!((got.status, got.body.as_str()), speech("stockapi").forbidden);
    assert_eq!(ask("role=developer&role=vendedor", &grace).send().await.status, 204);
    assert_eq!(ask("role=developer&authority=developer", &ada).send().await.status, 204);
    assert_eq!(ask("role=vendedor&authority=developer", &grace).send().await.status, 403);
    assert_eq!(ask("role=developr", &ada).send().await.status, 500);
    assert_eq!(ask("authority=nothing", &ada).send().await.status, 500);
}

#[tokio::test]
async fn an_organization_that_the_caller_may_not_act_for_is_refused() {
    let world = World::new().await;
    let login = world.login("gatego", "grace", PASSWORD).await;
    let token = login.text("access_token");
    let ask = || world.get("/forward-auth/gatego").bearer(&token);
    assert_eq!(ask().send().await.status, 204);
    assert_eq!(ask().header("organization_id", "999999").send().await.status, 403);
}

#[tokio::test]
async fn a_token_is_good_in_its_own_realm_only() {
    let world = World::new().await;
    let token = world.token("gatego", "ada").await;
    assert_eq!(world.get("/forward-auth/integra").bearer(&token).send().await.status, 401);
    let nowhere = world.get("/forward-auth/nowhere").bearer(&token).send().await;
    assert_eq!((nowhere.status, nowhere.json()), (404, json!({ "error": "not-found" })));
}
