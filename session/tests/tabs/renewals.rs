//! Renewals that must neither run away nor be heard of too early.

use crate::harness::{HOUR_MS, World, endpoint, tokens};
use relatch_session::{Answered, Command, Event, Options};

#[test]
fn a_token_is_fresh_for_a_while_however_far_ahead_the_app_wants_to_renew() {
    for ahead_permille in [500, 900, 1000, u64::MAX] {
        let mut world = World::signed_in(&[Options { ahead_permille, ..endpoint() }]);
        world.renew(0);
        world.answer(0, "renew", Ok(Answered { lifetime_ms: Some(60_000), ..tokens("ada again") }));
        for _ in 0..10_000 {
            world.pass(10);
            if world.tabs[0].sent.iter().any(|it| it.operation == "renew") {
                world.answer(0, "renew", Ok(Answered { lifetime_ms: Some(60_000), ..tokens("ada again") }));
            }
        }
        assert!(world.tabs[0].count("renew") <= 5, "{ahead_permille}: {}", world.tabs[0].count("renew"));
    }
}

#[test]
fn listeners_hear_of_a_failing_store_outside_the_lock() {
    let mut world = World::signed_in(&[endpoint()]);
    world.renew(0);
    world.store_works = false;
    world.answer(0, "renew", Ok(tokens("ada again")));
    let at = |kind: fn(&Command) -> bool| world.tabs[0].trace.iter().position(kind);
    assert!(at(|it| matches!(it, Command::Unlock(_))) < at(|it| matches!(it, Command::Emit(..))));
    assert_eq!(world.tabs[0].events(), [Event::Renewed, Event::StoreFailed]);
}

#[test]
fn a_timer_is_not_set_to_now_again_and_again() {
    let mut world = World::signed_in(&[endpoint()]);
    world.now.wall_ms += HOUR_MS;
    let call = world.renew(0);
    world.answer(0, "renew", Err(relatch_session::Failure::of(relatch_session::FailureKind::Network)));
    assert!(world.tabs[0].failure(call).is_some());
    let due_now = |it: &&Command| matches!(it, Command::Wake(Some(0)));
    assert!(world.tabs[0].trace.iter().filter(due_now).count() <= 1);
}
