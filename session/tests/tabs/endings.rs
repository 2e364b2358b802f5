//! Ends that meet work in flight.

use crate::harness::{World, endpoint, tokens};
use relatch_session::{FailureKind, Input, Lock, Status, Stored};

#[test]
fn logout_wins_over_a_login_in_flight_and_one_that_is_being_stored() {
    for stalled in [false, true] {
        let mut world = World::signed_in(&[endpoint()]);
        world.tabs[0].stalled = stalled;
        let call = world.login(0, "grace");
        if stalled {
            world.answer(0, "login", Ok(tokens("grace")));
        }
        world.logout(0);
        world.unstall(0);
        if !stalled {
            world.answer(0, "login", Ok(tokens("grace")));
        }
        assert_eq!(world.tabs[0].failure(call), Some(FailureKind::Aborted));
        assert_eq!(world.tabs[0].status(), Status::SignedOut);
        assert!(matches!(world.stored, Some(Stored::Tombstone(_))));
        assert!(world.tabs[0].revoked().contains(&"grace"));
    }
}

#[test]
fn a_lock_that_comes_after_the_end_starts_nothing() {
    let mut world = World::signed_in(&[endpoint(), endpoint()]);
    world.renew(0);
    world.renew(1);
    world.logout(1);
    world.feed(1, Input::Locked(Lock::Renewal, true));
    assert_eq!(world.tabs[1].count("renew"), 0);
    assert_eq!(world.tabs[1].status(), Status::SignedOut);
}
