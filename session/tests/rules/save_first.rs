//! Tokens and attempt keys are stored before any promise resolves and before any renewal leaves.

use crate::world::{World, bare, endpoint, keeping, meant, network, tokens};
use relatch_dialects::Meaning;
use relatch_session::{Answered, CallId, Command, FailureKind, Input, Options, Outcome, Status, Stored};

#[test]
fn nobody_hears_of_a_login_before_it_is_stored() {
    let mut world = World::new(endpoint());
    world.store_answers = false;
    let call = world.log_in("ada");
    assert!(world.settled(call).is_none());
    assert_eq!(world.session.snapshot().status, Status::SignedOut);
    world.release_store();
    assert!(world.settled(call).is_some_and(|it| it.is_ok()));
    assert_eq!(world.session.snapshot().status, Status::SignedIn);
}

#[test]
fn nobody_gets_a_renewed_token_before_it_is_stored() {
    let mut world = World::signed_in(endpoint());
    world.ask(|call| Input::Renew { call });
    world.store_answers = false;
    world.answer("renew", Ok(tokens("ada again")));
    assert_eq!(world.granted().generation, 1);
    world.release_store();
    assert_eq!(world.granted().generation, 2);
}

#[test]
fn whoever_logs_out_is_told_when_the_store_has_it() {
    let mut world = World::signed_in(Options { logout: false, ..endpoint() });
    world.store_answers = false;
    let call = world.ask(|call| Input::Logout { call });
    assert_eq!(world.session.snapshot().status, Status::SignedOut);
    assert!(world.settled(call).is_none());
    world.release_store();
    assert!(world.settled(call).is_some_and(|it| it.is_ok()));
}

#[test]
fn a_refusal_that_ends_the_session_is_handed_over_when_the_store_has_its_end() {
    for (options, meaning) in [(endpoint(), Meaning::SessionEnded), (bare(), Meaning::TokenExpired)] {
        let mut world = World::signed_in(options);
        let grant = world.granted();
        world.store_answers = false;
        let call = world.refuse(&grant, meaning, false);
        assert!(world.settled(call).is_none());
        world.release_store();
        assert!(matches!(world.settled(call), Some(Ok(Outcome::HandOver))));
        assert!(matches!(world.stored, Some(Stored::Tombstone(_))));
    }
}

#[test]
fn calls_that_wait_for_a_renewal_that_ends_the_session_are_rejected_when_the_store_has_its_end() {
    let mut world = World::signed_in(endpoint());
    let grant = world.granted();
    let calls: Vec<_> = (0..3).map(|_| world.refuse(&grant, Meaning::TokenExpired, false)).collect();
    world.store_answers = false;
    world.answer("renew", Ok(meant(Meaning::SessionEnded)));
    assert!(calls.iter().all(|it| world.settled(*it).is_none()));
    world.release_store();
    assert!(calls.iter().all(|it| world.failure(*it) == Some(FailureKind::LoginRequired)));
    let answered: Vec<_> = world.trace.iter().filter_map(settled_call).collect();
    assert!(answered.ends_with(&calls), "in the order in which they were made: {answered:?}");
    assert!(matches!(world.stored, Some(Stored::Tombstone(_))));
}

#[test]
fn one_record_holds_the_whole_truth() {
    let world = World::signed_in(endpoint());
    let Some(Stored::Session(record)) = world.stored.clone() else { panic!("a session") };
    assert_eq!(Some(&record), world.session.snapshot().record.as_ref());
    assert_eq!((record.generation, record.received_at_ms), (1, world.now.wall_ms));
    assert_eq!(record.values.text("refresh_token"), Some("refresh"));
}

#[test]
fn what_a_renewal_does_not_repeat_stays() {
    let mut world = World::new(endpoint());
    world.login("ada");
    let mut first = tokens("ada");
    first.message.values.set("user", "Ada");
    world.answer("login", Ok(first));
    world.ask(|call| Input::Renew { call });
    world.answer("renew", Ok(tokens("ada again")));
    assert_eq!(world.granted().values.text("user"), Some("Ada"));
}

#[test]
fn an_attempt_key_is_stored_before_it_is_sent_and_repeated_until_an_answer_comes() {
    let mut world = World::new(endpoint());
    world.login("ada");
    world.answer("login", Ok(Answered { idempotent: true, ..tokens("ada") }));
    let Some(Stored::Session(record)) = world.stored.clone() else { panic!("a session") };
    let key = record.attempt.expect("a key");
    assert_eq!(key.len(), 32);
    for _ in 0..3 {
        world.ask(|call| Input::Renew { call });
        assert_eq!(world.sent[0].attempt.as_deref(), Some(key.as_str()));
        world.answer("renew", network());
        world.now.wall_ms += 3_600_000;
    }
    world.reload(endpoint());
    world.ask(|call| Input::Renew { call });
    assert_eq!(world.sent[0].attempt.as_deref(), Some(key.as_str()));
    world.answer("renew", Ok(Answered { idempotent: true, ..tokens("ada again") }));
    world.ask(|call| Input::Renew { call });
    assert!(world.sent[0].attempt.as_deref().is_some_and(|it| it != key));
}

#[test]
fn a_server_that_announced_nothing_gets_no_attempt_key() {
    let mut world = World::signed_in(endpoint());
    world.ask(|call| Input::Renew { call });
    assert_eq!(world.sent[0].attempt, None);
}

#[test]
fn an_attempt_key_cannot_be_told_from_the_login() {
    let mut world = World::new(endpoint());
    world.login("ada");
    world.answer("login", Ok(Answered { idempotent: true, ..tokens("ada") }));
    let Some(Stored::Session(record)) = world.stored.clone() else { panic!("a session") };
    let key = u128::from_str_radix(&record.attempt.expect("a key"), 16).expect("hexadecimal digits");
    assert!(
        (0..128).all(|by| key.rotate_left(by) as u64 >> 11 != record.login.0),
        "the login is broadcast, the key is not"
    );
}

#[test]
fn passwords_are_never_stored() {
    let mut world = World::signed_in(keeping());
    world.ask(|call| Input::Renew { call });
    world.answer("login", Ok(tokens("ada again")));
    for command in &world.trace {
        if let Command::Save(Stored::Session(record)) = command {
            assert!(record.values.iter().all(|(_, it)| it.as_str() != Some("correct horse 9")));
        }
    }
    assert!(world.session.snapshot().record.as_ref().is_some_and(|it| it.values.get("password").is_none()));
}

#[test]
fn of_two_logins_on_their_way_into_the_store_the_later_one_stays_and_both_are_answered() {
    let mut world = World::signed_in(crate::world::asking());
    world.now.wall_ms += crate::world::HOUR_MS;
    world.authorize();
    world.store_answers = false;
    let grace = world.log_in("grace");
    let ada = world.log_in("ada");
    world.release_store();
    assert!(world.settled(grace).is_some() && world.settled(ada).is_some());
    let Some(Stored::Session(record)) = &world.stored else { panic!("a session") };
    assert_eq!(Some(record), world.session.snapshot().record.as_ref());
}

fn settled_call(command: &Command) -> Option<CallId> {
    if let Command::Settle { call, .. } = command { Some(*call) } else { None }
}
