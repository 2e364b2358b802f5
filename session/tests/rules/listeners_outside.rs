//! Listeners run after the commit and outside the lock.

use crate::world::{World, endpoint, keeping, meant, network, tokens};
use relatch_dialects::Meaning;
use relatch_session::{Command, Event, Input};

#[test]
fn a_renewal_is_stored_and_the_lock_is_free_before_anybody_hears_of_it() {
    let mut world = World::signed_in(endpoint());
    let call = world.ask(|call| Input::Renew { call });
    world.answer("renew", Ok(tokens("ada again")));
    let saved = world.position(|it| matches!(it, Command::Save(_)));
    let unlocked = world.position(|it| matches!(it, Command::Unlock(_)));
    let told = world.position(|it| matches!(it, Command::Emit(Event::Renewed, _)));
    let settled = world.position(|it| matches!(it, Command::Settle { call: it, .. } if *it == call));
    assert!(saved < unlocked && unlocked < told && told < settled, "{:?}", world.trace);
}

#[test]
fn whatever_a_renewal_comes_to_the_lock_is_free_before_anybody_hears_of_it() {
    for outcome in [Ok(meant(Meaning::SessionEnded)), Ok(meant(Meaning::ServerError)), network()] {
        let mut world = World::signed_in(keeping());
        world.ask(|call| Input::Renew { call });
        world.answer("login", outcome);
        let unlocked = world.position(|it| matches!(it, Command::Unlock(_)));
        let heard = world.position(|it| matches!(it, Command::Emit(..) | Command::Settle { .. }));
        assert!(unlocked < heard, "{:?}", world.trace);
    }
}

#[test]
fn every_lock_is_let_go() {
    let outcomes =
        [Ok(tokens("ada again")), Ok(meant(Meaning::TokenExpired)), Ok(meant(Meaning::Challenge)), network()];
    for outcome in outcomes {
        let mut world = World::signed_in(keeping());
        world.ask(|call| Input::Renew { call });
        world.answer("login", outcome);
        let count = |kind: fn(&Command) -> bool| world.trace.iter().filter(|it| kind(it)).count();
        assert_eq!(count(|it| matches!(it, Command::Lock(_))), 1);
        assert_eq!(count(|it| matches!(it, Command::Unlock(_))), 1);
    }
}
