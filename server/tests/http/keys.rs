//! Keys: who signs, what verifies, what is published, and how one follows the other.

use crate::support::{TABLE, World, claims, header, secret_of, speech};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, crypto};
use relatch_server::config::RealmConfig;
use relatch_server::keys::{KeyPurpose, MasterKey, NOTICE_MS, rotate};
use relatch_server::realm::Realm;
use relatch_server::store::{Keys, Retirement, StoreError};
use serde_json::{Value, json};

const JWKS: &str = "/gatego/.well-known/jwks.json";

/// The five realms with keys of their own making.
async fn world() -> World {
    World::with(|realm| realm.secret = None).await
}

async fn world_signing_with(alg: &'static str) -> World {
    World::with(|realm| {
        if realm.name == "gatego" {
            realm.secret = None;
            realm.sign_with(alg);
            realm.issuer = Some("https://api.example.com/gatego".into());
        }
    })
    .await
}

fn gatego(world: &World) -> &Realm {
    world.server.realms().iter().find(|it| it.name == "gatego").expect("gatego")
}

async fn rotated(world: &World, notice_ms: i64) -> String {
    let now_ms = world.clock.now_ms();
    let done = rotate(gatego(world), KeyPurpose::Signing, &world.store, now_ms, now_ms + notice_ms, None).await;
    done.expect("a rotation").expect("a key")
}

async fn look(world: &World) {
    world.server.look_after_keys().await.expect("the store");
}

#[tokio::test]
async fn every_algorithm_signs_and_verifies_and_the_header_names_the_key() {
    for alg in ["HS256", "HS384", "HS512", "RS256", "ES256", "EdDSA"] {
        let world = world_signing_with(alg).await;
        let token = world.token("gatego", "ada").await;
        assert_eq!(world.profile("gatego", &token).await.status, 200, "{alg}");
        let header: Value = serde_json::from_str(&header(&token)).expect("JSON");
        let kid = (alg != "HS256").then(|| gatego(&world).keys.ids()[0].clone());
        assert_eq!(header["alg"], alg);
        assert_eq!(header["kid"].as_str(), kid.as_deref(), "{alg}: only where the page does not fix the header");
    }
}

#[tokio::test]
async fn the_published_keys_verify_the_tokens_and_hold_no_private_half() {
    for alg in ["RS256", "ES256", "EdDSA"] {
        let world = world_signing_with(alg).await;
        let token = world.token("gatego", "ada").await;
        let got = world.get(JWKS).send().await;
        assert_eq!(got.status, 200);
        let body = got.json();
        let key = &body["keys"][0];
        assert_eq!((&key["alg"], &key["use"]), (&json!(alg), &json!("sig")));
        for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            assert!(key.get(private).is_none(), "{alg}: {private}");
        }
        let set: JwkSet = serde_json::from_value(body).expect("a key set");
        let header: Value = serde_json::from_str(&header(&token)).expect("JSON");
        let jwk = set.find(header["kid"].as_str().expect("kid")).expect("the key");
        let (message, signature) = token.rsplit_once('.').expect("dots");
        let key = DecodingKey::from_jwk(jwk).expect("a key");
        let verified = crypto::verify(signature, message.as_bytes(), &key, alg.parse().expect("an algorithm"));
        assert!(verified.expect("a verdict"), "{alg}");
    }
}

#[tokio::test]
async fn metadata_says_where_the_keys_are_and_nothing_that_is_not_so() {
    let world = world_signing_with("ES256").await;
    let got = world.get("/gatego/.well-known/oauth-authorization-server").send().await;
    let expected = json!({
        "issuer": "https://api.example.com/gatego",
        "jwks_uri": "https://api.example.com/gatego/.well-known/jwks.json",
        "response_types_supported": [], "grant_types_supported": [],
    });
    assert_eq!((got.status, got.json()), (200, expected));
}

