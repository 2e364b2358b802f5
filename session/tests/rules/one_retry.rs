//! A refused call is sent again at most once, only under the same login and with a newer generation.

use crate::world::{World, endpoint, keeping, tokens};
use relatch_dialects::Meaning;
use relatch_session::{FailureKind, Input, Outcome};

const REFUSALS: [Meaning; 4] =
    [Meaning::TokenMissing, Meaning::TokenMalformed, Meaning::TokenExpired, Meaning::TokenExpiredOrForbidden];

fn is_handed_over(world: &World, call: u32) -> bool {
    matches!(world.settled(call), Some(Ok(Outcome::HandOver)))
}

#[test]
fn a_refused_call_is_sent_once_more_with_newer_tokens() {
    for meaning in REFUSALS {
        let mut world = World::signed_in(endpoint());
        let grant = world.granted();
        let call = world.refuse(&grant, meaning, false);
        assert!(world.settled(call).is_none());
        world.answer("renew", Ok(tokens("ada again")));
        assert_eq!(world.grant_of(call).generation, 2);
        assert_eq!(world.grant_of(call).login, grant.login);
    }
}

#[test]
fn a_call_that_was_sent_twice_is_handed_over() {
    for meaning in REFUSALS {
        let mut world = World::signed_in(endpoint());
        let grant = world.granted();
        let call = world.refuse(&grant, meaning, true);
        assert!(is_handed_over(&world, call), "{meaning:?}");
        assert_eq!(world.count("renew"), 0);
    }
}

#[test]
fn a_newer_generation_that_is_here_already_needs_no_renewal() {
    for meaning in REFUSALS {
        let mut world = World::signed_in(endpoint());
        let old = world.granted();
        world.ask(|call| Input::Renew { call });
        world.answer("renew", Ok(tokens("ada again")));
        world.trace.clear();
        let call = world.refuse(&old, meaning, false);
        assert_eq!(world.grant_of(call).generation, 2);
        assert_eq!(world.count("renew"), 0);
    }
}

#[test]
fn a_call_of_ada_is_never_sent_as_grace() {
    let mut world = World::signed_in(endpoint());
    let grant = world.granted();
    let parked = world.refuse(&grant, Meaning::TokenExpired, false);
    world.log_in("grace");
    assert_eq!(world.failure(parked), Some(FailureKind::SessionChanged));
    let late = world.refuse(&grant, Meaning::TokenExpired, false);
    assert_eq!(world.failure(late), Some(FailureKind::SessionChanged));
    assert_eq!(world.token().as_deref(), Some("token of grace"));
}

#[test]
fn a_renewal_of_ada_that_comes_after_grace_logged_in_changes_nothing() {
    let mut world = World::signed_in(endpoint());
    world.ask(|call| Input::Renew { call });
    world.log_in("grace");
    world.answer("renew", Ok(tokens("ada again")));
    assert_eq!(world.token().as_deref(), Some("token of grace"));
    assert_eq!(world.generation(), Some(1));
}

#[test]
fn a_call_whose_context_has_changed_is_not_sent_again() {
    let mut world = World::signed_in(endpoint());
    let set = |value: &str| Input::SetContext { name: "organization".into(), value: Some(value.into()) };
    world.feed(set("42"));
    let grant = world.granted();
    assert_eq!(grant.values.text("context.organization"), Some("42"));
    let parked = world.refuse(&grant, Meaning::TokenExpired, false);
    world.feed(set("43"));
    world.answer("renew", Ok(tokens("ada again")));
    assert_eq!(world.failure(parked), Some(FailureKind::SessionChanged));
    assert_eq!(world.granted().values.text("context.organization"), Some("43"));
}

#[test]
fn a_refusal_that_may_be_a_missing_right_is_never_taken_to_the_user() {
    let mut world = World::signed_in(crate::world::asking());
    let grant = world.granted();
    let call = world.refuse(&grant, Meaning::TokenExpiredOrForbidden, false);
    assert!(is_handed_over(&world, call));
    assert_eq!(world.asked(), 0);
}

#[test]
fn what_is_refused_again_after_a_guarded_renewal_is_forbidden() {
    let mut world = World::signed_in(keeping());
    let grant = world.granted();
    let call = world.refuse(&grant, Meaning::TokenExpiredOrForbidden, false);
    world.answer("login", Ok(tokens("ada again")));
    let grant = world.grant_of(call);
    let call = world.refuse(&grant, Meaning::TokenExpiredOrForbidden, true);
    assert!(is_handed_over(&world, call));
    let grant = world.granted();
    let call = world.refuse(&grant, Meaning::TokenExpiredOrForbidden, false);
    assert!(is_handed_over(&world, call));
    assert_eq!(world.count("login"), 1);
}

#[test]
fn a_guarded_renewal_is_made_once_even_if_its_call_is_never_sent_again() {
    let mut world = World::signed_in(keeping());
    for _ in 0..5 {
        let grant = world.granted();
        let call = world.refuse(&grant, Meaning::TokenExpiredOrForbidden, false);
        world.feed(Input::Cancel { call });
        if world.sent.iter().any(|it| it.operation == "login") {
            world.answer("login", Ok(tokens("ada again")));
        }
    }
    assert_eq!(world.count("login"), 1);
}

#[test]
fn a_generation_that_came_otherwise_may_be_guarded_once_more() {
    let mut world = World::signed_in(keeping());
    let grant = world.granted();
    world.refuse(&grant, Meaning::TokenExpiredOrForbidden, false);
    world.answer("login", Ok(tokens("ada again")));
    world.ask(|call| Input::Renew { call });
    world.answer("login", Ok(tokens("ada once more")));
    let grant = world.granted();
    let call = world.refuse(&grant, Meaning::TokenExpiredOrForbidden, false);
    world.answer("login", Ok(tokens("ada at last")));
    assert_eq!(world.grant_of(call).generation, 4);
}

#[test]
fn a_context_that_was_set_before_goes_along_from_the_first_call() {
    let set = || Input::SetContext { name: "organization".into(), value: Some("42".into()) };
    let mut world = World::new(endpoint());
    world.feed(set());
    world.log_in("ada");
    assert_eq!(world.granted().values.text("context.organization"), Some("42"));

    let stored = world.stored.take();
    let mut world = World::unstarted(endpoint());
    (world.stored, world.store_answers) = (stored, false);
    world.feed(Input::Start);
    world.feed(set());
    world.release_store();
    assert_eq!(world.granted().values.text("context.organization"), Some("42"));
}

#[test]
fn the_context_of_one_user_is_not_the_next_ones() {
    let mut world = World::signed_in(endpoint());
    world.feed(Input::SetContext { name: "organization".into(), value: Some("42".into()) });
    world.log_in("grace");
    assert_eq!(world.granted().values.text("context.organization"), None);
    world.feed(Input::SetContext { name: "organization".into(), value: Some("42".into()) });
    world.ask(|call| Input::Logout { call });
    world.log_in("ada");
    assert_eq!(world.granted().values.text("context.organization"), None);
}
