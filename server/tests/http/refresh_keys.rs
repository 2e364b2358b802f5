//! The secrets of refresh tokens rotate, and nobody is signed out by it.

use crate::support::{Got, PASSWORD, Twin, World, claims};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use relatch_server::config::RealmConfig;
use relatch_server::keys::{KeyPurpose, MasterKey, NOTICE_MS, reseal, rotate};
use relatch_server::passwords::Passwords;
use relatch_server::realm::Realm;
use relatch_server::services::MemoryOutbox;
use relatch_server::store::{EndReason, Keys, Retirement, SessionId, Sessions, StoreError};
use relatch_server::{Server, router};
use serde_json::json;
use std::sync::Arc;

const PATH: &str = "/gatego/auth/refresh-token";
const KEY: &str = "0123456789abcdef0123456789abcdef";
const ALG: &str = "relatch-refresh-1";

fn gatego(world: &World) -> &Realm {
    world.server.realms().iter().find(|it| it.name == "gatego").expect("gatego")
}

async fn rotated(world: &World, notice_ms: i64) -> String {
    let now_ms = world.clock.now_ms();
    let done = rotate(gatego(world), KeyPurpose::Refresh, &world.store, now_ms, now_ms + notice_ms, None).await;
    done.expect("a rotation").expect("a key")
}

async fn look(world: &World) {
    world.server.look_after_keys().await.expect("the store");
}

async fn login(world: &World) -> Got {
    world.login("gatego", "ada", PASSWORD).await
}

async fn refresh(world: &World, token: &str) -> Got {
    world.post(PATH).header("idempotency-key", KEY).json(json!({ "refresh_token": token })).send().await
}

fn next(got: &Got) -> String {
    assert_eq!(got.status, 200, "{got:?}");
    got.text("refresh_token")
}

fn session_of(got: &Got) -> SessionId {
    let jti = claims(&got.text("access_token"))["jti"].as_str().expect("jti").to_owned();
    SessionId(uuid::Uuid::try_parse(jti.split('.').next().expect("a part")).expect("a UUID"))
}

/// The name of the secret that the session's row has.
async fn named(world: &World, got: &Got) -> String {
    let (session, _) = world.store.session("gatego", session_of(got)).await.expect("the store").expect("a session");
    session.renewing.expect("renewable").by.key_id
}

#[tokio::test]
async fn a_session_goes_on_through_a_rotation_and_moves_to_the_new_secret_as_it_renews() {
    let world = World::new().await;
    let (first, idle) = (login(&world).await, login(&world).await);
    let old = gatego(&world).refresh_keys.ids();
    let new = rotated(&world, NOTICE_MS).await;
    look(&world).await;
    let announced = refresh(&world, &next(&first)).await;
    assert_eq!(named(&world, &announced).await, old[0], "it is announced, and not used yet");
    world.advance_secs(60);
    let moved = refresh(&world, &next(&announced)).await;
    assert_eq!((named(&world, &moved).await, named(&world, &idle).await), (new.clone(), old[0].clone()));
    assert_eq!(next(&refresh(&world, &next(&announced)).await), next(&moved), "its repetition is the same");
    assert_eq!(refresh(&world, &next(&moved)).await.status, 200);
    assert_eq!(named(&world, &login(&world).await).await, new);
    // A day before the idle session would have ended: a month is what a refresh token of gatego lives.
    world.advance_secs(29 * 24 * 3600);
    look(&world).await;
    let late = refresh(&world, &next(&idle)).await;
    assert_eq!(named(&world, &late).await, new);
    world.advance_secs(29 * 24 * 3600);
    look(&world).await;
    assert_eq!(next(&refresh(&world, &next(&idle)).await), next(&late), "an answer that got lost, a month later");
    world.advance_secs(3 * 24 * 3600);
    look(&world).await;
    assert_eq!(gatego(&world).refresh_keys.ids(), [new], "nothing can need the old one any more");
}

