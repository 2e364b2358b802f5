//! A bounded, redacted history answers "why was I signed out?".

use crate::world::{World, endpoint, keeping, meant};
use relatch_dialects::Meaning;
use relatch_session::{Event, FailureKind, Input};

#[test]
fn the_history_says_when_and_why_the_session_ended() {
    let mut world = World::signed_in(keeping());
    world.pass(60_000);
    world.ask(|call| Input::Renew { call });
    world.answer("login", Ok(meant(Meaning::WrongPassword)));
    let last = world.session.history().last().expect("an entry");
    assert_eq!((last.event, last.at_ms), (Event::CredentialsRefused, world.now.wall_ms));
    assert_eq!((last.cause, last.status), (Some(FailureKind::Meant(Meaning::WrongPassword)), Some(401)));
}

#[test]
fn the_history_is_bounded_and_keeps_the_newest() {
    let mut world = World::signed_in(endpoint());
    for number in 0..500 {
        let value = if number % 2 == 0 { Some("42".into()) } else { None };
        world.feed(Input::SetContext { name: "organization".into(), value });
    }
    world.ask(|call| Input::Logout { call });
    assert!(world.session.history().count() <= 100);
    assert_eq!(world.session.history().last().map(|it| it.event), Some(Event::SignedOut));
}
