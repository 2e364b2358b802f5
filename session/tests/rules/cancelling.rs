//! A signal detaches its own caller only.

use crate::world::{HOUR_MS, World, asking, credentials, endpoint, tokens};
use relatch_session::{FailureKind, Input, Status};

#[test]
fn a_cancelled_call_leaves_the_renewal_to_the_others() {
    let mut world = World::signed_in(endpoint());
    world.now.wall_ms += HOUR_MS;
    let (first, second) = (world.authorize(), world.authorize());
    world.feed(Input::Cancel { call: first });
    assert_eq!(world.failure(first), Some(FailureKind::Aborted));
    world.answer("renew", Ok(tokens("ada again")));
    assert_eq!(world.grant_of(second).generation, 2);
}

#[test]
fn a_renewal_that_nobody_waits_for_goes_on() {
    let mut world = World::signed_in(endpoint());
    let call = world.ask(|call| Input::Renew { call });
    world.feed(Input::Cancel { call });
    world.answer("renew", Ok(tokens("ada again")));
    assert_eq!(world.generation(), Some(2));
}

#[test]
fn a_cancelled_login_signs_nobody_in_and_its_late_token_is_revoked() {
    let mut world = World::new(endpoint());
    let call = world.login("ada");
    world.feed(Input::Cancel { call });
    assert_eq!(world.failure(call), Some(FailureKind::Aborted));
    world.answer("login", Ok(tokens("ada")));
    assert_eq!(world.session.snapshot().status, Status::SignedOut);
    assert_eq!(world.sent[0].operation, "logout");
    assert_eq!(world.sent[0].values.text("access_token"), Some("token of ada"));
}

#[test]
fn a_cancelled_parked_call_leaves_the_question_to_the_others() {
    let mut world = World::signed_in(asking());
    world.now.wall_ms += HOUR_MS;
    let (first, second) = (world.authorize(), world.authorize());
    world.feed(Input::Cancel { call: first });
    world.feed(Input::LoginSupplied(Some(credentials("ada"))));
    world.answer("login", Ok(tokens("ada again")));
    assert_eq!(world.failure(first), Some(FailureKind::Aborted));
    assert_eq!(world.grant_of(second).generation, 2);
}

#[test]
fn cancelling_what_is_settled_or_unknown_does_nothing() {
    let mut world = World::signed_in(endpoint());
    let call = world.authorize();
    world.trace.clear();
    world.feed(Input::Cancel { call });
    world.feed(Input::Cancel { call: 999 });
    assert!(!world.trace.iter().any(|it| matches!(it, relatch_session::Command::Settle { .. })));
}
