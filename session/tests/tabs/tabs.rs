//! Several tabs over one store.

use crate::harness::{HOUR_MS, World, asking, endpoint, tokens};
use relatch_dialects::Meaning;
use relatch_session::{Announcement, Command, Failure, FailureKind, Input, Options, Status, Stored};

#[test]
fn one_renewal_serves_all_tabs() {
    let mut world = World::signed_in(&[endpoint(), endpoint(), endpoint()]);
    world.now.wall_ms += HOUR_MS;
    let calls: Vec<_> = (0..3).map(|tab| world.authorize(tab)).collect();
    world.answer(0, "renew", Ok(tokens("ada again")));
    for (tab, call) in calls.into_iter().enumerate() {
        assert!(world.tabs[tab].succeeded(call), "tab {tab}");
        assert_eq!(world.tabs[tab].token().as_deref(), Some("ada again"));
    }
    assert_eq!(world.tabs.iter().map(|it| it.count("renew")).sum::<usize>(), 1);
}

#[test]
fn logout_wins_over_a_renewal_that_another_tab_is_storing() {
    let mut world = World::signed_in(&[endpoint(), endpoint()]);
    let call = world.renew(1);
    world.tabs[1].stalled = true;
    world.answer(1, "renew", Ok(tokens("ada again")));
    world.logout(0);
    world.unstall(1);
    assert!(world.tabs.iter().all(|it| it.status() == Status::SignedOut));
    assert!(matches!(world.stored, Some(Stored::Tombstone(_))), "{:?}", world.stored);
    assert_eq!(world.tabs[1].revoked(), ["ada again"]);
    assert!(world.tabs[1].failure(call).is_some());
}

#[test]
fn a_tombstone_of_another_tab_is_not_written_over_by_a_renewal() {
    let mut world = World::signed_in(&[endpoint()]);
    world.renew(0);
    world.tabs[0].stalled = true;
    world.answer(0, "renew", Ok(tokens("ada again")));
    world.stored = Some(Stored::Tombstone(world.granted(0).login));
    world.unstall(0);
    assert_eq!(world.tabs[0].status(), Status::SignedOut);
    assert!(matches!(world.stored, Some(Stored::Tombstone(_))));
}

#[test]
fn a_late_renewal_of_the_same_session_is_dropped_and_not_revoked() {
    // Without locks two tabs may renew at once; ending the token of one would end the session of both.
    let mut world = World::signed_in(&[endpoint()]);
    world.renew(0);
    let Some(Stored::Session(mut record)) = world.stored.clone() else { panic!("a session") };
    record.generation += 1;
    record.values.set("access_token", "the other tab's");
    world.stored = Some(Stored::Session(record));
    world.feed(0, Input::Announced(Announcement::Changed));
    world.answer(0, "renew", Ok(tokens("late")));
    assert_eq!(world.tabs[0].token().as_deref(), Some("the other tab's"));
    assert!(world.tabs[0].revoked().is_empty());
}

#[test]
fn a_log_out_in_one_tab_is_followed_by_all_and_told_to_the_server_once() {
    let mut world = World::signed_in(&[endpoint(), endpoint()]);
    let grant = world.granted(1);
    world.logout(0);
    assert_eq!(world.tabs[1].status(), Status::SignedOut);
    assert_eq!(world.tabs.iter().map(|it| it.count("logout")).sum::<usize>(), 1);
    let call = world.ask(1, |call| Input::Refused { call, grant, meaning: Meaning::TokenExpired, retried: false });
    assert!(world.tabs[1].failure(call).is_some());
}

#[test]
fn when_the_tab_with_the_credentials_fails_to_renew_the_others_neither_wait_nor_ask_their_user() {
    let keeping = || Options { keep_credentials: true, ..asking() };
    let mut world = World::signed_in(&[keeping(), keeping()]);
    world.now.wall_ms += HOUR_MS;
    let waiting = world.authorize(1);
    world.answer(0, "login", Err(Failure::of(FailureKind::Network)));
    assert_eq!(world.tabs[1].failure(waiting), Some(FailureKind::Network));
    let next = world.authorize(1);
    assert_eq!(world.tabs[1].failure(next), Some(FailureKind::Network), "a call while renewals rest");
    assert!(world.tabs.iter().all(|it| !it.trace.iter().any(|it| matches!(it, Command::AskLogin(_)))));
}