#[tokio::test]
async fn realms_that_sign_with_a_secret_publish_nothing_and_say_so_in_their_dialect() {
    let world = World::new().await;
    for speech in &TABLE {
        for document in ["jwks.json", "oauth-authorization-server"] {
            let got = world.get(&speech.path(&format!("/.well-known/{document}"))).send().await;
            let nowhere = world.get(&speech.path("/nowhere")).send().await;
            assert_eq!(got.status, nowhere.status, "{}", speech.realm);
            assert!(!format!("{got:?}").contains(r#""keys""#), "{}", speech.realm);
        }
    }
}

#[tokio::test]
async fn a_rotation_of_another_process_is_followed_with_overlap() {
    let world = world().await;
    let before = world.token("gatego", "ada").await;
    let first = gatego(&world).keys.ids();
    let second = rotated(&world, NOTICE_MS).await;
    look(&world).await;
    assert_eq!(gatego(&world).keys.ids(), [second.clone(), first[0].clone()], "both live");
    let announced = world.token("gatego", "ada").await;
    world.advance_secs(61);
    let after = world.token("gatego", "ada").await;
    for token in [&before, &announced, &after] {
        assert_eq!(world.profile("gatego", token).await.status, 200, "old tokens go on");
    }
    world.advance_secs(3600);
    look(&world).await;
    assert_eq!(gatego(&world).keys.ids(), [second], "the old key has ended with its last token");
}

#[tokio::test]
async fn an_announced_key_does_not_sign_until_its_time_has_come() {
    let world = world_signing_with("ES256").await;
    let first = gatego(&world).keys.ids()[0].clone();
    let second = rotated(&world, NOTICE_MS).await;
    look(&world).await;
    let kid = |token: &str| serde_json::from_str::<Value>(&header(token)).expect("JSON")["kid"].clone();
    assert_eq!(kid(&world.token("gatego", "ada").await), json!(first));
    let published = world.get(JWKS).send().await.json();
    assert_eq!(published["keys"].as_array().expect("keys").len(), 2, "announced before it signs");
    world.advance_secs(60);
    assert_eq!(kid(&world.token("gatego", "ada").await), json!(second));
}

#[tokio::test]
async fn what_a_retired_key_signed_is_refused_in_the_dialect() {
    let world = world().await;
    let first = gatego(&world).keys.ids()[0].clone();
    let (seen, unseen) = (world.token("gatego", "ada").await, world.unseen_token("gatego", "ada").await);
    rotated(&world, 0).await;
    let retired = world.store.retire_signing_key("gatego", &first, world.clock.now_ms(), false).await;
    assert_eq!(retired.expect("the store"), Retirement::Done(0));
    look(&world).await;
    for token in [seen, unseen] {
        assert_eq!(world.profile("gatego", &token).await.status, speech("gatego").expired.0);
    }
    let token = world.token("gatego", "ada").await;
    assert_eq!(world.profile("gatego", &token).await.status, 200);
}

#[tokio::test]
async fn a_schedule_rotates_when_the_newest_key_is_old_enough_and_not_before() {
    let world = World::with(|realm| {
        realm.secret = None;
        realm.rotate_every_secs = Some(86_400);
    })
    .await;
    look(&world).await;
    assert_eq!(gatego(&world).keys.ids().len(), 1);
    world.advance_secs(86_400);
    look(&world).await;
    look(&world).await;
    assert_eq!(gatego(&world).keys.ids().len(), 2, "once");
}

#[tokio::test]
async fn a_configured_key_is_not_rotated() {
    let world = World::with(|realm| realm.rotate_every_secs = Some(3600)).await;
    world.advance_secs(7200);
    look(&world).await;
    assert_eq!(gatego(&world).keys.ids(), ["configured"]);
    let refused = rotate(gatego(&world), KeyPurpose::Signing, &world.store, 0, 0, None).await;
    assert!(matches!(refused, Err(StoreError::Key { .. })));
}

#[tokio::test]
async fn leeway_is_given_at_both_ends_where_it_is_configured_and_nowhere_else() {
    for (leeway_secs, at, expected) in [(0, 3600, 401), (0, 3599, 200), (5, 3604, 200), (5, 3605, 401)] {
        let world = World::with(|realm| realm.leeway_secs = leeway_secs).await;
        let token = world.token("gatego", "ada").await;
        world.advance_secs(at);
        assert_eq!(world.profile("gatego", &token).await.status, expected, "{leeway_secs} s, after {at} s");
    }
    for (leeway_secs, expected) in [(0, 401), (5, 200)] {
        let world = World::with(|realm| realm.leeway_secs = leeway_secs).await;
        let token = world.token("gatego", "ada").await;
        world.advance_secs(-5);
        assert_eq!(world.profile("gatego", &token).await.status, expected, "{leeway_secs} s, issued 5 s ahead");
    }
}

fn master(byte: u8) -> MasterKey {
    MasterKey::parse(&STANDARD.encode([byte; 32])).expect("a key")
}

/// gatego once more, as another process opens it on the same store.
async fn reopened(world: &World, master_key: Option<MasterKey>) -> Result<Realm, StoreError> {
    let dialect = gatego(world).dialect.clone();
    let config = RealmConfig { master_key, ..RealmConfig::of(dialect).expect("an issuing dialect") };
    Realm::open(&config, &world.store, world.clock.now_ms()).await
}

#[tokio::test]
async fn keys_are_sealed_once_there_is_a_master_key_and_open_under_no_other() {
    let world = world().await;
    let plain = world.store.signing_keys("gatego", "HS256").await.expect("the store");
    let sealed = reopened(&world, Some(master(1))).await.expect("a realm");
    let stored = world.store.signing_keys("gatego", "HS256").await.expect("the store");
    assert!(stored[0].sealed && stored[0].secret != plain[0].secret);
    assert_eq!(sealed.keys.ids(), [plain[0].id.clone()], "the same key");
    let wrong = reopened(&world, Some(master(2))).await.expect_err("another master key").to_string();
    assert!(wrong.contains(&plain[0].id) && wrong.contains("another master key"), "{wrong}");
    let none = reopened(&world, None).await.expect_err("no master key").to_string();
    assert!(none.contains("no master key is configured"), "{none}");
}

#[tokio::test]
async fn a_token_of_one_realms_key_is_nothing_to_another() {
    let world = world().await;
    let token = world.token("gatego", "ada").await;
    assert_eq!(world.profile("integra", &token).await.status, speech("integra").expired.0);
    assert!(claims(&token)["jti"].is_string());
    assert_ne!(secret_of("gatego"), secret_of("integra"));
}

#[tokio::test]
async fn the_secret_of_refresh_tokens_is_sealed_too_and_signs_nothing() {
    const ALG: &str = "relatch-refresh-1";
    let world = world().await;
    let plain = world.store.signing_keys("gatego", ALG).await.expect("the store");
    let sealed = reopened(&world, Some(master(1))).await.expect("a realm");
    let stored = world.store.signing_keys("gatego", ALG).await.expect("the store");
    assert!(stored[0].sealed && stored[0].secret != plain[0].secret);
    assert_eq!(sealed.refresh_keys.ids(), [plain[0].id.clone()], "the same secret");
    assert!(!sealed.keys.ids().contains(&plain[0].id), "it signs nothing");
    assert!(reopened(&world, Some(master(2))).await.is_err());
}
