//! Every row of the table: what succeeds, what ends the session and why, and what leaves it as it is.

use crate::world::{HOUR_MS, World, bare, endpoint, keeping, meant, network, tokens};
use relatch_dialects::Meaning;
use relatch_session::{Event, Failure, FailureKind, Input, Outcome, Status};

const ENDS_A_RENEWAL: [Meaning; 12] = [
    Meaning::TokenMissing,
    Meaning::TokenMalformed,
    Meaning::TokenExpired,
    Meaning::TokenExpiredOrForbidden,
    Meaning::SessionEnded,
    Meaning::Forbidden,
    Meaning::BadCredentials,
    Meaning::UnknownUser,
    Meaning::WrongPassword,
    Meaning::AccountDisabled,
    Meaning::AccountNotValidated,
    Meaning::AccountLocked,
];

fn is_success(meaning: Meaning) -> bool {
    matches!(meaning, Meaning::Session | Meaning::Challenge)
}

#[test]
fn a_login_that_succeeds_starts_a_new_login_at_generation_one() {
    let mut world = World::new(endpoint());
    let call = world.log_in("ada");
    assert!(matches!(world.settled(call), Some(Ok(Outcome::Done))));
    assert_eq!(world.session.snapshot().status, Status::SignedIn);
    assert_eq!(world.generation(), Some(1));
    let first = world.granted().login;
    world.log_in("ada");
    assert_ne!(world.granted().login, first);
}

#[test]
fn a_failed_login_leaves_what_is_and_rejects_with_its_code() {
    for meaning in Meaning::ALL.iter().copied().filter(|it| !is_success(*it)) {
        let mut world = World::signed_in(endpoint());
        let before = world.session.snapshot();
        let call = world.login("grace");
        world.answer("login", Ok(meant(meaning)));
        assert_eq!(world.failure(call), Some(FailureKind::Meant(meaning)));
        assert!(std::sync::Arc::ptr_eq(&before, &world.session.snapshot()), "{meaning:?}");
    }
}

#[test]
fn a_challenge_waits_for_the_next_step() {
    let mut world = World::new(endpoint());
    world.login("ada");
    world.answer("login", Ok(meant(Meaning::Challenge)));
    assert_eq!(world.session.snapshot().status, Status::Challenge);
    world.log_in("ada");
    assert_eq!(world.session.snapshot().status, Status::SignedIn);
}

#[test]
fn a_renewal_that_succeeds_is_the_next_generation_of_the_same_login() {
    for (options, operation) in [(endpoint(), "renew"), (keeping(), "login")] {
        let mut world = World::signed_in(options);
        let login = world.granted().login;
        let call = world.ask(|call| Input::Renew { call });
        world.answer(operation, Ok(tokens("ada again")));
        assert!(matches!(world.settled(call), Some(Ok(Outcome::Done))));
        assert_eq!((world.granted().login, world.generation()), (login, Some(2)));
    }
}

#[test]
fn a_refused_renewal_ends_the_session_and_forgets_the_credentials() {
    for (options, operation) in [(endpoint(), "renew"), (keeping(), "login")] {
        for meaning in ENDS_A_RENEWAL {
            let mut world = World::signed_in(options.clone());
            world.now.wall_ms += HOUR_MS;
            let call = world.authorize();
            world.answer(operation, Ok(meant(meaning)));
            assert_eq!(world.session.snapshot().status, Status::SignedOut, "{operation} {meaning:?}");
            assert!(world.failure(call).is_some());
            assert!(world.session.snapshot().ended.is_some());
            world.trace.clear();
            let call = world.authorize();
            assert_eq!(world.failure(call), Some(FailureKind::LoginRequired));
            assert_eq!(world.count("login"), 0, "kept credentials outlived the session");
        }
    }
}

