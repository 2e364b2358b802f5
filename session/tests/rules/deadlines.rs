//! Everything that somebody waits for has an end.

use crate::world::{HOUR_MS, World, asking, credentials, endpoint, tokens};
use relatch_session::{Command, Failure, FailureKind, Input, Options, Status};

#[test]
fn every_request_carries_its_deadline() {
    let mut world = World::signed_in(Options { request_deadline_ms: 7_000, ..endpoint() });
    world.ask(|call| Input::Renew { call });
    world.login("grace");
    world.ask(|call| Input::Logout { call });
    let deadlines: Vec<_> = world
        .trace
        .iter()
        .filter_map(|it| if let Command::Send { deadline_ms, .. } = it { Some(*deadline_ms) } else { None })
        .collect();
    assert_eq!(deadlines, [7_000; 3]);
}

#[test]
fn a_renewal_that_times_out_lets_the_lock_go_and_the_session_stay() {
    let mut world = World::signed_in(endpoint());
    world.now.wall_ms += HOUR_MS;
    let call = world.authorize();
    world.answer("renew", Err(Failure::of(FailureKind::Timeout)));
    assert_eq!(world.failure(call), Some(FailureKind::Timeout));
    assert!(matches!(
        world.trace.iter().rfind(|it| matches!(it, Command::Lock(_) | Command::Unlock(_))),
        Some(Command::Unlock(_))
    ));
    assert_eq!(world.session.snapshot().status, Status::SignedIn);
}

#[test]
fn a_parked_call_waits_no_longer_than_its_deadline() {
    let mut world = World::signed_in(Options { parked_deadline_ms: 30_000, ..asking() });
    world.now.wall_ms += HOUR_MS;
    let first = world.authorize();
    world.pass(20_000);
    let second = world.authorize();
    world.pass(10_000);
    assert_eq!(world.failure(first), Some(FailureKind::Timeout));
    assert!(world.settled(second).is_none());
    world.feed(Input::LoginSupplied(Some(credentials("ada"))));
    world.answer("login", Ok(tokens("ada again")));
    assert_eq!(world.grant_of(second).generation, 2);
}

#[test]
fn a_call_that_waits_for_another_tabs_lock_has_a_deadline_too() {
    let mut world = World::signed_in(Options { parked_deadline_ms: 30_000, ..endpoint() });
    world.lock_is_free = false;
    world.now.wall_ms += HOUR_MS;
    let call = world.authorize();
    world.pass(30_000);
    assert_eq!(world.failure(call), Some(FailureKind::Timeout));
    world.release_lock();
    world.answer("renew", Ok(tokens("ada again")));
    assert_eq!(world.granted().generation, 2);
}

#[test]
fn a_lock_that_a_frozen_tab_holds_is_done_without_after_a_while() {
    let mut world = World::signed_in(endpoint());
    world.lock_is_free = false;
    world.now.wall_ms += HOUR_MS;
    let call = world.authorize();
    world.pass(19_000);
    assert_eq!(world.count("renew"), 0);
    world.pass(1_000);
    assert_eq!(world.count("renew"), 1);
    world.answer("renew", Ok(tokens("ada again")));
    assert_eq!(world.grant_of(call).generation, 2);
    // Nothing more comes of the lock when it is free at last.
    world.release_lock();
    assert_eq!(world.count("renew"), 1);
}
