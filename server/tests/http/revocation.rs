//! Revocation: in force on the next request, from memory.

use crate::support::{ORIGIN, PASSWORD, TABLE, World, speech};
use relatch_server::audit::Actor;
use relatch_server::passwords::Passwords;
use relatch_server::store::{Accounts, Changes, EndReason, Sessions, SqliteStore};
use std::sync::Arc;
use std::time::Duration;

#[tokio::test]
async fn a_verified_request_asks_the_database_nothing() {
    for speech in &TABLE {
        let world = World::new().await;
        let token = world.token(speech.realm, "ada").await;
        let first = world.profile(speech.realm, &token).await;
        let revision = world.store.revision();
        world.token(speech.realm, "grace").await;
        assert_eq!(world.store.revision(), revision, "nor does anybody's login make it ask for changes");
        // A change that nobody is told of: whoever asked the database would see it.
        world.edit("DROP TRIGGER account_changed; UPDATE accounts SET enabled = 0, roles = '[]'").await;
        let second = world.profile(speech.realm, &token).await;
        assert_eq!((first.status, second.status, second.body), (200, 200, first.body), "{}", speech.realm);
    }
}

#[tokio::test]
async fn whatever_ends_a_session_counts_at_the_next_request() {
    for what in ["logout", "end", "sign-out", "disable", "password"] {
        for speech in &TABLE {
            let world = World::new().await;
            let (token, other) = (world.token(speech.realm, "ada").await, world.token(speech.realm, "grace").await);
            assert_eq!(world.profile(speech.realm, &token).await.status, 200);
            assert_eq!(world.profile(speech.realm, &other).await.status, 200);
            let (ada, now_ms) = (world.account(speech.realm, "ada").await, world.clock.now_ms());
            match what {
                "logout" => drop(world.post(&speech.path("/logout")).bearer(&token).send().await),
                "end" => drop(world.store.end_sessions(ada.id, EndReason::LoggedOut, now_ms).await.expect("done")),
                "sign-out" => drop(world.server.acting(Actor::library("test")).sign_out(&ada).await.expect("done")),
                "disable" => drop(world.store.set_enabled(ada.id, false, now_ms).await.expect("done")),
                _ => drop(world.store.set_password(ada.id, &ada.password_hash, now_ms).await.expect("done")),
            }
            let got = world.profile(speech.realm, &token).await;
            assert!(got.status == 401 || got.status == 403, "{what}: {got:?}");
            assert_eq!(world.profile(speech.realm, &token).await.body.len(), got.body.len(), "and stays so");
            assert_eq!(world.profile(speech.realm, &other).await.status, 200, "{what} of somebody else");
        }
    }
}

#[tokio::test]
async fn a_change_to_the_account_shows_in_the_next_profile() {
    let world = World::new().await;
    let token = world.token("stockapi", "ada").await;
    assert_eq!(world.profile("stockapi", &token).await.status, 200);
    world.set_enabled("stockapi", "ada", false).await;
    assert_eq!(world.profile("stockapi", &token).await.status, 403);
    world.set_enabled("stockapi", "ada", true).await;
    assert_eq!(world.profile("stockapi", &token).await.status, 403, "its sessions stay ended");
    let token = world.token("stockapi", "ada").await;
    assert_eq!(world.profile("stockapi", &token).await.status, 200);
}

/// Asks until the answer has that status. A second is what is promised; a machine under load gets more.
async fn wait_for(world: &World, realm: &str, token: &str, status: u16) {
    for _ in 0..1200 {
        if world.profile(realm, token).await.status == status {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the change was never followed");
}

#[tokio::test]
async fn another_process_is_followed() {
    let world = World::new().await;
    let (ended, changed) = (world.token("gatego", "ada").await, world.token("gatego", "grace").await);
    for token in [&ended, &changed] {
        assert_eq!(world.profile("gatego", token).await.status, 200);
    }
    let other = SqliteStore::open(&world.file()).await.expect("a database");
    let ada = world.account("gatego", "ada").await;
    other.end_sessions(ada.id, EndReason::SignedOut, world.clock.now_ms()).await.expect("done");
    wait_for(&world, "gatego", &ended, 401).await;
    world.edit("UPDATE accounts SET roles = '[\"ADMIN\"]' WHERE realm = 'gatego' AND username = 'grace'").await;
    for _ in 0..1200 {
        if world.get("/gatego/admin").bearer(&changed).send().await.status == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the new role was never followed");
}

#[tokio::test]
async fn two_servers_over_one_store_follow_each_other_at_once() {
    let world = World::new().await;
    let twin = world.served_by(Passwords::new(1, 1), Arc::clone(&world.outbox) as _);
    let token = world.token("gatego", "ada").await;
    assert_eq!(twin.get("/gatego/me").bearer(&token).send().await.status, 200);
    world.post("/gatego/logout").bearer(&token).send().await;
    assert_eq!(twin.get("/gatego/me").bearer(&token).send().await.status, 401);
}

#[tokio::test]
async fn on_a_full_disk_the_dialect_says_so_and_service_returns_with_room() {
    let world = World::new().await;
    let token = world.token("gatego", "ada").await;
    world.store.limit_pages(1).await.expect("done");
    for speech in &TABLE {
        let mut got = world.login(speech.realm, "grace", PASSWORD).await;
        for _ in 0..500 {
            if got.status != 200 {
                break;
            }
            let ask = world.post(&speech.login_path()).header("origin", ORIGIN);
            got = ask.json(speech.credentials("grace", PASSWORD)).send().await;
        }
        assert_eq!((got.status, got.header("retry-after")), (503, Some("5")), "{}: {got:?}", speech.realm);
        for member in speech.error_members {
            assert!(got.json().get(member).is_some(), "{member} in {got:?}");
        }
    }
    assert_eq!(world.profile("gatego", &token).await.status, 200, "who is in stays in");
    world.store.limit_pages(1_000_000).await.expect("done");
    for speech in &TABLE {
        assert_eq!(world.login(speech.realm, "grace", PASSWORD).await.status, 200, "{}", speech.realm);
    }
}

#[tokio::test]
async fn many_expired_sessions_are_forgotten_a_few_at_a_time_while_others_write() {
    let world = World::new().await;
    let sql = "INSERT INTO sessions (id, account_id, generation, rotated_at_ms, created_at_ms, expires_at_ms, ends_at_ms) \
               WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 1200) \
               SELECT randomblob(16), (SELECT id FROM accounts LIMIT 1), 1, 0, 0, 1, 1 FROM n";
    world.edit(sql).await;
    assert_eq!(world.store.purge_sessions(2, 500).await.expect("done"), 500, "no more than asked for");
    let (forgotten, login) = tokio::join!(world.server.forget_expired(), world.login("stockapi", "ada", PASSWORD));
    assert_eq!((forgotten.expect("done"), login.status), (700, 200));
}

#[tokio::test]
async fn expired_sessions_and_old_changes_are_forgotten_and_live_ones_are_not() {
    let world = World::new().await;
    let gone = world.token("stockapi", "ada").await;
    world.advance_secs(speech("stockapi").lifetime_secs + 24 * 3600 + 1);
    let live = world.token("stockapi", "ada").await;
    assert_eq!(world.server.forget_expired().await.expect("done"), 1);
    assert_eq!(world.profile("stockapi", &live).await.status, 200);
    assert_eq!(world.profile("stockapi", &gone).await.status, 403);
    assert_eq!(world.post("/stockapi/logout").bearer(&gone).send().await.status, 204, "whoever wants out is out");
}