#[tokio::test]
async fn a_repetition_across_a_rotation_gives_the_same_successor() {
    let world = World::new().await;
    let first = login(&world).await;
    let lost = refresh(&world, &next(&first)).await;
    rotated(&world, 0).await;
    look(&world).await;
    assert_eq!(next(&refresh(&world, &next(&first)).await), next(&lost), "the step was made with the old secret");
    let again = refresh(&world, &next(&lost)).await;
    assert_eq!(next(&refresh(&world, &next(&lost)).await), next(&again), "this one with the new");
    // What is spent is spent, whichever secret made it.
    assert_eq!(refresh(&world, &next(&first)).await.status, 401);
    let (session, _) = world.store.session("gatego", session_of(&first)).await.expect("the store").expect("a session");
    assert_eq!(session.ended.map(|it| it.1), Some(EndReason::Theft));
}

/// Another process on the same store, as it starts.
async fn process(world: &World, master_key: Option<MasterKey>) -> Result<(Server, Twin), StoreError> {
    let dialect = gatego(world).dialect.clone();
    let config = RealmConfig { master_key, ..RealmConfig::of(dialect).expect("an issuing dialect") };
    let realm = Realm::open(&config, &world.store, world.clock.now_ms()).await?;
    let (store, outbox) = (Arc::new(world.store.clone()), Arc::new(MemoryOutbox::default()));
    let server = Server::new(vec![realm], store, Passwords::new(2, 8), world.clock.clone(), outbox);
    Ok((server.clone(), Twin::of(router(server))))
}

