//! Renewal by refresh token: lost answers, races, stolen and forged tokens, lifetimes, and a database that came back.

use crate::support::{Got, PASSWORD, Twin, World, claims, log_text};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use relatch_dialects::DOCUMENTS;
use relatch_server::store::{EndReason, Session, SessionId, Sessions};
use serde_json::json;

const PATH: &str = "/gatego/auth/refresh-token";
const KEY: &str = "0123456789abcdef0123456789abcdef";
const HOUR_SECS: i64 = 3600;

async fn login(world: &World) -> Got {
    world.login("gatego", "ada", PASSWORD).await
}

async fn refresh(world: &World, token: &str) -> Got {
    world.post(PATH).json(json!({ "refresh_token": token })).send().await
}

async fn refresh_with(world: &World, token: &str, key: &str) -> Got {
    world.post(PATH).header("idempotency-key", key).json(json!({ "refresh_token": token })).send().await
}

/// The refresh token of an answer.
fn next(got: &Got) -> String {
    assert_eq!(got.status, 200, "{got:?}");
    got.text("refresh_token")
}

fn assert_expired(got: &Got) {
    assert_eq!((got.status, got.text("error_code").as_str()), (401, "token-expired"), "{got:?}");
    assert_eq!(got.header("idempotency-key"), None);
}

