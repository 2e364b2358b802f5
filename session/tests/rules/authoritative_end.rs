//! Only the table ends a session: no flaky network, no flood, no clock, no other login.

use crate::world::{HOUR_MS, World, asking, bare, endpoint, meant, network, tokens};
use relatch_dialects::Meaning;
use relatch_session::{Failure, FailureKind, Input, Status};

#[test]
fn a_night_without_network_does_not_sign_out() {
    let mut world = World::signed_in(endpoint());
    for _ in 0..600 {
        world.pass(60_000);
        while world.sent.iter().any(|it| it.operation == "renew") {
            world.answer("renew", network());
        }
    }
    assert_eq!(world.session.snapshot().status, Status::SignedIn);
    world.pass(20 * 60_000);
    world.answer("renew", Ok(tokens("ada again")));
    assert_eq!(world.granted().generation, 2);
}

#[test]
fn a_server_that_says_429_for_an_hour_is_asked_rarely_and_the_session_stays() {
    let mut world = World::signed_in(endpoint());
    world.now.wall_ms += HOUR_MS;
    let limited = || Ok(relatch_session::Answered { retry_after_ms: Some(60_000), ..meant(Meaning::RateLimited) });
    for _ in 0..3_600 {
        world.authorize();
        if world.sent.iter().any(|it| it.operation == "renew") {
            world.answer("renew", limited());
        }
        world.pass(1_000);
    }
    assert_eq!(world.session.snapshot().status, Status::SignedIn);
    assert!(world.count("renew") <= 60, "{} renewals", world.count("renew"));
}

#[test]
fn a_hidden_refusal_counts_as_one_when_the_token_has_ended_by_our_own_clock() {
    let mut world = World::signed_in(endpoint());
    let grant = world.granted();
    assert!(!world.session.is_expired(world.now));
    world.now.wall_ms += HOUR_MS;
    assert!(world.session.is_expired(world.now));
    let call = world.refuse(&grant, Meaning::TokenExpired, false);
    world.answer("renew", Ok(tokens("ada again")));
    assert_eq!(world.grant_of(call).generation, 2);
}

#[test]
fn an_app_that_can_be_asked_keeps_an_ended_token_until_somebody_calls() {
    let mut world = World::signed_in(asking());
    world.pass(10 * HOUR_MS);
    assert_eq!((world.session.snapshot().status, world.asked()), (Status::SignedIn, 0));
}

#[test]
fn a_refused_login_of_somebody_else_does_not_end_the_session() {
    let mut world = World::signed_in(bare());
    let call = world.login("grace");
    world.answer("login", Err(Failure::of(FailureKind::UnexpectedAnswer)));
    assert_eq!(world.failure(call), Some(FailureKind::UnexpectedAnswer));
    assert_eq!(world.token().as_deref(), Some("token of ada"));
}

#[test]
fn an_explicit_login_passes_by_the_backoff() {
    let mut world = World::signed_in(endpoint());
    world.ask(|call| Input::Renew { call });
    world.answer("renew", network());
    world.log_in("grace");
    assert_eq!(world.token().as_deref(), Some("token of grace"));
}

#[test]
fn an_absurd_retry_after_is_capped() {
    let mut world = World::signed_in(endpoint());
    world.ask(|call| Input::Renew { call });
    let limited = relatch_session::Answered { retry_after_ms: Some(u64::MAX), ..meant(Meaning::RateLimited) };
    world.answer("renew", Ok(limited));
    world.pass(HOUR_MS);
    assert!(world.count("renew") > 1);
}

#[test]
fn a_login_that_is_under_way_survives_the_end_of_the_session_before_it() {
    let mut world = World::signed_in(bare());
    let login = world.login("ada");
    world.pass(HOUR_MS);
    assert_eq!(world.session.snapshot().status, Status::SignedOut);
    world.answer("login", Ok(tokens("ada again")));
    assert!(world.settled(login).is_some_and(|it| it.is_ok()));
    assert_eq!(world.token().as_deref(), Some("token of ada again"));
}

#[test]
fn a_login_that_is_being_stored_survives_the_end_of_the_session_before_it() {
    let mut world = World::signed_in(bare());
    let grant = world.granted();
    world.store_answers = false;
    let login = world.log_in("grace");
    world.refuse(&grant, Meaning::AccountDisabled, false);
    world.release_store();
    assert!(world.settled(login).is_some_and(|it| it.is_ok()));
    assert_eq!(world.token().as_deref(), Some("token of grace"));
}

#[test]
fn an_account_that_is_disabled_ends_the_session_whatever_the_context() {
    let mut world = World::signed_in(endpoint());
    let grant = world.granted();
    world.feed(Input::SetContext { name: "organization".into(), value: Some("42".into()) });
    world.refuse(&grant, Meaning::AccountDisabled, false);
    assert_eq!(world.session.snapshot().status, Status::SignedOut);
}

#[test]
fn a_disabled_account_of_somebody_else_does_not_end_the_session() {
    let mut world = World::signed_in(endpoint());
    let grant = world.granted();
    world.log_in("grace");
    world.refuse(&grant, Meaning::AccountDisabled, false);
    assert_eq!(world.token().as_deref(), Some("token of grace"));
}

#[test]
fn a_refusal_that_asks_for_no_second_attempt_is_handed_over_whoever_is_signed_in_now() {
    let mut world = World::signed_in(endpoint());
    let grant = world.granted();
    world.log_in("grace");
    for meaning in [Meaning::Forbidden, Meaning::RateLimited, Meaning::AccountDisabled] {
        let call = world.refuse(&grant, meaning, false);
        assert!(matches!(world.settled(call), Some(Ok(relatch_session::Outcome::HandOver))), "{meaning:?}");
    }
}