#[test]
fn the_end_says_why() {
    let why = |options, operation, meaning| {
        let mut world = World::signed_in(options);
        world.ask(|call| Input::Renew { call });
        world.answer(operation, Ok(meant(meaning)));
        world.session.snapshot().ended
    };
    assert_eq!(why(endpoint(), "renew", Meaning::TokenExpired), Some(Event::SessionEnded));
    assert_eq!(why(endpoint(), "renew", Meaning::AccountDisabled), Some(Event::AccountDisabled));
    assert_eq!(why(keeping(), "login", Meaning::WrongPassword), Some(Event::CredentialsRefused));
    assert_eq!(why(keeping(), "login", Meaning::AccountDisabled), Some(Event::AccountDisabled));
}

#[test]
fn everything_else_that_a_renewal_gets_keeps_the_session() {
    let meanings = Meaning::ALL.iter().copied().filter(|it| !is_success(*it) && !ENDS_A_RENEWAL.contains(it));
    let mut outcomes: Vec<_> = meanings.map(|it| Ok(meant(it))).collect();
    let failures = [FailureKind::Network, FailureKind::Timeout, FailureKind::UnexpectedAnswer];
    outcomes.extend(failures.map(|it| Err(Failure::of(it))));
    for (options, operation) in [(endpoint(), "renew"), (keeping(), "login")] {
        for outcome in &outcomes {
            let mut world = World::signed_in(options.clone());
            let call = world.ask(|call| Input::Renew { call });
            world.answer(operation, outcome.clone());
            assert!(world.failure(call).is_some());
            assert_eq!(world.session.snapshot().status, Status::SignedIn, "{operation} {outcome:?}");
            assert_eq!(world.granted().generation, 1, "the old token is still good by our clock");
        }
    }
}

#[test]
fn two_answers_to_a_call_end_the_session_and_are_handed_over() {
    for (meaning, why) in
        [(Meaning::AccountDisabled, Event::AccountDisabled), (Meaning::SessionEnded, Event::SessionEnded)]
    {
        let mut world = World::signed_in(keeping());
        let grant = world.granted();
        let call = world.refuse(&grant, meaning, false);
        assert!(matches!(world.settled(call), Some(Ok(Outcome::HandOver))));
        assert_eq!(world.session.snapshot().ended, Some(why));
        assert_eq!(world.count("login"), 0);
    }
}

#[test]
fn every_other_answer_to_a_call_is_handed_over_untouched() {
    for meaning in [Meaning::Forbidden, Meaning::RateLimited, Meaning::ServerError, Meaning::InvalidRequest] {
        let mut world = World::signed_in(endpoint());
        let grant = world.granted();
        let call = world.refuse(&grant, meaning, false);
        assert!(matches!(world.settled(call), Some(Ok(Outcome::HandOver))), "{meaning:?}");
        assert_eq!((world.session.snapshot().status, world.count("renew")), (Status::SignedIn, 0));
    }
}

#[test]
fn a_log_out_ends_the_session_whatever_the_server_says() {
    let outcomes =
        [Ok(meant(Meaning::Done)), Ok(meant(Meaning::TokenExpired)), Ok(meant(Meaning::ServerError)), network()];
    for outcome in outcomes {
        let mut world = World::signed_in(endpoint());
        let call = world.ask(|call| Input::Logout { call });
        assert_eq!(world.session.snapshot().ended, Some(Event::SignedOut));
        assert_eq!(world.sent[0].values.text("access_token"), Some("token of ada"));
        world.answer("logout", outcome);
        assert!(matches!(world.settled(call), Some(Ok(Outcome::Done))));
    }
}

#[test]
fn without_any_way_to_renew_the_session_ends_when_a_call_notices() {
    let mut world = World::signed_in(bare());
    world.now.wall_ms += HOUR_MS;
    world.now.monotonic_ms += HOUR_MS;
    let call = world.authorize();
    assert_eq!(world.failure(call), Some(FailureKind::LoginRequired));
    assert_eq!(world.session.snapshot().ended, Some(Event::Expired));
}

#[test]
fn without_any_way_to_renew_the_session_ends_when_the_clock_notices() {
    let mut world = World::signed_in(bare());
    world.pass(HOUR_MS - 1);
    assert_eq!(world.session.snapshot().status, Status::SignedIn);
    world.pass(1);
    assert_eq!(world.session.snapshot().ended, Some(Event::Expired));
}
