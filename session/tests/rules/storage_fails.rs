//! A store that fails costs persistence and nothing else, and is told of once.

use crate::world::{HOUR_MS, World, endpoint, meant, tokens};
use relatch_dialects::Meaning;
use relatch_session::{Command, Event, Input, Saved, Status, StoreFailed};

#[test]
fn a_store_that_cannot_be_read_or_written_leaves_a_session_in_memory() {
    let mut world = World::unstarted(endpoint());
    world.store_works = false;
    world.feed(Input::Start);
    assert_eq!(world.session.snapshot().status, Status::SignedOut);
    let call = world.log_in("ada");
    assert!(world.settled(call).is_some_and(|it| it.is_ok()));
    world.now.wall_ms += HOUR_MS;
    let call = world.authorize();
    world.answer("renew", Ok(tokens("ada again")));
    assert_eq!(world.grant_of(call).generation, 2);
    assert_eq!(world.events(), [Event::StoreFailed, Event::Ready, Event::SignedIn, Event::Renewed]);
}

#[test]
fn a_store_that_the_user_cleared_does_not_sign_out() {
    let mut world = World::signed_in(endpoint());
    world.stored = None;
    world.feed(Input::Returned);
    world.ask(|call| Input::Renew { call });
    world.answer("renew", Ok(tokens("ada again")));
    assert_eq!(world.granted().generation, 2);
    assert!(world.stored.is_some());
}

#[test]
fn a_store_that_fills_up_later_does_not_sign_out() {
    let mut world = World::signed_in(endpoint());
    world.store_works = false;
    for _ in 0..3 {
        world.ask(|call| Input::Renew { call });
        world.answer("renew", Ok(tokens("ada again")));
    }
    assert_eq!(world.granted().generation, 4);
    assert_eq!(world.events().iter().filter(|it| **it == Event::StoreFailed).count(), 1);
}

#[test]
fn tokens_that_came_while_the_store_did_not_work_are_stored_when_it_does() {
    let mut world = World::signed_in(endpoint());
    world.store_works = false;
    world.ask(|call| Input::Renew { call });
    world.answer("renew", Ok(tokens("ada again")));
    world.store_works = true;
    world.feed(Input::Returned);
    world.reload(endpoint());
    assert_eq!(world.token().as_deref(), Some("token of ada again"));
}

#[test]
fn a_log_out_works_without_a_store() {
    let mut world = World::signed_in(endpoint());
    let before = world.stored.clone();
    world.store_works = false;
    world.ask(|call| Input::Logout { call });
    (world.store_works, world.stored) = (true, before);
    world.feed(Input::Returned);
    assert_eq!(world.session.snapshot().status, Status::SignedOut);
}

#[test]
fn a_store_that_could_not_be_read_is_read_before_it_is_written() {
    let mut world = World::unstarted(endpoint());
    world.store_works = false;
    world.feed(Input::Start);
    world.log_in("ada");
    assert!(!world.trace.iter().any(|it| matches!(it, Command::Save(_))));
    world.store_works = true;
    world.ask(|call| Input::Renew { call });
    world.answer("renew", Ok(tokens("ada again")));
    assert_eq!(world.granted().generation, 2);
    world.reload(endpoint());
    assert_eq!(world.token().as_deref(), Some("token of ada again"));
}

#[test]
fn what_a_later_version_stored_is_not_written_over_by_a_tab_that_could_never_read_it() {
    let mut world = World::unstarted(endpoint());
    world.store_is_later = true;
    world.feed(Input::Start);
    world.log_in("ada");
    world.feed(Input::SetContext { name: "organization".into(), value: Some("42".into()) });
    world.ask(|call| Input::Renew { call });
    world.answer("renew", Ok(tokens("ada again")));
    assert_eq!(world.granted().generation, 2);
    let call = world.ask(|call| Input::Logout { call });
    world.answer("logout", Ok(meant(Meaning::Done)));
    assert!(world.settled(call).is_some_and(|it| it.is_ok()));
    assert!(world.stored.is_none(), "it is written over");
}

#[test]
fn a_store_that_is_full_is_not_asked_without_end() {
    let mut world = World::signed_in(endpoint());
    world.store_is_full = true;
    world.ask(|call| Input::Renew { call });
    world.answer("renew", Ok(tokens("ada again")));
    world.store_answers = false;
    world.feed(Input::Returned);
    world.feed(Input::SetContext { name: "organization".into(), value: Some("42".into()) });
    world.release_store();
    assert_eq!(world.granted().generation, 2);
}

#[test]
fn answers_of_the_store_that_nobody_waits_for_are_harmless() {
    let mut world = World::signed_in(endpoint());
    world.feed(Input::Saved(Saved::Failed));
    world.feed(Input::Saved(Saved::Done));
    world.feed(Input::Saved(Saved::Conflict(None)));
    world.feed(Input::Loaded(Err(StoreFailed)));
    assert_eq!(world.granted().generation, 1);
}

#[test]
fn a_slow_read_does_not_undo_a_login() {
    let old = World::signed_in(endpoint()).stored;
    let mut world = World::unstarted(endpoint());
    world.store_answers = false;
    world.feed(Input::Start);
    world.login("grace");
    world.answer("login", Ok(tokens("grace")));
    world.feed(Input::Loaded(Ok(old)));
    world.feed(Input::Saved(Saved::Done));
    assert_eq!(world.token().as_deref(), Some("token of grace"));
}
