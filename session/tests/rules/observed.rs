//! Tokens that come along with the answers to calls.

use crate::world::{HOUR_MS, World, bare, endpoint, meant, network, tokens};
use relatch_dialects::{Meaning, Message, Values};
use relatch_session::{Answered, Command, Event, Grant, Input, Status};

fn observe(world: &mut World, grant: &Grant, values: Values) {
    world.feed(Input::Observed { grant: Box::new(grant.clone()), values, lifetime_ms: Some(HOUR_MS) });
}

fn token(text: &str) -> Values {
    Values::new().with("access_token", text)
}

fn saves(world: &World) -> usize {
    world.trace.iter().filter(|it| matches!(it, Command::Save(_))).count()
}

#[test]
fn a_token_that_comes_with_an_answer_is_the_next_generation_and_outlives_a_reload() {
    let mut world = World::signed_in(endpoint());
    world.pass(HOUR_MS / 2);
    let grant = world.granted();
    observe(&mut world, &grant, token("newer"));
    assert_eq!((world.token().as_deref(), world.generation()), (Some("newer"), Some(2)));
    assert_eq!(world.events().last(), Some(&Event::Renewed));
    assert_eq!(world.granted().values.text("refresh_token"), Some("refresh"), "what is not repeated stays");
    world.reload(endpoint());
    assert_eq!(world.token().as_deref(), Some("newer"));
    world.pass(HOUR_MS / 2);
    assert_eq!(world.count("renew"), 0, "it is good for an hour from then on");
}

#[test]
fn of_several_calls_that_bring_tokens_at_once_one_is_heard() {
    let mut world = World::signed_in(endpoint());
    let grant = world.granted();
    world.store_answers = false;
    for text in ["one", "two", "three"] {
        observe(&mut world, &grant, token(text));
    }
    world.release_store();
    observe(&mut world, &grant, token("four"));
    assert_eq!((world.token().as_deref(), world.generation(), saves(&world)), (Some("one"), Some(2), 1));
}

#[test]
fn a_token_that_is_here_already_changes_nothing() {
    let mut world = World::signed_in(endpoint());
    let (grant, before) = (world.granted(), world.session.snapshot());
    observe(&mut world, &grant, token("token of ada"));
    observe(&mut world, &grant, token("token of ada").with("expires", "3600"));
    observe(&mut world, &grant, Values::new());
    assert!(std::sync::Arc::ptr_eq(&before, &world.session.snapshot()));
    assert_eq!(saves(&world), 0);
}

#[test]
fn a_session_that_slides_goes_on_as_long_as_calls_are_made_and_is_not_written_down_at_each() {
    let mut world = World::signed_in(bare());
    for _ in 0..60 {
        world.pass(HOUR_MS / 20);
        let grant = world.granted();
        observe(&mut world, &grant, Values::new().with("expires", "3600"));
    }
    assert_eq!(world.session.snapshot().status, Status::SignedIn);
    assert_eq!(saves(&world), 20);
    world.pass(HOUR_MS);
    assert_eq!(world.session.snapshot().ended, Some(Event::Expired));
}

#[test]
fn what_comes_for_another_login_is_nobodys() {
    let mut world = World::signed_in(endpoint());
    let grant = world.granted();
    world.log_in("grace");
    observe(&mut world, &grant, token("newer"));
    assert_eq!(world.token().as_deref(), Some("token of grace"));
    world.ask(|call| Input::Logout { call });
    observe(&mut world, &grant, token("newer"));
    assert_eq!(world.session.snapshot().status, Status::SignedOut);
}

#[test]
fn a_renewal_that_is_under_way_brings_what_comes_next() {
    let mut world = World::signed_in(endpoint());
    let grant = world.granted();
    world.ask(|call| Input::Renew { call });
    observe(&mut world, &grant, token("newer"));
    let mut renewed = tokens("ada again");
    renewed.message.values.set("refresh_token", "second");
    world.answer("renew", Ok(renewed));
    assert_eq!(world.token().as_deref(), Some("token of ada again"));
    assert_eq!(world.granted().values.text("refresh_token"), Some("second"));
}

#[test]
fn calls_that_wait_for_a_renewal_go_on_with_what_came_before_it() {
    let mut world = World::signed_in(endpoint());
    let grant = world.granted();
    world.lock_is_free = false;
    let call = world.refuse(&grant, Meaning::TokenExpired, false);
    observe(&mut world, &grant, token("newer"));
    assert_eq!(world.grant_of(call).values.text("access_token"), Some("newer"));
    world.release_lock();
    assert_eq!(world.count("renew"), 0);
}

#[test]
fn a_renewal_whose_answer_was_lost_is_repeated_under_its_key_though_a_newer_token_came() {
    let mut world = World::new(endpoint());
    world.login("ada");
    world.answer("login", Ok(Answered { idempotent: true, ..tokens("ada") }));
    world.ask(|call| Input::Renew { call });
    let key = world.sent[0].attempt.clone();
    world.answer("renew", network());
    let grant = world.granted();
    observe(&mut world, &grant, token("newer"));
    assert_eq!(world.generation(), Some(2));
    world.pass(HOUR_MS);
    assert!(key.is_some());
    assert_eq!(world.sent[0].attempt, key);
}

#[test]
fn another_refresh_token_is_not_used_under_the_key_of_the_one_before() {
    let mut world = World::new(endpoint());
    world.login("ada");
    world.answer("login", Ok(Answered { idempotent: true, ..tokens("ada") }));
    let grant = world.granted();
    observe(&mut world, &grant, token("newer").with("refresh_token", "second"));
    world.ask(|call| Input::Renew { call });
    assert_eq!((world.sent[0].values.text("refresh_token"), world.sent[0].attempt.as_deref()), (Some("second"), None));
}

#[test]
fn a_server_that_asked_for_a_rest_has_it_though_newer_tokens_came() {
    let mut world = World::signed_in(endpoint());
    world.ask(|call| Input::Renew { call });
    world.answer("renew", Ok(Answered { retry_after_ms: Some(300_000), ..meant(Meaning::RateLimited) }));
    let grant = world.granted();
    observe(&mut world, &grant, token("newer"));
    assert_eq!(world.token().as_deref(), Some("newer"));
    world.trace.clear();
    world.ask(|call| Input::Renew { call });
    assert_eq!(world.count("renew"), 0);
}

#[test]
fn what_only_the_session_needs_is_kept_for_its_requests_and_leaves_the_tokens_as_old_as_they_are() {
    let mut world = World::signed_in(endpoint());
    let grant = world.granted();
    world.pass(HOUR_MS / 2);
    observe(&mut world, &grant, Values::new().with("session.csrf", "c").with("user", "mallory").with("step.a", "b"));
    let values = world.granted().values;
    assert_eq!(
        (values.text("session.csrf"), values.get("user").is_some(), values.get("step.a").is_some()),
        (Some("c"), false, false)
    );
    world.pass(HOUR_MS / 2);
    assert_eq!(world.count("renew"), 1, "the token did not become younger");
}

#[test]
fn an_operation_may_bring_tokens_as_well() {
    let mut world = World::signed_in(endpoint());
    world.ask(|call| Input::Perform { call, operation: "profile".into(), attached: true, values: Values::new() });
    let message = Message::with(Meaning::Done, token("newer").with("email", "ada@example.com"));
    world.answer("profile", Ok(Answered { message, lifetime_ms: Some(HOUR_MS), ..meant(Meaning::Done) }));
    assert_eq!(world.token().as_deref(), Some("newer"));
}
