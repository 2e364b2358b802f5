//! No event without a change; the state object keeps its identity until it changes.

use crate::world::{World, endpoint, meant, network, tokens};
use relatch_dialects::Meaning;
use relatch_session::{Event, Input};
use std::sync::Arc;

#[test]
fn what_changes_nothing_keeps_the_state_object_and_is_silent() {
    let mut world = World::signed_in(endpoint());
    let before = world.session.snapshot();
    let grant = world.granted();
    world.refuse(&grant, Meaning::Forbidden, false);
    world.feed(Input::Woke);
    world.feed(Input::SetContext { name: "organization".into(), value: None });
    world.login("grace");
    world.answer("login", Ok(meant(Meaning::BadCredentials)));
    assert!(Arc::ptr_eq(&before, &world.session.snapshot()));
    assert_eq!(world.events(), []);
}

#[test]
fn a_session_tells_its_life_in_events() {
    let mut world = World::new(endpoint());
    world.log_in("ada");
    world.ask(|call| Input::Renew { call });
    world.answer("renew", Ok(tokens("ada again")));
    world.feed(Input::SetContext { name: "organization".into(), value: Some("42".into()) });
    world.ask(|call| Input::Logout { call });
    let life = [Event::Ready, Event::SignedIn, Event::Renewed, Event::ContextChanged, Event::SignedOut];
    assert_eq!(world.events(), life);
}

#[test]
fn setting_the_same_context_again_is_no_change() {
    let mut world = World::signed_in(endpoint());
    let set = || Input::SetContext { name: "organization".into(), value: Some("42".into()) };
    world.feed(set());
    let context = world.granted().context;
    world.feed(set());
    assert_eq!(world.granted().context, context);
    assert_eq!(world.events(), [Event::ContextChanged]);
}

#[test]
fn a_context_that_is_cleared_goes_along_no_more() {
    let mut world = World::signed_in(endpoint());
    for value in [Some("42".into()), None] {
        world.feed(Input::SetContext { name: "organization".into(), value });
    }
    assert_eq!(world.granted().values.get("context.organization"), None);
    assert_eq!(world.events(), [Event::ContextChanged; 2]);
}

#[test]
fn a_row_of_failed_renewals_is_told_once() {
    let mut world = World::signed_in(endpoint());
    for _ in 0..5 {
        world.ask(|call| Input::Renew { call });
        if world.sent.iter().any(|it| it.operation == "renew") {
            world.answer("renew", network());
        }
        world.now.wall_ms += 600_000;
    }
    assert_eq!(world.events(), [Event::RenewalFailed]);
}

#[test]
fn signing_out_twice_is_told_once() {
    let mut world = World::signed_in(endpoint());
    world.ask(|call| Input::Logout { call });
    world.ask(|call| Input::Logout { call });
    assert_eq!(world.events(), [Event::SignedOut]);
}

#[test]
fn a_context_that_is_set_is_no_reason_why_nobody_is_signed_in() {
    let mut world = World::signed_in(endpoint());
    let set = |world: &mut World, value: &str| {
        world.feed(Input::SetContext { name: "organization".into(), value: Some(value.into()) });
        world.session.snapshot().ended
    };
    world.ask(|call| Input::Logout { call });
    assert_eq!(set(&mut world, "42"), Some(Event::SignedOut));
    let mut world = World::new(endpoint());
    assert_eq!(set(&mut world, "42"), None);
}
