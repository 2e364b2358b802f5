//! After a log-out nothing brings the session back, and a token that still arrives is revoked.

use crate::world::{HOUR_MS, World, endpoint, keeping, tokens};
use relatch_dialects::Meaning;
use relatch_session::{Command, Event, FailureKind, Input, Lock, Status, Stored};

fn log_out(world: &mut World) {
    world.ask(|call| Input::Logout { call });
}

#[test]
fn a_renewal_that_arrives_after_the_log_out_is_dropped_and_its_token_revoked() {
    for (options, operation) in [(endpoint(), "renew"), (keeping(), "login")] {
        let mut world = World::signed_in(options);
        world.ask(|call| Input::Renew { call });
        log_out(&mut world);
        world.answer("logout", Ok(crate::world::meant(Meaning::Done)));
        world.answer(operation, Ok(tokens("ada again")));
        assert_eq!(world.session.snapshot().status, Status::SignedOut);
        assert!(matches!(world.stored, Some(Stored::Tombstone(_))));
        assert_eq!(world.sent[0].operation, "logout");
        assert_eq!(world.sent[0].values.text("access_token"), Some("token of ada again"));
    }
}

#[test]
fn a_login_that_the_log_out_overtook_signs_nobody_in() {
    let mut world = World::new(endpoint());
    let call = world.login("ada");
    log_out(&mut world);
    assert_eq!(world.failure(call), Some(FailureKind::Aborted));
    world.answer("login", Ok(tokens("ada")));
    assert_eq!(world.session.snapshot().status, Status::SignedOut);
    assert_eq!(world.count("logout"), 1);
}

#[test]
fn tokens_that_are_being_stored_when_the_log_out_comes_are_erased_and_revoked() {
    let mut world = World::new(endpoint());
    world.store_answers = false;
    let call = world.log_in("ada");
    log_out(&mut world);
    world.release_store();
    assert_eq!(world.failure(call), Some(FailureKind::Aborted));
    assert_eq!(world.session.snapshot().status, Status::SignedOut);
    assert!(matches!(world.stored, Some(Stored::Tombstone(_))));
    assert_eq!(world.sent[0].values.text("access_token"), Some("token of ada"));
}

#[test]
fn the_state_ends_at_once_and_waiting_calls_are_not_sent() {
    let mut world = World::signed_in(endpoint());
    world.now.wall_ms += HOUR_MS;
    let waiting = world.authorize();
    log_out(&mut world);
    assert!(world.failure(waiting).is_some());
    assert_eq!(world.session.snapshot().ended, Some(Event::SignedOut));
    let call = world.authorize();
    assert_eq!(world.failure(call), Some(FailureKind::LoginRequired));
}

#[test]
fn a_refused_call_of_the_old_session_is_not_sent_again() {
    let mut world = World::signed_in(endpoint());
    let grant = world.granted();
    log_out(&mut world);
    let call = world.refuse(&grant, Meaning::TokenExpired, false);
    assert_eq!(world.failure(call), Some(FailureKind::SessionChanged));
}

#[test]
fn kept_credentials_do_not_outlive_the_log_out() {
    let mut world = World::signed_in(keeping());
    log_out(&mut world);
    world.trace.clear();
    world.pass(24 * HOUR_MS);
    let call = world.ask(|call| Input::Renew { call });
    assert_eq!(world.failure(call), Some(FailureKind::LoginRequired));
    assert_eq!(world.count("login"), 0);
}

#[test]
fn a_reload_after_the_log_out_finds_nobody() {
    let mut world = World::signed_in(endpoint());
    log_out(&mut world);
    world.reload(endpoint());
    assert_eq!(world.session.snapshot().status, Status::SignedOut);
    assert_eq!(world.events(), [Event::Ready]);
}

#[test]
fn a_lock_that_comes_after_the_log_out_is_given_back() {
    let mut world = World::signed_in(endpoint());
    world.lock_is_free = false;
    world.ask(|call| Input::Renew { call });
    log_out(&mut world);
    world.trace.clear();
    world.feed(Input::Locked(Lock::Renewal, true));
    assert!(matches!(world.trace[..], [Command::Unlock(Lock::Renewal)]), "{:?}", world.trace);
}

#[test]
fn a_log_out_while_the_store_is_being_read_wins_over_what_it_holds() {
    let stored = World::signed_in(endpoint()).stored;
    let mut world = World::unstarted(endpoint());
    (world.stored, world.store_answers) = (stored, false);
    world.feed(Input::Start);
    log_out(&mut world);
    world.release_store();
    assert_eq!(world.session.snapshot().status, Status::SignedOut);
    assert!(matches!(world.stored, Some(Stored::Tombstone(_))));
    assert_eq!(world.sent[0].values.text("access_token"), Some("token of ada"));
}
