//! Sessions without a token that anybody could see: the platform's cookies are what goes along with calls.

use crate::world::{HOUR_MS, World, endpoint, meant, network};
use relatch_dialects::{Meaning, Message, Values};
use relatch_session::{Answered, FailureKind, Input, Outcome, Status};

fn session(values: Values) -> Answered {
    let message = Message::with(Meaning::Session, values);
    Answered { message, lifetime_ms: Some(HOUR_MS), ..meant(Meaning::Session) }
}

/// Ada is signed in, with something that the API wants back.
fn signed_in() -> World {
    let mut world = World::new(endpoint());
    world.login("ada");
    world.answer(
        "login",
        Ok(session(Values::new().with("user", "ada").with("session.csrf", "c1").with("expires", "3600"))),
    );
    world.trace.clear();
    world
}

#[test]
fn a_login_an_expiry_a_renewal_and_a_refused_call_are_like_any_other() {
    let mut world = signed_in();
    world.now.wall_ms += HOUR_MS;
    let call = world.authorize();
    assert_eq!(world.sent[0].values.text("session.csrf"), Some("c1"));
    world.answer("renew", Ok(session(Values::new().with("expires", "3600").with("session.csrf", "c2"))));
    let grant = world.grant_of(call);
    assert_eq!(
        (grant.generation, grant.values.text("session.csrf"), grant.values.text("user")),
        (2, Some("c2"), Some("ada"))
    );
    let call = world.refuse(&grant, Meaning::TokenExpired, false);
    world.answer("renew", Ok(session(Values::new().with("expires", "3600"))));
    assert_eq!(world.grant_of(call).generation, 3);
    assert_eq!(world.grant_of(call).values.text("session.csrf"), Some("c2"));
}

#[test]
fn a_reload_finds_it() {
    let mut world = signed_in();
    world.reload(endpoint());
    assert_eq!(world.session.snapshot().status, Status::SignedIn);
    assert_eq!(world.granted().values.text("session.csrf"), Some("c1"));
}

#[test]
fn the_server_is_told_of_a_log_out() {
    let mut world = signed_in();
    let call = world.ask(|call| Input::Logout { call });
    assert_eq!((world.sent[0].operation.as_str(), world.sent[0].values.text("session.csrf")), ("logout", Some("c1")));
    world.answer("logout", network());
    assert!(matches!(world.settled(call), Some(Ok(Outcome::Done))));
}

#[test]
fn a_login_that_comes_after_the_log_out_is_ended_at_the_server() {
    let mut world = World::new(endpoint());
    let login = world.login("ada");
    world.ask(|call| Input::Logout { call });
    assert_eq!(world.failure(login), Some(FailureKind::Aborted));
    world.answer("login", Ok(session(Values::new())));
    assert_eq!((world.count("logout"), world.session.snapshot().status), (1, Status::SignedOut));
}

#[test]
fn a_log_out_while_the_login_is_being_stored_is_told_to_the_server() {
    let mut world = World::new(endpoint());
    world.store_answers = false;
    world.login("ada");
    world.answer("login", Ok(session(Values::new())));
    world.ask(|call| Input::Logout { call });
    world.release_store();
    assert_eq!((world.count("logout"), world.session.snapshot().status), (1, Status::SignedOut));
}

#[test]
fn what_comes_too_late_does_not_end_the_session_of_whoever_is_signed_in() {
    let mut world = signed_in();
    world.ask(|call| Input::Renew { call });
    world.login("grace");
    world.store_answers = false;
    world.answer("login", Ok(session(Values::new().with("user", "grace"))));
    world.answer("renew", Ok(session(Values::new())));
    world.release_store();
    assert_eq!((world.count("logout"), world.granted().values.text("user")), (0, Some("grace")));
}
