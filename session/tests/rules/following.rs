//! What other tabs do: their newer tokens are taken over, their log-outs followed, and nothing of ours is overwritten.

use crate::world::{HOUR_MS, World, endpoint, keeping, tokens};
use relatch_dialects::Meaning;
use relatch_session::{Announcement, Event, FailureKind, Input, Login, Status, Stored};

/// What the store holds after another tab has renewed.
fn renewed_elsewhere(world: &mut World) {
    let Some(Stored::Session(mut record)) = world.stored.clone() else { panic!("a session") };
    record.generation += 1;
    record.values.set("access_token", "token of the other tab");
    record.received_at_ms = world.now.wall_ms;
    world.stored = Some(Stored::Session(record));
}

#[test]
fn a_newer_generation_that_comes_with_the_lock_is_adopted_and_nothing_is_sent() {
    let mut world = World::signed_in(endpoint());
    world.lock_is_free = false;
    world.now.wall_ms += HOUR_MS;
    let call = world.authorize();
    renewed_elsewhere(&mut world);
    world.release_lock();
    assert_eq!(world.grant_of(call).values.text("access_token"), Some("token of the other tab"));
    assert_eq!(world.count("renew"), 0);
    assert_eq!(world.events(), [Event::Adopted]);
}

#[test]
fn an_announced_generation_is_read_from_the_store() {
    let mut world = World::signed_in(endpoint());
    renewed_elsewhere(&mut world);
    world.feed(Input::Announced(Announcement::Changed));
    assert_eq!(world.token().as_deref(), Some("token of the other tab"));
}

#[test]
fn a_log_out_elsewhere_is_followed() {
    let mut world = World::signed_in(keeping());
    let login = world.granted().login;
    world.feed(Input::Announced(Announcement::Ended { login, generation: 1 }));
    assert_eq!(world.session.snapshot().ended, Some(Event::SignedOutElsewhere));
    assert_eq!(world.count("logout"), 0);
}

#[test]
fn a_tombstone_that_comes_with_the_lock_is_followed() {
    let mut world = World::signed_in(endpoint());
    world.lock_is_free = false;
    world.now.wall_ms += HOUR_MS;
    let call = world.authorize();
    world.stored =
        Some(Stored::Tombstone(world.session.snapshot().record.as_ref().map(|it| it.login).expect("a login")));
    world.release_lock();
    assert_eq!(world.session.snapshot().status, Status::SignedOut);
    assert!(world.failure(call).is_some());
    assert_eq!(world.count("renew"), 0);
}

#[test]
fn another_users_login_in_another_tab_is_followed_and_calls_stay_behind() {
    let mut world = World::signed_in(endpoint());
    let grant = world.granted();
    world.lock_is_free = false;
    let waiting = world.refuse(&grant, Meaning::TokenExpired, false);
    let Some(Stored::Session(mut record)) = world.stored.clone() else { panic!("a session") };
    record.login = Login(4711);
    record.values.set("access_token", "token of grace");
    world.stored = Some(Stored::Session(record));
    world.feed(Input::Announced(Announcement::Changed));
    assert_eq!(world.token().as_deref(), Some("token of grace"));
    assert_eq!(world.failure(waiting), Some(FailureKind::SessionChanged));
}

#[test]
fn a_session_that_ended_here_is_not_taken_up_again_from_a_slow_store() {
    let mut world = World::signed_in(endpoint());
    let before = world.stored.clone();
    let login = world.granted().login;
    world.ask(|call| Input::Logout { call });
    world.stored = before;
    world.feed(Input::Returned);
    assert_eq!(world.session.snapshot().status, Status::SignedOut);
    world.feed(Input::Announced(Announcement::Ended { login, generation: 1 }));
    assert_eq!(world.events(), [Event::SignedOut]);
}

#[test]
fn every_change_is_announced_without_a_token() {
    let mut world = World::new(endpoint());
    world.log_in("ada");
    world.ask(|call| Input::Renew { call });
    world.answer("renew", Ok(tokens("ada again")));
    let login = world.granted().login;
    world.ask(|call| Input::Logout { call });
    let said: Vec<_> = world
        .trace
        .iter()
        .filter_map(|it| if let relatch_session::Command::Announce(it) = it { Some(*it) } else { None })
        .collect();
    let ended = Announcement::Ended { login, generation: u64::MAX };
    assert_eq!(said, [Announcement::Changed, Announcement::Changed, ended]);
}
