//! Renewals that must neither run away nor be heard of too early.

use crate::harness::{HOUR_MS, World, endpoint, tokens};
use relatch_dialects::{Meaning, Values};
use relatch_session::{Answered, Command, Event, Failure, FailureKind, Input, Options, Pause, Record, Stored};

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
    world.answer(0, "renew", Err(Failure::of(FailureKind::Network)));
    assert!(world.tabs[0].failure(call).is_some());
    let due_now = |it: &&Command| matches!(it, Command::Wake(Some(0)));
    assert!(world.tabs[0].trace.iter().filter(due_now).count() <= 1);
}

#[test]
fn a_renewal_of_a_tab_that_cannot_tell_of_it_is_seen_within_a_second() {
    let mut world = World::signed_in(&[endpoint()]);
    let Some(Stored::Session(record)) = world.stored.clone() else { panic!("a session") };
    let until_ms = world.now.wall_ms + 20_000;
    let lease = Some(Pause { until_ms, failures: 0, status: 2 });
    world.stored = Some(Stored::Session(Box::new(Record { pause: lease, ..*record.clone() })));
    let call = world.renew(0);
    world.pass(3_000);
    assert!(world.tabs[0].settled(call).is_none());
    let generation = record.generation + 1;
    world.stored = Some(Stored::Session(Box::new(Record { generation, ..*record })));
    world.pass(1_000);
    assert!(world.tabs[0].succeeded(call));
    assert_eq!(world.tabs[0].count("renew"), 0);
}

#[test]
fn of_what_another_tab_was_answered_the_kind_is_told() {
    for (kind, status) in [
        (FailureKind::Network, None),
        (FailureKind::UnexpectedAnswer, Some(200)),
        (FailureKind::UnexpectedAnswer, Some(404)),
        (FailureKind::Meant(Meaning::RateLimited), Some(429)),
        (FailureKind::Meant(Meaning::ServerError), Some(502)),
    ] {
        let mut world = World::signed_in(&[endpoint(), endpoint()]);
        world.now.wall_ms += HOUR_MS;
        world.authorize(0);
        world.answer(0, "renew", Err(Box::new(Failure { status, ..*Failure::of(kind) })));
        let call = world.authorize(1);
        assert_eq!(world.tabs[1].failure(call), Some(kind), "{status:?}");
    }
}

#[test]
fn the_late_failure_of_a_tab_that_was_overtaken_keeps_nobody_waiting() {
    let mut world = World::signed_in(&[endpoint(), endpoint()]);
    world.now.wall_ms += HOUR_MS;
    world.authorize(0);
    // As if it were frozen.
    world.tabs[0].stalled = true;
    world.authorize(1);
    world.pass(60_000);
    world.answer(1, "renew", Ok(tokens("ada again")));
    world.answer(0, "renew", Err(Failure::of(FailureKind::Timeout)));
    world.unstall(0);
    let call = world.renew(1);
    assert_eq!(world.tabs[1].failure(call), None);
    assert_eq!(world.tabs[1].count("renew"), 2);
}

#[test]
fn a_token_that_came_with_an_answer_is_everybodys() {
    let mut world = World::signed_in(&[endpoint(), endpoint()]);
    let (grant, others) = (world.granted(0), world.granted(1));
    let newer = |text: &str| Values::new().with("access_token", text);
    world.feed(0, Input::Observed { grant, values: newer("newer"), lifetime_ms: None });
    assert_eq!(world.tabs[1].token().as_deref(), Some("newer"));
    world.feed(1, Input::Observed { grant: others, values: newer("another"), lifetime_ms: None });
    assert!(world.tabs.iter().all(|it| it.token().as_deref() == Some("newer")));
}

#[test]
fn a_token_that_came_with_an_answer_gives_way_to_another_tabs_renewal() {
    let mut world = World::signed_in(&[endpoint(), endpoint()]);
    let grant = world.granted(0);
    world.renew(1);
    world.feed(0, Input::Observed { grant, values: Values::new().with("access_token", "newer"), lifetime_ms: None });
    world.answer(1, "renew", Ok(tokens("renewed")));
    assert!(world.tabs.iter().all(|it| it.token().as_deref() == Some("renewed")));
    assert!(world.tabs[0].revoked().is_empty());
}