#[tokio::test]
async fn a_process_that_has_not_read_the_new_secret_yet_signs_nobody_out() {
    let world = World::new().await;
    let first = login(&world).await;
    rotated(&world, 0).await;
    let (_, ahead) = process(&world, None).await.expect("a server");
    let renew = |token: String| ahead.post(PATH).header("idempotency-key", KEY).json(json!({ "refresh_token": token }));
    let moved = renew(next(&first)).send().await;
    assert_eq!(next(&refresh(&world, &next(&first)).await), next(&moved), "the repetition comes to the other");
    let onward = renew(next(&moved)).send().await;
    assert_eq!(next(&refresh(&world, &next(&moved)).await), next(&onward));
    assert_eq!(refresh(&world, &next(&onward)).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn renewals_that_race_with_a_rotation_all_get_one_successor() {
    let world = Arc::new(World::new().await);
    let token = next(&login(&world).await);
    rotated(&world, 0).await;
    let ahead = Arc::new(process(&world, None).await.expect("a server").1);
    let tasks: Vec<_> = (0..32)
        .map(|at| {
            let (world, ahead, token) = (Arc::clone(&world), Arc::clone(&ahead), token.clone());
            tokio::spawn(async move {
                if at % 2 == 0 {
                    return refresh(&world, &token).await;
                }
                ahead.post(PATH).json(json!({ "refresh_token": token })).send().await
            })
        })
        .collect();
    let mut successors = std::collections::HashSet::new();
    for task in tasks {
        successors.insert(next(&task.await.expect("no panic")));
    }
    assert_eq!(successors.len(), 1);
}

#[tokio::test]
async fn a_secret_that_sessions_need_is_retired_with_them_only() {
    let world = World::new().await;
    let (left, moving) = (login(&world).await, login(&world).await);
    let old = gatego(&world).refresh_keys.ids()[0].clone();
    let retire = |ends| world.store.retire_signing_key("gatego", &old, world.clock.now_ms(), ends);
    assert_eq!(retire(true).await.expect("the store"), Retirement::Refused, "the only one");
    rotated(&world, 0).await;
    look(&world).await;
    let moved = refresh(&world, &next(&moving)).await;
    assert_eq!(retire(false).await.expect("the store"), Retirement::Needed(1));
    assert_eq!(world.profile("gatego", &left.text("access_token")).await.status, 200);
    assert_eq!(retire(true).await.expect("the store"), Retirement::Done(1));
    look(&world).await;
    assert_eq!(world.profile("gatego", &left.text("access_token")).await.status, 401, "at once");
    assert_eq!(refresh(&world, &next(&left)).await.status, 401);
    assert_eq!(refresh(&world, &next(&moved)).await.status, 200);
}

#[tokio::test]
async fn a_schedule_rotates_them_too_also_where_the_signing_key_is_configured_and_once_a_day_at_most() {
    let world = World::with(|realm| realm.rotate_every_secs = Some(3600)).await;
    world.advance_secs(7200);
    look(&world).await;
    assert_eq!(gatego(&world).refresh_keys.ids().len(), 1);
    world.advance_secs(23 * 3600);
    look(&world).await;
    look(&world).await;
    assert_eq!(gatego(&world).refresh_keys.ids().len(), 2, "once");
    assert_eq!(gatego(&world).keys.ids(), ["configured"]);
}

#[tokio::test]
async fn a_realm_without_refresh_tokens_has_none_to_rotate() {
    let world = World::new().await;
    let stockapi = world.server.realms().iter().find(|it| it.name == "stockapi").expect("stockapi");
    let refused = rotate(stockapi, KeyPurpose::Refresh, &world.store, 0, 0, None).await;
    assert!(matches!(refused, Err(StoreError::Key { .. })), "{refused:?}");
}

fn master(byte: u8) -> MasterKey {
    MasterKey::parse(&STANDARD.encode([byte; 32])).expect("a key")
}

#[tokio::test]
async fn a_process_with_the_master_key_from_before_goes_on_and_stores_nothing_under_it() {
    for before in [None, Some(master(1))] {
        let world = World::with(|realm| {
            realm.secret = None;
            realm.master_key = before.clone();
            realm.rotate_every_secs = Some(24 * 3600);
        })
        .await;
        let first = login(&world).await;
        assert!(reseal(&world.store, before.as_ref(), &master(2)).await.expect("sealed") > 0);
        assert_eq!(world.profile("gatego", &first.text("access_token")).await.status, 200);
        let second = refresh(&world, &next(&first)).await;
        let third = login(&world).await;
        world.advance_secs(24 * 3600);
        let refused = world.server.look_after_keys().await.expect_err("its schedule").to_string();
        assert!(refused.contains("sealed under a master key") && refused.contains("start it anew"), "{refused}");
        assert_eq!(world.store.signing_keys("gatego", ALG).await.expect("the store").len(), 1);

        // One that has the new master key rotates; the old process says so and keeps sessions.
        let (server, ahead) = process(&world, Some(master(2))).await.expect("a server");
        let (realm, now_ms) = (&server.realms()[0], world.clock.now_ms());
        for purpose in [KeyPurpose::Signing, KeyPurpose::Refresh] {
            rotate(realm, purpose, &world.store, now_ms, now_ms, None).await.expect("a rotation");
        }
        server.look_after_keys().await.expect("the store");
        let ask = |token: String| ahead.post(PATH).json(json!({ "refresh_token": token }));
        let onward = ask(next(&second)).send().await;
        assert_eq!(refresh(&world, &next(&onward)).await.status, 500, "a failure, and no end of the session");
        assert_eq!(refresh(&world, &next(&third)).await.status, 200);
        assert_eq!(ask(next(&onward)).send().await.status, 200);
    }
}

#[tokio::test]
async fn everything_is_sealed_anew_or_nothing_and_it_can_be_done_again() {
    let world = World::with(|realm| {
        realm.secret = None;
        realm.master_key = Some(master(1));
    })
    .await;
    let first = login(&world).await;
    let stored = || async { world.store.signing_keys("gatego", ALG).await.expect("the store") };
    let before = stored().await;
    for wrong in [None, Some(&master(3))] {
        let refused = reseal(&world.store, wrong, &master(2)).await.expect_err("another master key").to_string();
        assert!(refused.contains("signing key") && refused.contains("of realm"), "{refused}");
        assert!(stored().await == before);
    }
    let count = reseal(&world.store, Some(&master(1)), &master(2)).await.expect("sealed");
    // Five signing keys, and one secret for each realm that renews by endpoint.
    assert!(count > 5, "{count}");
    for old in [None, Some(&master(1)), Some(&master(2))] {
        assert_eq!(reseal(&world.store, old, &master(2)).await.expect("sealed"), 0, "again");
    }
    assert!(process(&world, Some(master(1))).await.is_err());
    let (_, twin) = process(&world, Some(master(2))).await.expect("a server");
    let renewed = twin.post(PATH).json(json!({ "refresh_token": next(&first) })).send().await;
    assert_eq!(renewed.status, 200);
}
