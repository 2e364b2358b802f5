//! Where nothing renews unseen, the app is asked, and calls wait for the same user and nobody else.

use crate::world::{HOUR_MS, World, asking, credentials, meant, network, tokens};
use relatch_dialects::Meaning;
use relatch_session::{Event, FailureKind, Input, Status};

/// Ada's token has ended and one call of hers is parked.
fn parked() -> (World, u32) {
    let mut world = World::signed_in(asking());
    let grant = world.granted();
    world.now.wall_ms += HOUR_MS;
    let call = world.refuse(&grant, Meaning::TokenExpired, false);
    assert_eq!(world.asked(), 1);
    (world, call)
}

#[test]
fn parked_calls_go_on_when_the_same_user_is_back() {
    let (mut world, call) = parked();
    let login = world.session.snapshot().record.as_ref().map(|it| it.login);
    world.feed(Input::LoginSupplied(Some(credentials("ada"))));
    world.answer("login", Ok(tokens("ada again")));
    assert_eq!(world.grant_of(call).generation, 2);
    assert_eq!(Some(world.grant_of(call).login), login);
    assert_eq!(world.events(), [Event::Renewed]);
}

#[test]
fn a_parked_post_of_ada_is_never_sent_as_grace() {
    let (mut world, call) = parked();
    world.feed(Input::LoginSupplied(Some(credentials("grace"))));
    world.answer("login", Ok(tokens("grace")));
    assert_eq!(world.failure(call), Some(FailureKind::SessionChanged));
    assert_eq!(world.token().as_deref(), Some("token of grace"));
}

#[test]
fn a_login_by_the_app_itself_serves_the_parked_calls_too() {
    let (mut world, call) = parked();
    world.log_in("ada");
    assert_eq!(world.grant_of(call).generation, 2);
    let (mut world, call) = parked();
    world.log_in("grace");
    assert_eq!(world.failure(call), Some(FailureKind::SessionChanged));
}

#[test]
fn after_a_reload_the_same_user_is_still_told_from_another() {
    for (identifier, goes_on) in [("ada", true), ("grace", false)] {
        let mut world = World::signed_in(asking());
        world.reload(asking());
        world.now.wall_ms += HOUR_MS;
        let call = world.authorize();
        world.feed(Input::LoginSupplied(Some(credentials(identifier))));
        world.answer("login", Ok(tokens(identifier)));
        assert_eq!(world.failure(call).is_none(), goes_on, "{identifier}");
    }
}

#[test]
fn two_logins_that_name_nobody_are_not_the_same_user() {
    let nameless = || relatch_dialects::Values::new().with("password", "correct horse 9");
    let mut world = World::new(asking());
    world.ask(|call| Input::Login { call, credentials: nameless() });
    world.answer("login", Ok(tokens("ada")));
    world.now.wall_ms += HOUR_MS;
    let call = world.authorize();
    world.feed(Input::LoginSupplied(Some(nameless())));
    world.answer("login", Ok(tokens("grace")));
    assert_eq!(world.failure(call), Some(FailureKind::SessionChanged));
}

#[test]
fn an_app_that_gives_nothing_ends_the_session() {
    let (mut world, call) = parked();
    world.feed(Input::LoginSupplied(None));
    assert_eq!(world.failure(call), Some(FailureKind::LoginRequired));
    assert_eq!(world.session.snapshot().ended, Some(Event::Expired));
}

#[test]
fn an_app_that_answers_with_the_same_wrong_password_makes_no_flood() {
    let (mut world, call) = parked();
    for _ in 0..10 {
        world.feed(Input::LoginSupplied(Some(credentials("ada"))));
        if world.sent.iter().any(|it| it.operation == "login") {
            world.answer("login", Ok(meant(Meaning::WrongPassword)));
        }
    }
    assert!(world.count("login") <= 3);
    assert!(world.failure(call).is_some());
}

#[test]
fn a_supplied_login_that_the_network_loses_rejects_the_calls_and_keeps_the_session() {
    let (mut world, call) = parked();
    world.feed(Input::LoginSupplied(Some(credentials("ada"))));
    world.answer("login", network());
    assert_eq!(world.failure(call), Some(FailureKind::Network));
    assert_eq!(world.session.snapshot().status, Status::SignedIn);
    world.authorize();
    assert_eq!(world.asked(), 2);
}

#[test]
fn an_answer_to_a_question_that_is_settled_is_ignored() {
    let (mut world, _) = parked();
    world.log_in("ada");
    world.feed(Input::LoginSupplied(None));
    world.feed(Input::LoginSupplied(Some(credentials("grace"))));
    assert_eq!(world.token().as_deref(), Some("token of ada"));
    assert_eq!(world.count("login"), 1);
}

#[test]
fn giving_nothing_does_not_abort_a_login_that_the_app_makes_itself() {
    let (mut world, _) = parked();
    let login = world.login("ada");
    world.feed(Input::LoginSupplied(None));
    world.answer("login", Ok(tokens("ada again")));
    assert!(world.settled(login).is_some_and(|it| it.is_ok()));
    assert_eq!(world.session.snapshot().status, Status::SignedIn);
}
