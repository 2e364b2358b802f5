//! The audit log: what owners, embedding programs and the server itself do is in it once, with who did it and no secret.

use crate::new_passwords::{NEW, letters, login, reset, server};
use crate::support::{PASSWORD, Twin, World};
use relatch_server::account::{Account, NewAccount, PasswordHash};
use relatch_server::audit::{Actor, AuditQuery, AuditRecord};
use relatch_server::keys::{KeyPurpose, NOTICE_MS};
use relatch_server::store::{Accounts, EndReason, Operations, Retirement, Sessions, StoreError};
use serde_json::json;

/// The log, the oldest first, after a look that nobody could rewrite it and that no secret is in it.
async fn log(world: &World, secrets: &[&str]) -> Vec<AuditRecord> {
    let all = AuditQuery { limit: 1000, ..AuditQuery::default() };
    let mut log = world.store.audit_log(&all).await.expect("the log");
    let pool = sqlx::SqlitePool::connect(world.file().to_str().expect("text")).await.expect("a connection");
    for sql in ["DELETE FROM audit", "UPDATE audit SET actor = 'eve'", "REPLACE INTO audit SELECT * FROM audit"] {
        let done = sqlx::raw_sql(sql).execute(&pool).await;
        assert!(log.is_empty() || done.expect_err(sql).to_string().contains("append-only"), "{sql}");
    }
    pool.close().await;
    assert_eq!(world.store.audit_log(&all).await.expect("the log"), log);
    let text = format!("{log:?}");
    for secret in secrets.iter().chain(&[PASSWORD, NEW, "argon2", "$2b$"]) {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    log.reverse();
    log
}

/// By which way, what, how it went.
fn acts(log: &[AuditRecord]) -> Vec<(&str, &str, &str)> {
    log.iter().map(|it| (it.channel.as_str(), it.action.as_str(), it.outcome.as_str())).collect()
}

fn are_about(log: &[AuditRecord], account: &Account, actor: &str) {
    for entry in log {
        assert_eq!((entry.realm.as_deref(), entry.account), (Some(account.realm.as_str()), Some(account.id)));
        assert_eq!((entry.actor.as_str(), entry.address.as_deref()), (actor, None));
    }
}

async fn shop_account(world: &World, username: &str) -> Account {
    world.account("shop", username).await
}

#[tokio::test]
async fn what_owners_do_is_on_the_record_once_and_what_they_were_refused_is_not() {
    let world = World::new().await;
    let server = server(&world).await;
    let ada = shop_account(&world, "ada").await;
    let token = login(&server, "ada", PASSWORD).await.text("access_token");
    for (old, status) in [("wrong", 403), (PASSWORD, 204)] {
        let ask = server.post("/shop/change-password").json(json!({ "old": old, "new": NEW }));
        assert_eq!(ask.bearer(&token).send().await.status, status);
    }
    server.post("/shop/request-password-reset").json(json!({ "who": "ada" })).send().await;
    let code = letters(&world, 1).await.remove(0);
    assert_eq!(reset(&server, "guessed", NEW).await.status, 403);
    assert_eq!(reset(&server, &code, "short").await.status, 400);
    assert_eq!(reset(&server, &code, "something else 5").await.status, 204);
    let token = login(&server, "ada", "something else 5").await.text("access_token");
    let out = || server.post("/shop/sign-out-everywhere").bearer(&token).send();
    assert_eq!((out().await.status, out().await.status), (204, 401));

    let log = log(&world, &["something else 5", &code, &token]).await;
    let expected = ["user.set-password", "user.set-password", "user.sign-out"].map(|it| ("owner", it, "done"));
    assert_eq!(acts(&log), expected);
    are_about(&log, &ada, &ada.id.to_string());
    assert_eq!((log[0].detail.as_deref(), log[1].detail.as_deref()), (None, Some("by a letter")));
    assert!(log.iter().all(|it| it.at_ms == world.clock.now_ms()));
}

#[tokio::test]
async fn who_signs_out_everywhere_is_out_everywhere_and_nobody_else_is() {
    let world = World::new().await;
    let server = server(&world).await;
    let mut tokens = Vec::new();
    for username in ["ada", "ada", "grace"] {
        tokens.push(login(&server, username, PASSWORD).await.text("access_token"));
    }
    let ask = server.post("/shop/sign-out-everywhere").bearer(&tokens[0]);
    assert_eq!(ask.send().await.status, 204);
    let mut statuses = Vec::new();
    for token in &tokens {
        statuses.push(server.get("/shop/me").bearer(token).send().await.status);
    }
    assert_eq!(statuses, [401, 401, 200]);
    assert_eq!(server.post("/shop/sign-out-everywhere").bearer("forged").send().await.status, 401);
    assert_eq!(login(&server, "ada", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn a_validation_is_on_the_record_and_a_wrong_code_is_not() {
    let world = World::new().await;
    let refused = world.login("gatego", "nova", PASSWORD).await;
    let resend = json!({ "resend_code": refused.json()["extra_attributes"]["resend_code"] });
    world.post("/gatego/api/public/account/validate/resend").json(resend).send().await;
    let code = world.outbox.letters("gatego").remove(0).code;
    let validate = |code: &str| {
        let body = json!({ "code": code, "password": PASSWORD });
        world.post("/gatego/api/public/account/validate").json(body).send()
    };
    assert_eq!((validate("guessed").await.status, validate(&code).await.status), (401, 200));
    assert_eq!(validate(&code).await.status, 401);
    let (log, nova) = (log(&world, &[&code]).await, world.account("gatego", "nova").await);
    assert_eq!(acts(&log), [("owner", "user.validate", "done")]);
    are_about(&log, &nova, &nova.id.to_string());
}

#[tokio::test]
async fn of_many_that_come_with_one_code_one_is_on_the_record() {
    let world = World::new().await;
    let server = server(&world).await;
    server.post("/shop/request-password-reset").json(json!({ "who": "ada" })).send().await;
    let code = letters(&world, 1).await.remove(0);
    let mut asked = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let ask = server.post("/shop/reset-password").json(json!({ "code": code, "new": NEW }));
        asked.spawn(async move { ask.send().await.status });
    }
    asked.join_all().await;
    assert_eq!(acts(&log(&world, &[&code]).await), [("owner", "user.set-password", "done")]);
}

async fn refresh(world: &World, token: &str) -> crate::support::Got {
    world.post("/gatego/auth/refresh-token").json(json!({ "refresh_token": token })).send().await
}

#[tokio::test]
async fn a_theft_is_on_the_record_once_however_many_come_with_the_token() {
    let world = World::new().await;
    let mut token = world.login("gatego", "ada", PASSWORD).await.text("refresh_token");
    let stolen = token.clone();
    for _ in 0..2 {
        token = refresh(&world, &token).await.text("refresh_token");
    }
    assert!(log(&world, &[]).await.is_empty(), "neither a login nor a renewal is an act");
    let (a, b, c) = tokio::join!(refresh(&world, &stolen), refresh(&world, &stolen), refresh(&world, &stolen));
    assert_eq!([a.status, b.status, c.status], [401; 3]);
    assert_eq!(refresh(&world, "forged").await.status, 401);
    let (log, ada) = (log(&world, &[&stolen, &token]).await, world.account("gatego", "ada").await);
    assert_eq!(acts(&log), [("server", "session.theft", "done")]);
    are_about(&log, &ada, "relatch-server");
    let ended = world.store.sessions_of("gatego", ada.id, 1).await.expect("the store").remove(0);
    assert_eq!(log[0].detail, Some(format!("session {}", ended.id)));
    assert_eq!(ended.ended, Some((log[0].at_ms, EndReason::Theft)));
}

#[tokio::test]
async fn a_rotation_on_schedule_is_on_the_record_once_as_the_servers_own() {
    let world = World::with(|realm| {
        realm.secret = None;
        realm.rotate_every_secs = (realm.name == "stockapi").then_some(86_400);
    })
    .await;
    world.server.look_after_keys().await.expect("the store");
    assert!(log(&world, &[]).await.is_empty());
    world.advance_secs(86_400);
    let (one, other) = (world.server.clone(), world.server.clone());
    let (one, other) = tokio::join!(one.look_after_keys(), other.look_after_keys());
    assert!(one.is_ok() && other.is_ok());
    let log = log(&world, &[]).await;
    assert_eq!(acts(&log), [("server", "key.rotate", "done")]);
    assert_eq!((log[0].realm.as_deref(), log[0].account), (Some("stockapi"), None));
    let realm = world.server.realms().iter().find(|it| it.name == "stockapi").expect("the realm");
    assert_eq!(log[0].detail, Some(format!("key {}", realm.keys.ids()[0])));
}

/// Everything that there is to do, by a program that calls itself `billing`.
#[tokio::test]
async fn what_an_embedding_program_does_is_on_the_record_under_its_name_whatever_came_of_it() {
    let world = World::with(|realm| realm.secret = None).await;
    let acting = world.server.acting(Actor::library("billing"));
    let new = |name: &str| NewAccount {
        username: Some(name.into()),
        ..NewAccount::new("gatego", PasswordHash("$2b$x".into()))
    };
    let zoe = acting.add(&new("zoe")).await.expect("an account");
    assert!(matches!(acting.add(&new("zoe")).await, Err(StoreError::Taken { .. })));
    acting.import("gatego", &[new("yan"), new("xia")]).await.expect("accounts");
    let hash = PasswordHash("$2b$y".into());
    assert!(
        acting.set_enabled(&zoe, false).await.expect("done") && acting.set_enabled(&zoe, true).await.expect("done")
    );
    assert!(acting.set_password(&zoe, &hash).await.expect("done"));
    assert_eq!(acting.sign_out(&zoe).await.expect("done"), 0);
    let exported = acting.export(&zoe).await.expect("a person");
    assert_eq!(
        (&exported["account"]["username"], exported["sessions"].as_array().map(Vec::len)),
        (&json!("zoe"), Some(0))
    );
    assert!(!exported.to_string().contains("$2b$"));
    assert!(acting.delete(&zoe).await.expect("done") && !acting.delete(&zoe).await.expect("done"));
    let of_zoe = log(&world, &["zoe", "yan"]).await;
    let gatego = world.server.realms().iter().find(|it| it.name == "gatego").expect("gatego");
    let old = gatego.keys.ids().remove(0);
    let key = acting.rotate_keys(gatego, KeyPurpose::Signing, 0, None).await.expect("done").expect("a key");
    assert_eq!(acting.retire_key("gatego", &old, false).await.expect("done"), Retirement::Done(0));
    assert_eq!(acting.retire_key("gatego", &key, false).await.expect("done"), Retirement::Refused);

    let log = log(&world, &["zoe", "yan"]).await;
    let expected = [
        ("user.add", "done"),
        ("user.add", "failed"),
        ("user.import", "done"),
        ("user.disable", "done"),
        ("user.enable", "done"),
        ("user.set-password", "done"),
        ("user.sign-out", "unchanged"),
        ("user.export", "done"),
        ("user.delete", "done"),
        ("user.delete", "unchanged"),
        ("key.rotate", "done"),
        ("key.retire", "done"),
        ("key.retire", "unchanged"),
    ];
    assert_eq!(acts(&log), expected.map(|(action, outcome)| ("library", action, outcome)));
    assert!(log.iter().all(|it| it.actor == "billing" && it.realm.as_deref() == Some("gatego")));
    let about: Vec<_> = of_zoe.iter().map(|it| it.account == Some(zoe.id)).collect();
    assert_eq!(about, [true, false, false, true, true, true, true, true, true, true]);
    let details: Vec<_> = log.iter().skip(10).filter_map(|it| it.detail.clone()).collect();
    assert_eq!(details, [&key, &old, &key].map(|it| format!("key {it}")));
    assert_eq!(log[2].detail.as_deref(), Some("2 accounts"));
}

#[tokio::test]
async fn one_session_is_ended_with_its_id_on_the_record() {
    let world = World::new().await;
    let ada = world.account("gatego", "ada").await;
    world.token("gatego", "ada").await;
    let session = world.store.sessions_of("gatego", ada.id, 1).await.expect("the store").remove(0).id;
    let acting = world.server.acting(Actor::library("billing"));
    assert!(acting.end_session(&ada, session).await.expect("done"));
    assert!(!acting.end_session(&ada, session).await.expect("done"));
    let log = log(&world, &[]).await;
    let expected = ["done", "unchanged"].map(|outcome| ("library", "session.end", outcome));
    assert_eq!(acts(&log), expected);
    are_about(&log, &ada, "billing");
    assert!(log.iter().all(|it| it.detail == Some(format!("session {session}"))));
}

#[tokio::test]
async fn logins_log_outs_locks_and_looks_are_no_acts() {
    let world = World::new().await;
    let (_, server): (_, Twin) = world.limited(relatch_server::limits::LimitConfig::default()).await;
    for _ in 0..12 {
        let body = json!({ "username": "grace", "password": "wrong" });
        server.post("/gatego/auth/login").json(body).from("192.0.2.1").send().await;
    }
    let token = world.token("gatego", "ada").await;
    world.profile("gatego", &token).await;
    world.post("/gatego/logout").bearer(&token).send().await;
    assert!(log(&world, &[]).await.is_empty());
}

#[tokio::test]
async fn what_cannot_be_recorded_is_not_done_and_not_handed_out() {
    let world = World::with(|realm| realm.secret = None).await;
    let ada = world.account("gatego", "ada").await;
    let token = world.token("gatego", "ada").await;
    world.edit("CREATE TRIGGER no BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END").await;
    let acting = world.server.acting(Actor::library("billing"));
    let gatego = world.server.realms().iter().find(|it| it.name == "gatego").expect("gatego");
    let session = world.store.sessions_of("gatego", ada.id, 1).await.expect("the store").remove(0).id;
    assert!(acting.set_enabled(&ada, false).await.is_err());
    assert!(acting.set_password(&ada, &PasswordHash("$2b$y".into())).await.is_err());
    assert!(acting.delete(&ada).await.is_err());
    assert!(acting.end_session(&ada, session).await.is_err());
    assert!(acting.sign_out(&ada).await.is_err());
    assert!(acting.export(&ada).await.is_err());
    assert!(acting.rotate_keys(gatego, KeyPurpose::Signing, NOTICE_MS, None).await.is_err());
    assert_eq!(world.store.account("gatego", ada.id).await.expect("the store"), Some(ada));
    assert!(world.store.session("gatego", session).await.expect("the store").is_some_and(|(it, _)| it.ended.is_none()));
    let keys = relatch_server::store::Keys::signing_keys(&world.store, "gatego", "HS256").await.expect("the store");
    assert!(keys.len() == 1 && keys[0].verifies_until_ms.is_none());
    assert_eq!(world.profile("gatego", &token).await.status, 200);
}
