//! Age is the larger of what two clocks say; no skew of any size makes a loop.

use crate::world::{HOUR_MS, World, asking, bare, endpoint, keeping, tokens};
use relatch_dialects::Meaning;
use relatch_session::{Answered, Event, Input, Status};

fn signed_in_for(options: relatch_session::Options, lifetime_ms: Option<u64>) -> World {
    let mut world = World::new(options);
    world.login("ada");
    world.answer("login", Ok(Answered { lifetime_ms, ..tokens("ada") }));
    world.trace.clear();
    world
}

#[test]
fn the_monotonic_clock_expires_a_token_though_the_wall_clock_was_set_back() {
    let mut world = World::signed_in(endpoint());
    world.now.monotonic_ms += HOUR_MS;
    world.now.wall_ms -= 10 * HOUR_MS;
    assert!(world.session.is_expired(world.now));
}

#[test]
fn the_wall_clock_expires_a_token_though_the_monotonic_clock_slept() {
    let mut world = World::signed_in(endpoint());
    world.now.wall_ms += HOUR_MS;
    assert!(world.session.is_expired(world.now));
}

#[test]
fn a_token_that_has_just_come_is_good_whatever_the_wall_clock_says() {
    for wall_ms in [0, 1, 1_772_700_000_000, 1 << 60] {
        let mut world = World::new(bare());
        world.now.wall_ms = wall_ms;
        world.log_in("ada");
        assert!(!world.session.is_expired(world.now), "{wall_ms}");
        assert_eq!(world.granted().generation, 1);
    }
}

#[test]
fn a_stored_token_from_the_future_counts_as_just_come() {
    let mut world = World::signed_in(bare());
    world.now.wall_ms -= 100 * HOUR_MS;
    world.reload(bare());
    assert_eq!(world.granted().generation, 1);
    world.now.monotonic_ms += HOUR_MS;
    world.now.wall_ms += HOUR_MS;
    assert!(world.session.is_expired(world.now));
}

#[test]
fn where_nothing_can_renew_one_clock_alone_signs_nobody_out_and_the_server_is_asked() {
    let mut world = World::signed_in(bare());
    world.now.wall_ms += 24 * HOUR_MS;
    world.feed(Input::Woke);
    assert!(!world.session.is_expired(world.now));
    let grant = world.granted();
    assert_eq!(world.events(), []);
    world.refuse(&grant, Meaning::TokenExpired, false);
    assert_eq!(world.session.snapshot().ended, Some(Event::Expired));
}

#[test]
fn a_refusal_that_may_be_a_missing_right_is_an_end_where_a_clock_says_so_too_and_nothing_can_renew() {
    let mut world = World::signed_in(bare());
    let grant = world.granted();
    world.refuse(&grant, Meaning::TokenExpiredOrForbidden, false);
    assert_eq!(world.session.snapshot().status, Status::SignedIn);
    world.now.wall_ms += HOUR_MS;
    world.refuse(&grant, Meaning::TokenExpiredOrForbidden, false);
    assert_eq!(world.session.snapshot().ended, Some(Event::Expired));
}

#[test]
fn age_survives_a_reload() {
    let mut world = World::signed_in(bare());
    world.pass(HOUR_MS / 2);
    world.reload(bare());
    assert!(!world.session.is_expired(world.now));
    world.now.monotonic_ms += HOUR_MS / 2;
    world.now.wall_ms += HOUR_MS / 2;
    assert!(world.session.is_expired(world.now));
}

#[test]
fn no_skew_and_no_lifetime_makes_a_loop() {
    for skew in [-(1_i64 << 50), -86_400_000, -1, 0, 1, 86_400_000, 1 << 50] {
        for lifetime in [Some(0), Some(1), Some(10_000), Some(u64::MAX), None] {
            let mut world = signed_in_for(endpoint(), lifetime);
            for _ in 0..20 {
                world.now.wall_ms = world.now.wall_ms.saturating_add_signed(skew);
                world.feed(Input::Woke);
                world.authorize();
                while world.sent.iter().any(|it| it.operation == "renew") {
                    world.answer("renew", Ok(Answered { lifetime_ms: lifetime, ..tokens("ada again") }));
                }
            }
            assert!(world.count("renew") <= 40, "{skew} {lifetime:?}: {} renewals", world.count("renew"));
        }
    }
}

#[test]
fn a_token_without_a_lifetime_never_expires_by_the_clock() {
    let mut world = signed_in_for(bare(), None);
    world.pass(10_000 * HOUR_MS);
    assert_eq!(world.granted().generation, 1);
    assert_eq!(world.session.snapshot().expires_at_ms, None);
}

#[test]
fn an_early_wake_up_proves_nothing() {
    for options in [endpoint(), keeping(), bare()] {
        let mut world = World::signed_in(options);
        for _ in 0..100 {
            world.feed(Input::Woke);
        }
        assert_eq!(world.session.snapshot().status, Status::SignedIn);
        assert_eq!(world.count("renew") + world.count("login"), 0);
    }
}

#[test]
fn the_clock_renews_ahead_of_the_end_but_only_unseen() {
    for (options, operation, sent) in [(endpoint(), "renew", 1), (keeping(), "login", 1), (asking(), "login", 0)] {
        let mut world = World::signed_in(options);
        world.pass(HOUR_MS - 1_000);
        assert_eq!(world.count(operation), sent);
        assert_eq!(world.asked(), 0);
    }
}

#[test]
fn the_moment_of_renewal_is_jittered() {
    let mut moments = Vec::new();
    for seed in 1..=8 {
        let mut world = World::new(endpoint());
        world.now.random = seed << 96 | seed << 60 | seed;
        world.log_in("ada");
        moments.push(world.session.snapshot().fresh_until_ms);
    }
    moments.dedup();
    assert!(moments.len() > 4, "{moments:?}");
}