/// The row of the session that an answer's access token is of.
async fn row(world: &World, got: &Got) -> Session {
    let jti = claims(&got.text("access_token"))["jti"].as_str().expect("jti").to_owned();
    let id = uuid::Uuid::try_parse(jti.split('.').next().expect("a part")).expect("a UUID");
    world.store.session("gatego", SessionId(id)).await.expect("the store").expect("a session").0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_racing_renewals_with_one_token_all_get_one_successor_and_it_works() {
    let world = std::sync::Arc::new(World::new().await);
    let token = next(&login(&world).await);
    let tasks: Vec<_> = (0..64)
        .map(|_| {
            let (world, token) = (std::sync::Arc::clone(&world), token.clone());
            tokio::spawn(async move { refresh(&world, &token).await })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.expect("no panic"));
    }
    let successor = next(&answers[0]);
    for got in &answers {
        assert_eq!(next(got), successor);
        assert_eq!(world.profile("gatego", &got.text("access_token")).await.status, 200);
    }
    assert_eq!(row(&world, &answers[0]).await.generation, 2, "one step");
    assert_eq!(refresh(&world, &successor).await.status, 200);
}

#[tokio::test]
async fn an_answer_that_got_lost_is_given_again_an_hour_later_to_the_same_attempt() {
    let world = World::new().await;
    let token = next(&login(&world).await);
    let lost = refresh_with(&world, &token, KEY).await;
    world.advance_secs(HOUR_SECS);
    let again = refresh_with(&world, &token, KEY).await;
    assert_eq!(next(&again), next(&lost));
    assert_eq!(world.profile("gatego", &again.text("access_token")).await.status, 200, "it is fresh");
    world.advance_secs(24 * HOUR_SECS);
    assert_eq!(next(&refresh_with(&world, &token, &format!("\"{KEY}\"")).await), next(&lost));
    assert_eq!(row(&world, &lost).await.generation, 2, "no further step");
    let after = refresh(&world, &next(&lost)).await;
    assert_ne!(next(&after), next(&lost));
}

#[tokio::test]
async fn another_attempt_or_none_is_a_race_for_half_a_minute_and_theft_after_it() {
    for key in [None, Some("fedcba9876543210fedcba9876543210"), Some("short")] {
        let world = World::new().await;
        let token = next(&login(&world).await);
        let renewed = refresh_with(&world, &token, KEY).await;
        let again = || async {
            match key {
                None => refresh(&world, &token).await,
                Some(key) => refresh_with(&world, &token, key).await,
            }
        };
        world.advance_secs(30);
        assert_eq!(next(&again().await), next(&renewed));
        world.clock.advance_ms(1);
        assert_expired(&again().await);
        assert_eq!(row(&world, &renewed).await.ended.map(|it| it.1), Some(EndReason::Theft));
    }
}

#[tokio::test]
async fn two_renewals_without_a_key_are_no_match_for_each_other() {
    let world = World::new().await;
    let token = next(&login(&world).await);
    refresh(&world, &token).await;
    world.advance_secs(HOUR_SECS);
    assert_expired(&refresh(&world, &token).await);
}

#[tokio::test]
async fn a_stolen_token_ends_its_session_and_no_other_and_is_recorded() {
    let world = World::new().await;
    let (robbed, other) = (login(&world).await, login(&world).await);
    let stolen = next(&robbed);
    let second = refresh(&world, &stolen).await;
    let third = refresh_with(&world, &next(&second), KEY).await;
    // Two steps back is theft at once, and the attempt key of a later step helps nobody.
    assert_expired(&refresh_with(&world, &stolen, KEY).await);
    assert_expired(&refresh(&world, &next(&third)).await);
    let got = world.profile("gatego", &third.text("access_token")).await;
    assert_eq!(got.status, 401);
    let session = row(&world, &third).await;
    assert_eq!(session.ended.map(|it| it.1), Some(EndReason::Theft));
    assert!(log_text().contains(&format!("session={}", session.id)), "the event names the session");
    for secret in [&stolen, &next(&third), KEY] {
        assert!(!log_text().contains(secret), "and no secret");
    }
    assert_eq!(world.profile("gatego", &other.text("access_token")).await.status, 200);
    assert_eq!(refresh(&world, &next(&other)).await.status, 200);
    assert_eq!(login(&world).await.status, 200);
}

#[tokio::test]
async fn a_forged_token_for_a_known_session_changes_nothing() {
    let world = World::new().await;
    let first = login(&world).await;
    let renewed = refresh(&world, &next(&refresh(&world, &next(&first)).await)).await;
    let before = row(&world, &renewed).await;
    let genuine = URL_SAFE_NO_PAD.decode(next(&renewed)).expect("base64url");
    // Every bit of the token: form, session, each generation nearby, MAC.
    for at in 0..genuine.len() {
        for bit in 0..8 {
            let mut forged = genuine.clone();
            forged[at] ^= 1 << bit;
            assert_expired(&refresh_with(&world, &URL_SAFE_NO_PAD.encode(forged), KEY).await);
        }
    }
    assert_eq!(row(&world, &renewed).await, before);
    assert_eq!(world.profile("gatego", &renewed.text("access_token")).await.status, 200);
    assert_eq!(refresh(&world, &next(&renewed)).await.status, 200);
}

#[tokio::test]
async fn a_repetition_is_checked_like_a_renewal() {
    // By what it is ended, and how that is told.
    for (what, code) in [("logout", "token-expired"), ("disable", "inactive-account"), ("expire", "token-expired")] {
        let world = World::new().await;
        let token = next(&login(&world).await);
        let renewed = refresh_with(&world, &token, KEY).await;
        match what {
            "logout" => drop(world.post("/gatego/logout").bearer(&renewed.text("access_token")).send().await),
            "disable" => world.set_enabled("gatego", "ada", false).await,
            _ => world.advance_secs(2_592_000),
        }
        let got = refresh_with(&world, &token, KEY).await;
        assert_eq!((got.status, got.text("error_code").as_str()), (401, code), "{what}");
        if what == "disable" {
            world.set_enabled("gatego", "ada", true).await;
            assert_expired(&refresh_with(&world, &token, KEY).await);
        }
    }
}

#[tokio::test]
async fn a_session_ends_when_it_is_left_alone_and_when_its_time_has_come() {
    let world = World::with(|realm| {
        let renews = realm.name == "gatego";
        realm.refresh_lifetime_secs = renews.then_some(2 * 3600);
        realm.session_lifetime_secs = renews.then_some(5 * 3600);
    })
    .await;
    let idle = next(&login(&world).await);
    let mut token = idle.clone();
    for _ in 0..2 {
        world.advance_secs(2 * HOUR_SECS - 1);
        token = next(&refresh(&world, &token).await);
    }
    assert_expired(&refresh(&world, &idle).await);
    // That was theft, too; so once more for the session's own end.
    let mut token = next(&login(&world).await);
    for _ in 0..2 {
        world.advance_secs(2 * HOUR_SECS - 1);
        token = next(&refresh(&world, &token).await);
    }
    world.advance_secs(HOUR_SECS - 1);
    let last = refresh(&world, &token).await;
    let lasts = claims(&last.text("access_token"));
    assert_eq!(lasts["exp"].as_i64().expect("exp") - lasts["iat"].as_i64().expect("iat"), 3);
    world.advance_secs(3);
    assert_expired(&refresh(&world, &next(&last)).await);
    assert_eq!(world.profile("gatego", &last.text("access_token")).await.status, 401);
}

#[tokio::test]
async fn who_renewed_since_yesterdays_backup_stays_in() {
    let world = World::new().await;
    let (ada, left) = (login(&world).await, login(&world).await);
    let copy = world.back_up("yesterday.db").await;
    world.advance_secs(24 * HOUR_SECS);
    let mut newest = ada.clone();
    for _ in 0..5 {
        newest = refresh(&world, &next(&newest)).await;
    }
    world.post("/gatego/logout").bearer(&left.text("access_token")).send().await;
    let later = login(&world).await;

    let (twin, store) = world.restored(&copy).await;
    let refresh = |token: String| ask(&twin, token);
    let profile = |got: &Got| twin.get("/gatego/me").bearer(&got.text("access_token")).send();
    assert_eq!(profile(&newest).await.status, 200);
    let renewed = refresh(next(&newest)).await;
    assert_eq!(renewed.status, 200, "{renewed:?}");
    assert_eq!(next(&refresh(next(&newest)).await), next(&renewed), "and its repetition is one");
    assert_eq!(refresh(next(&renewed)).await.status, 200);
    assert_eq!(profile(&later).await.status, 401, "a session that the backup does not know");
    assert_expired(&refresh(next(&later)).await);

    // What was logged out since lives again, until the operator ends it.
    let alive = store.live_sessions(None, world.clock.now_ms(), 100).await.expect("the store");
    let revived = row(&world, &left).await.id;
    assert!(alive.iter().any(|(session, _)| session.id == revived));
    store.end_every_session(EndReason::Restored, world.clock.now_ms()).await.expect("the store");
    assert_expired(&refresh(next(&left)).await);
    assert_eq!(profile(&newest).await.status, 401);
}

async fn ask(twin: &Twin, token: String) -> Got {
    twin.post(PATH).json(json!({ "refresh_token": token })).send().await
}

#[tokio::test]
async fn reading_the_database_gives_no_token() {
    let world = World::new().await;
    let token = next(&refresh_with(&world, &next(&login(&world).await), KEY).await);
    let copy = world.back_up("stolen.db").await;
    let bytes = std::fs::read(copy).expect("the file");
    let mac = &URL_SAFE_NO_PAD.decode(&token).expect("base64url")[25..];
    for secret in [token.as_bytes(), mac, KEY.as_bytes()] {
        assert!(!bytes.windows(secret.len()).any(|it| it == secret));
    }
}

#[tokio::test]
async fn only_answers_with_tokens_that_can_be_renewed_promise_to_honour_keys() {
    let world = World::new().await;
    let first = login(&world).await;
    assert_eq!(first.header("idempotency-key"), Some("supported"));
    assert_eq!(refresh(&world, &next(&first)).await.header("idempotency-key"), Some("supported"));
    assert_eq!(world.login("gatego", "ada", "wrong").await.header("idempotency-key"), None);
    let token = world.token("gatego", "ada").await;
    assert_eq!(world.profile("gatego", &token).await.header("idempotency-key"), None);
    assert_eq!(world.login("stockapi", "ada", PASSWORD).await.header("idempotency-key"), None);
}

#[tokio::test]
async fn the_promise_goes_by_what_an_answer_means_and_not_by_its_status() {
    let (_, document) = DOCUMENTS.iter().find(|(name, _)| *name == "gatego").expect("a document");
    let mut document: serde_json::Value = serde_json::from_str(document).expect("JSON");
    document["name"] = "shop".into();
    document["login"]["answers"][0]["status"] = 201.into();
    let world = World::new().await;
    let shop = world.speaking(&document).await;
    let login =
        |password| shop.post("/shop/auth/login").json(json!({ "username": "ada", "password": password })).send();
    let got = login(PASSWORD).await;
    assert_eq!((got.status, got.header("idempotency-key")), (201, Some("supported")));
    assert_eq!(login("wrong").await.header("idempotency-key"), None);
}

/// The rule once more, as plainly as it can be said, to be held against the server.
struct Model {
    /// Every token of the session, the newest last.
    tokens: Vec<String>,
    /// When the newest was made, and by which attempt key.
    made: (i64, Option<usize>),
}

impl Model {
    /// Whether the token at that place gives its successor, as a step or again; else the session is over.
    fn is_good(&self, at: usize, key: Option<usize>, now_ms: i64) -> bool {
        let is_repetition = at + 2 == self.tokens.len();
        let is_same = (key.is_some() && key == self.made.1) || now_ms - self.made.0 <= 30_000;
        at + 1 == self.tokens.len() || (is_repetition && is_same)
    }

    fn take(&mut self, at: usize, key: Option<usize>, now_ms: i64, successor: String) {
        if at + 1 == self.tokens.len() {
            assert!(!self.tokens.contains(&successor), "a step gives a new token");
            self.tokens.push(successor);
            self.made = (now_ms, key);
        } else {
            assert_eq!(self.tokens[at + 1], successor, "a repetition gives the same token");
        }
    }
}

#[tokio::test]
async fn whatever_comes_in_whatever_order_the_rule_is_kept() {
    let keys = [KEY, "fedcba9876543210fedcba9876543210"];
    for seed in 1..=8_u64 {
        let world = World::new().await;
        // A xorshift: the same walk at every run.
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut below = |limit: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % limit) as usize
        };
        let mut model = Model { tokens: vec![next(&login(&world).await)], made: (world.clock.now_ms(), None) };
        let mut thefts = 0;
        for _ in 0..60 {
            world.clock.advance_ms([0, 9_000, 30_000, 30_001][below(4)]);
            let now_ms = world.clock.now_ms();
            // Mostly the newest or the one before, sometimes any.
            let back = if below(12) == 0 { below(model.tokens.len() as u64) } else { below(2) };
            let at = (model.tokens.len() - 1).saturating_sub(back);
            let key = [None, Some(0), Some(1)][below(3)];
            let token = model.tokens[at].clone();
            let got = match key {
                Some(key) => refresh_with(&world, &token, keys[key]).await,
                None => refresh(&world, &token).await,
            };
            if model.is_good(at, key, now_ms) {
                model.take(at, key, now_ms, next(&got));
            } else {
                assert_expired(&got);
                let newest = model.tokens.last().expect("one").clone();
                assert_expired(&refresh(&world, &newest).await);
                thefts += 1;
                model = Model { tokens: vec![next(&login(&world).await)], made: (now_ms, None) };
            }
        }
        assert!(thefts > 0, "walk {seed} met no thief");
    }
}
