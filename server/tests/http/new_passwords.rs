//! New passwords, in a dialect that names the operations for them, and stored hashes that are renewed at login.

use crate::support::{Got, PASSWORD, Twin, World};
use relatch_dialects::DOCUMENTS;
use relatch_server::account::PasswordHash;
use relatch_server::store::Accounts;
use serde_json::{Value, json};

pub(crate) const NEW: &str = "battery staple 7";

/// `gatego` with four operations more, under a name of its own.
pub(crate) async fn server(world: &World) -> Twin {
    let (_, document) = DOCUMENTS.iter().find(|(name, _)| *name == "gatego").expect("a document");
    let mut document: Value = serde_json::from_str(document).expect("JSON");
    document["name"] = "shop".into();
    let operations = document["operations"].as_object_mut().expect("an object");
    let done = json!([
        { "status": 204, "means": "done" },
        { "status": 400, "json": { "error": "{message}" }, "means": "invalid-request" },
        { "status": 403, "json": { "error": "wrong" }, "means": "bad-credentials" }
    ]);
    for (name, attach, json) in [
        ("change-password", true, json!({ "old": "{password}", "new": "{field.new_password}" })),
        ("request-password-reset", false, json!({ "who": "{identifier}" })),
        ("reset-password", false, json!({ "code": "{code}", "new": "{field.new_password}" })),
    ] {
        let request = json!({ "method": "POST", "path": format!("/{name}"), "json": json });
        operations.insert(name.into(), json!({ "request": request, "attach": attach, "answers": done }));
    }
    let request = json!({ "method": "POST", "path": "/sign-out-everywhere" });
    operations.insert(
        "sign-out-everywhere".into(),
        json!({ "request": request, "attach": true, "answers": [{ "status": 204, "means": "done" }] }),
    );
    world.speaking(&document).await
}

pub(crate) async fn login(server: &Twin, username: &str, password: &str) -> Got {
    server.post("/shop/auth/login").json(json!({ "username": username, "password": password })).send().await
}

pub(crate) async fn reset(server: &Twin, code: &str, new: &str) -> Got {
    server.post("/shop/reset-password").json(json!({ "code": code, "new": new })).send().await
}

pub(crate) async fn letters(world: &World, count: usize) -> Vec<String> {
    for _ in 0..6000 {
        let letters = world.outbox.letters("shop");
        if letters.len() == count {
            assert!(letters.iter().all(|it| it.kind == "password-reset"));
            return letters.into_iter().map(|it| it.code).collect();
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("{} letters", world.outbox.letters("shop").len());
}

#[tokio::test]
async fn who_knows_the_old_password_sets_a_new_one_and_every_session_ends() {
    let world = World::new().await;
    let server = server(&world).await;
    let token = login(&server, "ada", PASSWORD).await.text("access_token");
    let change = |old: &str, new: &str| {
        let ask = server.post("/shop/change-password").json(json!({ "old": old, "new": new }));
        ask.bearer(&token).send()
    };
    assert_eq!(change("wrong", NEW).await.status, 403);
    let common = change(PASSWORD, "password1").await;
    assert_eq!(
        (common.status, common.text("error")),
        (400, "the password is one of the most common ones; choose another.".into())
    );
    let short = change(PASSWORD, "ñandú 7").await;
    assert_eq!(short.text("error"), "the password must have 8 to 256 characters; this one has 7.");
    assert_eq!(change(PASSWORD, "ADA@example.com").await.status, 400);
    assert_eq!(change(PASSWORD, NEW).await.status, 204);
    assert_eq!(server.get("/shop/me").bearer(&token).send().await.status, 401);
    assert_eq!(login(&server, "ada", PASSWORD).await.status, 401);
    assert_eq!(login(&server, "ada", NEW).await.status, 200);
}

#[tokio::test]
async fn a_reset_letter_sets_a_new_password_once_and_an_unknown_name_is_answered_alike() {
    let world = World::new().await;
    let server = server(&world).await;
    let token = login(&server, "ada", PASSWORD).await.text("access_token");
    let request = |who: &str| server.post("/shop/request-password-reset").json(json!({ "who": who })).send();
    let answers = [request("nobody").await, request("dora").await, request("ada").await];
    assert!(answers.iter().all(|it| it.whole(&[]) == answers[0].whole(&[]) && it.status == 204));
    let code = letters(&world, 1).await.remove(0);
    assert_eq!(reset(&server, "guessed", NEW).await.status, 403);
    assert_eq!(reset(&server, &code, "short").await.status, 400);
    assert_eq!(reset(&server, &code, NEW).await.status, 204);
    assert_eq!(reset(&server, &code, "something else 5").await.status, 403);
    assert_eq!(server.get("/shop/me").bearer(&token).send().await.status, 401);
    assert_eq!(login(&server, "ada", NEW).await.status, 200);
}

#[tokio::test]
async fn a_reset_code_is_good_until_the_password_changes_by_whatever_way() {
    let world = World::new().await;
    let server = server(&world).await;
    for _ in 0..2 {
        server.post("/shop/request-password-reset").json(json!({ "who": "ada" })).send().await;
    }
    let codes = letters(&world, 2).await;
    assert_eq!(reset(&server, &codes[0], NEW).await.status, 204);
    assert_eq!(reset(&server, &codes[1], "something else 5").await.status, 403, "the letter from before");
    assert_eq!(login(&server, "ada", NEW).await.status, 200);
}

#[tokio::test]
async fn a_reset_code_is_good_for_an_hour() {
    let world = World::new().await;
    let server = server(&world).await;
    server.post("/shop/request-password-reset").json(json!({ "who": "ada" })).send().await;
    let code = letters(&world, 1).await.remove(0);
    world.advance_secs(3600);
    assert_eq!(reset(&server, &code, NEW).await.status, 403);
}

#[tokio::test]
async fn of_many_that_come_with_one_reset_code_one_succeeds() {
    let world = World::new().await;
    let server = server(&world).await;
    server.post("/shop/request-password-reset").json(json!({ "who": "ada" })).send().await;
    let code = letters(&world, 1).await.remove(0);
    let passwords: Vec<String> = (0..8).map(|it| format!("battery staple {it}")).collect();
    let mut asked = tokio::task::JoinSet::new();
    for password in passwords {
        let ask = server.post("/shop/reset-password").json(json!({ "code": code, "new": password }));
        asked.spawn(async move { ask.send().await.status });
    }
    let mut statuses = asked.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [[204].as_slice(), &[403; 7]].concat());
}

#[tokio::test]
async fn a_hash_of_another_kind_or_cost_is_renewed_at_the_next_login_and_the_session_goes_on() {
    let world = World::new().await;
    let dear = "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
    let ada = world.account("gatego", "ada").await;
    world.store.set_password(ada.id, &PasswordHash(dear.into()), 1).await.expect("the store");
    let wrong = world.login("gatego", "ada", "wrong").await;
    assert_eq!((wrong.status, world.account("gatego", "ada").await.password_hash.0.as_str()), (401, dear));
    let got = world.login("gatego", "ada", "U*U").await;
    assert_eq!(world.profile("gatego", &got.text("access_token")).await.status, 200);
    let renewed = world.account("gatego", "ada").await.password_hash.0;
    assert!(renewed.starts_with("$argon2id$"), "{renewed}");
    assert_eq!(world.login("gatego", "ada", "U*U").await.status, 200);
    assert_eq!(world.account("gatego", "ada").await.password_hash.0, renewed, "not renewed again");
}
