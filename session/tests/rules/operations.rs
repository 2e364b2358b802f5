//! The dialect's named operations: an attached one behaves like an authorised call.

use crate::world::{HOUR_MS, World, endpoint, meant, tokens};
use relatch_dialects::{Meaning, Message, Values};
use relatch_session::{Answered, CallId, FailureKind, Input, Outcome, Status};

fn perform(world: &mut World, operation: &str, attached: bool, values: Values) -> CallId {
    world.ask(|call| Input::Perform { call, operation: operation.into(), attached, values })
}

fn done(values: Values) -> Answered {
    Answered { message: Message::with(Meaning::Done, values), ..meant(Meaning::Done) }
}

#[test]
fn an_operation_without_the_token_works_signed_out() {
    let mut world = World::new(endpoint());
    let call = perform(&mut world, "validate", false, Values::new().with("code", "1234"));
    assert_eq!(world.sent[0].values.text("code"), Some("1234"));
    world.answer("validate", Ok(done(Values::new().with("email", "ada@example.com"))));
    assert!(matches!(world.settled(call), Some(Ok(Outcome::Performed(it))) if it.text("email").is_some()));
}

#[test]
fn an_operation_with_the_token_needs_a_session() {
    let mut world = World::new(endpoint());
    let call = perform(&mut world, "profile", true, Values::new());
    assert_eq!(world.failure(call), Some(FailureKind::LoginRequired));
}

#[test]
fn a_refused_operation_is_sent_once_more_after_a_renewal() {
    let mut world = World::signed_in(endpoint());
    let call = perform(&mut world, "profile", true, Values::new());
    assert_eq!(world.sent[0].values.text("access_token"), Some("token of ada"));
    world.answer("profile", Ok(meant(Meaning::TokenExpired)));
    world.answer("renew", Ok(tokens("ada again")));
    assert_eq!(world.sent[0].values.text("access_token"), Some("token of ada again"));
    world.answer("profile", Ok(meant(Meaning::TokenExpired)));
    assert_eq!(world.failure(call), Some(FailureKind::Meant(Meaning::TokenExpired)));
    assert_eq!((world.count("profile"), world.count("renew")), (2, 1));
}

#[test]
fn an_operation_at_expiry_waits_for_the_renewal() {
    let mut world = World::signed_in(endpoint());
    world.now.wall_ms += HOUR_MS;
    perform(&mut world, "profile", true, Values::new());
    assert_eq!(world.count("profile"), 0);
    world.answer("renew", Ok(tokens("ada again")));
    assert_eq!(world.sent[0].values.text("access_token"), Some("token of ada again"));
}

#[test]
fn an_operation_that_says_the_account_is_disabled_ends_the_session() {
    let mut world = World::signed_in(endpoint());
    let call = perform(&mut world, "profile", true, Values::new());
    world.answer("profile", Ok(meant(Meaning::AccountDisabled)));
    assert_eq!(world.failure(call), Some(FailureKind::Meant(Meaning::AccountDisabled)));
    assert_eq!(world.session.snapshot().status, Status::SignedOut);
}

#[test]
fn an_operation_of_ada_is_not_repeated_as_grace() {
    let mut world = World::signed_in(endpoint());
    let call = perform(&mut world, "profile", true, Values::new());
    world.log_in("grace");
    world.answer("profile", Ok(meant(Meaning::TokenExpired)));
    assert_eq!(world.failure(call), Some(FailureKind::SessionChanged));
    assert_eq!(world.count("profile"), 1);
}

#[test]
fn what_the_app_gives_to_an_operation_does_not_replace_the_token() {
    let mut world = World::signed_in(endpoint());
    perform(&mut world, "profile", true, Values::new().with("access_token", "forged"));
    assert_eq!(world.sent[0].values.text("access_token"), Some("token of ada"));
}

#[test]
fn an_operation_that_got_no_answer_after_the_token_ended_counts_as_refused() {
    let mut world = World::signed_in(endpoint());
    let call = perform(&mut world, "profile", true, Values::new());
    world.now.wall_ms += HOUR_MS;
    world.answer("profile", crate::world::network());
    assert!(world.settled(call).is_none());
    world.answer("renew", Ok(tokens("ada again")));
    assert_eq!(world.count("profile"), 2);
}

#[test]
fn every_request_may_have_the_context_in_it() {
    let mut world = World::new(endpoint());
    world.feed(Input::SetContext { name: "tenant".into(), value: Some("42".into()) });
    world.login("ada");
    assert_eq!(world.sent[0].values.text("context.tenant"), Some("42"));
    world.answer("login", Ok(tokens("ada")));
    perform(&mut world, "validate", false, Values::new());
    assert_eq!(world.sent[0].values.text("context.tenant"), Some("42"));
    world.ask(|call| Input::Logout { call });
    assert_eq!(world.sent[1].values.text("context.tenant"), Some("42"));
}

#[test]
fn what_the_session_keeps_for_requests_goes_with_operations_and_not_with_the_next_login() {
    let mut world = World::new(endpoint());
    world.login("ada");
    let mut answer = tokens("ada");
    answer.message.values.set("session.device", "d");
    world.answer("login", Ok(answer));
    perform(&mut world, "validate", false, Values::new());
    world.login("grace");
    let device = |at: usize| world.sent[at].values.text("session.device");
    assert_eq!((device(0), device(1)), (Some("d"), None));
    assert!(world.sent[0].values.get("access_token").is_none());
}

#[test]
fn an_operation_hands_out_nothing_that_is_the_sessions_own() {
    let mut world = World::new(endpoint());
    let call = perform(&mut world, "validate", false, Values::new());
    let values =
        ["session.a", "challenge.b", "step.c", "expires", "access_token", "refresh_token", "email", "detail.d"];
    let values = values.iter().fold(Values::new(), |all, name| all.with(name, "x"));
    world.answer("validate", Ok(done(values)));
    let Some(Ok(Outcome::Performed(values))) = world.settled(call) else { panic!("performed") };
    assert!(values.members().len() == 2 && values.get("email").is_some() && values.get("detail.d").is_some());
}

#[test]
fn an_operation_that_gives_tokens_is_done_when_calls_have_them() {
    let mut world = World::signed_in(endpoint());
    let call = perform(&mut world, "change", true, Values::new());
    world.store_answers = false;
    world.answer("change", Ok(done(Values::new().with("access_token", "of another tenant"))));
    assert!(world.settled(call).is_none(), "the next call would go out with the token from before");
    world.release_store();
    assert!(matches!(world.settled(call), Some(Ok(Outcome::Performed(it))) if it.is_empty()));
    assert_eq!(world.granted().values.text("access_token"), Some("of another tenant"));
}
