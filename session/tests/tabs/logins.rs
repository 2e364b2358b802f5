//! Logins that meet renewals, ends, and each other.

use crate::harness::{HOUR_MS, World, asking, bare, credentials, endpoint, meant, tokens};
use relatch_dialects::{Meaning, Values};
use relatch_session::{Command, FailureKind, Input, Status, Stored};

fn asked(world: &World) -> usize {
    world.tabs[0].trace.iter().filter(|it| matches!(it, Command::AskLogin(_))).count()
}

#[test]
fn every_one_of_two_logins_is_answered_and_the_store_agrees_with_memory() {
    for (first, second) in [("ada", "ada"), ("grace", "ada"), ("ada", "grace")] {
        let mut world = World::signed_in(&[asking()]);
        world.now.wall_ms += HOUR_MS;
        world.authorize(0);
        let calls = [world.login(0, first), world.login(0, second)];
        world.tabs[0].stalled = true;
        world.answer(0, "login", Ok(tokens("first")));
        world.answer(0, "login", Ok(tokens("second")));
        world.unstall(0);
        assert!(calls.iter().all(|it| world.tabs[0].settled(*it).is_some()), "{first} {second}");
        let Some(Stored::Session(record)) = &world.stored else { panic!("a session") };
        assert_eq!(Some(record), world.tabs[0].session.snapshot().record.as_ref(), "{first} {second}");
        assert_eq!(world.tabs[0].token().as_deref(), Some("second"));
    }
}

#[test]
fn a_login_outlives_the_expiry_of_the_session_before() {
    let mut world = World::signed_in(&[bare()]);
    world.pass(HOUR_MS - 1);
    let call = world.login(0, "ada");
    world.pass(1);
    assert_eq!(world.tabs[0].status(), Status::SignedOut);
    world.answer(0, "login", Ok(tokens("ada again")));
    assert!(world.tabs[0].succeeded(call));
    assert_eq!(world.tabs[0].token().as_deref(), Some("ada again"));
}

#[test]
fn a_login_outlives_a_renewal_that_is_refused() {
    let mut world = World::signed_in(&[endpoint()]);
    world.renew(0);
    let call = world.login(0, "grace");
    world.answer(0, "renew", Ok(meant(Meaning::SessionEnded)));
    world.answer(0, "login", Ok(tokens("grace")));
    assert!(world.tabs[0].succeeded(call));
    assert_eq!(world.tabs[0].token().as_deref(), Some("grace"));
}

#[test]
fn a_login_that_is_being_stored_outlives_the_end_of_the_session_before() {
    let mut world = World::signed_in(&[endpoint()]);
    let grant = world.granted(0);
    world.tabs[0].stalled = true;
    let login = world.log_in(0, "grace");
    world.ask(0, |call| Input::Refused { call, grant, meaning: Meaning::SessionEnded, retried: false });
    world.unstall(0);
    assert!(world.tabs[0].succeeded(login));
    assert_eq!(world.tabs[0].token().as_deref(), Some("grace"));
    assert!(matches!(&world.stored, Some(Stored::Session(it)) if it.values.text("access_token") == Some("grace")));
}

#[test]
fn nobody_is_taken_for_the_same_user_by_having_no_identifier() {
    let mut world = World::new(&[asking()]);
    let nameless = || Values::new().with("code", "1234");
    world.ask(0, |call| Input::Login { call, credentials: nameless() });
    world.answer(0, "login", Ok(tokens("ada")));
    world.now.wall_ms += HOUR_MS;
    let parked = world.authorize(0);
    world.feed(0, Input::LoginSupplied(Some(nameless())));
    world.answer(0, "login", Ok(tokens("grace")));
    assert_eq!(world.tabs[0].failure(parked), Some(FailureKind::SessionChanged));
}

#[test]
fn a_supplied_login_that_is_challenged_tells_the_calls_and_the_app_can_be_asked_again() {
    let mut world = World::signed_in(&[asking()]);
    world.now.wall_ms += HOUR_MS;
    let parked = world.authorize(0);
    world.feed(0, Input::LoginSupplied(Some(credentials("ada"))));
    world.answer(0, "login", Ok(meant(Meaning::Challenge)));
    assert_eq!(world.tabs[0].failure(parked), Some(FailureKind::Meant(Meaning::Challenge)));
    world.authorize(0);
    assert_eq!(asked(&world), 2);
}

#[test]
fn another_tabs_sign_in_ends_the_wait_for_a_code() {
    let mut world = World::new(&[endpoint(), endpoint()]);
    world.login(0, "ada");
    world.answer(0, "login", Ok(meant(Meaning::Challenge)));
    assert_eq!(world.tabs[0].status(), Status::Challenge);
    let call = world.ask(0, |call| Input::AnswerChallenge { call, values: Values::new() });
    world.log_in(1, "grace");
    assert_eq!((world.tabs[0].status(), world.tabs[0].token().as_deref()), (Status::SignedIn, Some("grace")));
    assert_eq!(world.tabs[0].session.snapshot().challenge, None);
    assert_eq!(world.tabs[0].failure(call), Some(FailureKind::Aborted));
}
