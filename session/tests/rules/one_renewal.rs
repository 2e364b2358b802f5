//! One renewal at a time; every waiting call is answered by it.

use crate::world::{HOUR_MS, World, asking, endpoint, keeping, network, tokens};
use relatch_dialects::Meaning;
use relatch_session::{FailureKind, Input};

#[test]
fn twenty_calls_at_expiry_cause_one_renewal() {
    for (options, operation) in [(endpoint(), "renew"), (keeping(), "login")] {
        let mut world = World::signed_in(options);
        world.now.wall_ms += HOUR_MS;
        let calls: Vec<_> = (0..20).map(|_| world.authorize()).collect();
        assert_eq!(world.count(operation), 1);
        world.answer(operation, Ok(tokens("ada again")));
        for call in calls {
            assert_eq!(world.grant_of(call).values.text("access_token"), Some("token of ada again"));
            assert_eq!(world.grant_of(call).generation, 2);
        }
        assert_eq!(world.count(operation), 1);
    }
}

#[test]
fn twenty_refused_calls_cause_one_renewal() {
    let mut world = World::signed_in(endpoint());
    let grant = world.granted();
    let calls: Vec<_> = (0..20).map(|_| world.refuse(&grant, Meaning::TokenExpired, false)).collect();
    world.answer("renew", Ok(tokens("ada again")));
    assert!(calls.into_iter().all(|call| world.grant_of(call).generation == 2));
    assert_eq!(world.count("renew"), 1);
}

#[test]
fn twenty_calls_at_expiry_ask_the_app_once() {
    let mut world = World::signed_in(asking());
    world.now.wall_ms += HOUR_MS;
    let calls: Vec<_> = (0..20).map(|_| world.authorize()).collect();
    assert_eq!(world.asked(), 1);
    world.feed(Input::LoginSupplied(Some(crate::world::credentials("ada"))));
    world.answer("login", Ok(tokens("ada again")));
    assert!(calls.into_iter().all(|call| world.grant_of(call).generation == 2));
}

#[test]
fn a_call_made_while_a_renewal_is_under_way_waits_for_that_one() {
    let mut world = World::signed_in(endpoint());
    world.now.wall_ms += HOUR_MS;
    let first = world.authorize();
    world.now.wall_ms += 100;
    let second = world.ask(|call| Input::Renew { call });
    world.answer("renew", Ok(tokens("ada again")));
    assert_eq!(world.grant_of(first).generation, 2);
    assert!(world.settled(second).is_some_and(|it| it.is_ok()));
    assert_eq!(world.count("renew"), 1);
}

#[test]
fn a_stale_token_that_is_still_good_is_used_while_the_renewal_runs() {
    let mut world = World::signed_in(endpoint());
    world.now.wall_ms += HOUR_MS - 10_000;
    assert_eq!(world.granted().generation, 1);
    assert_eq!(world.granted().generation, 1);
    assert_eq!(world.count("renew"), 1);
    world.answer("renew", Ok(tokens("ada again")));
    assert_eq!(world.granted().generation, 2);
}

#[test]
fn a_failed_renewal_is_told_to_every_call_and_not_repeated_at_once() {
    let mut world = World::signed_in(endpoint());
    world.now.wall_ms += HOUR_MS;
    let calls = [world.authorize(), world.authorize()];
    world.answer("renew", network());
    for call in calls {
        assert_eq!(world.failure(call), Some(FailureKind::Network));
    }
    let call = world.authorize();
    let failure = world.settled(call).and_then(Result::err).expect("a failure");
    assert!(failure.retry_after_ms.is_some_and(|it| it > 0));
    assert_eq!(world.count("renew"), 1);
}
