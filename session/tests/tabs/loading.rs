//! What is asked for before the store has been read.

use crate::harness::{HOUR_MS, World, bare, endpoint, meant, tokens};
use relatch_dialects::Meaning;
use relatch_session::{Input, Status, Stored};

/// A page that is being loaded while the store holds ada's session.
fn reloading() -> World {
    let stored = World::signed_in(&[endpoint()]).stored;
    let mut world = World::loading(&[endpoint()]);
    world.stored = stored;
    world
}

#[test]
fn a_renewal_asked_for_while_loading_is_a_renewal() {
    let mut world = reloading();
    let call = world.renew(0);
    world.unstall(0);
    assert!(world.tabs[0].settled(call).is_none());
    world.answer(0, "renew", Ok(tokens("ada again")));
    assert!(world.tabs[0].succeeded(call));
}

#[test]
fn a_call_made_while_an_ended_token_is_loaded_waits_for_the_renewal() {
    let mut world = reloading();
    world.now.wall_ms += HOUR_MS;
    let call = world.authorize(0);
    world.unstall(0);
    assert!(world.tabs[0].settled(call).is_none());
    world.answer(0, "renew", Ok(tokens("ada again")));
    assert!(world.tabs[0].succeeded(call));
}

#[test]
fn logout_wins_while_loading_too() {
    let mut world = reloading();
    let call = world.logout(0);
    world.unstall(0);
    assert_eq!(world.tabs[0].status(), Status::SignedOut);
    assert!(matches!(world.stored, Some(Stored::Tombstone(_))));
    assert_eq!(world.tabs[0].revoked(), ["ada"]);
    world.answer(0, "logout", Ok(meant(Meaning::Done)));
    assert!(world.tabs[0].succeeded(call));
}

#[test]
fn a_log_out_while_loading_where_nobody_is_signed_in_is_done() {
    let mut world = World::loading(&[bare()]);
    let call = world.logout(0);
    world.unstall(0);
    assert!(world.tabs[0].succeeded(call));
}

#[test]
fn a_context_set_while_loading_is_the_loaded_sessions() {
    let mut world = reloading();
    world.feed(0, Input::SetContext { name: "organization".into(), value: Some("42".into()) });
    world.unstall(0);
    assert_eq!(world.granted(0).values.text("context.organization"), Some("42"));
}

#[test]
fn a_context_set_while_loading_outlasts_another_look_at_the_store() {
    let mut world = reloading();
    world.feed(0, Input::SetContext { name: "organization".into(), value: Some("42".into()) });
    world.unstall(0);
    world.feed(0, Input::Returned);
    assert_eq!(world.granted(0).values.text("context.organization"), Some("42"));
}

#[test]
fn calls_made_while_loading_are_answered_though_a_challenge_came_first() {
    let mut world = World::loading(&[endpoint()]);
    let call = world.authorize(0);
    world.login(0, "ada");
    world.answer(0, "login", Ok(meant(Meaning::Challenge)));
    world.unstall(0);
    assert!(world.tabs[0].settled(call).is_some());
}
