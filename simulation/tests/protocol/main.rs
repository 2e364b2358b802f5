//! The protocol of renewing across tabs, as a model small enough to look at every order of events there is: a few tabs, each of
//! which renews; a lock, or none, and leases in the record; a server that rotates. Beside it, how often a tab may crash, be frozen
//! or lose an answer.
//!
//! Assumed, and so not proven here: reading and writing the store are atomic, and a write is conditional; a tab that runs ends its
//! request before its lease is over; a freeze that lets others pass a deadline is noticed when the store answers; after a
//! freeze or a crash no request arrives that is older than two further renewals.

#![expect(clippy::indexing_slicing, clippy::panic, reason = "a test; outside `#[test]` the lints do not see that")]

mod model;
mod search;

use model::{Api, Settings, World};
use search::explore;

const SETTINGS: Settings =
    Settings { tabs: 2, renewals: 2, api: Api::Strict, locks: true, crashes: 0, freezes: 0, losses: 0 };

fn no_double(world: &World) -> bool {
    !world.doubled && !world.revoked
}

#[test]
fn where_nothing_fails_each_generation_is_renewed_once() {
    for locks in [true, false] {
        explore(Settings { locks, ..SETTINGS }, no_double);
        explore(Settings { locks, tabs: 3, renewals: 1, ..SETTINGS }, no_double);
    }
}

#[test]
fn an_attempt_key_makes_crashes_freezes_and_lost_answers_harmless() {
    for locks in [true, false] {
        let settings = Settings { locks, api: Api::Attempts, crashes: 1, freezes: 1, losses: 1, ..SETTINGS };
        explore(settings, |world| !world.revoked);
        explore(Settings { tabs: 3, renewals: 1, freezes: 0, ..settings }, |world| !world.revoked);
    }
}

#[test]
fn a_strict_server_takes_nothing_for_stolen_unless_a_renewal_was_cut_off_or_frozen() {
    for locks in [true, false] {
        let settings = Settings { locks, crashes: 1, freezes: 1, ..SETTINGS };
        explore(settings, |world| !world.revoked || world.failed_in_renewal);
    }
}

#[test]
fn the_model_can_fail() {
    // A strict server and a lost answer: there is an order of events in which the session is taken for stolen.
    let mut seen = false;
    explore(Settings { losses: 1, ..SETTINGS }, |world| {
        seen |= world.revoked;
        true
    });
    assert!(seen);
}
