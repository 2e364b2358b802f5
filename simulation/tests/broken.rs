//! For each rule a host that breaks it, around the same session: each is caught, by that rule, within a bounded number of steps.
//! A check that never fails would prove nothing.

use relatch_simulation::{Rule, run};

/// Many times what the most patient of them needs.
const STEPS: u64 = 1_500_000;

fn is_caught(rule: Rule) {
    let mut steps = 0;
    for seed in 0.. {
        let run = run(seed, Some(rule), false);
        steps += run.steps;
        match run.violation {
            Some(violation) => return assert_eq!(violation.rule, rule),
            None => assert!(steps < STEPS, "nobody noticed in {steps} steps"),
        }
    }
}

macro_rules! caught {
    ($($name:ident: $rule:ident)+) => { $(#[test] fn $name() { is_caught(Rule::$rule); })+ };
}

caught! {
    a_lock_that_everybody_is_given_is_caught_by_one_renewal: OneRenewal
    a_call_that_is_sent_again_and_again_is_caught_by_one_retry: OneRetry
    a_lost_answer_taken_for_an_end_is_caught_by_authoritative_end: AuthoritativeEnd
    timers_that_never_fire_are_caught_by_deadlines: Deadlines
    a_store_that_says_done_too_early_is_caught_by_save_first: SaveFirst
    a_lock_that_is_let_go_after_the_listeners_is_caught_by_listeners_outside: ListenersOutside
    a_tombstone_that_is_written_over_is_caught_by_logout_wins: LogoutWins
    a_host_that_knows_one_clock_alone_is_caught_by_clocks_lie: ClocksLie
    a_failing_store_read_as_a_log_out_is_caught_by_storage_fails: StorageFails
    a_token_in_an_announcement_is_caught_by_tokens_stay_home: TokensStayHome
    an_event_that_is_told_twice_is_caught_by_events_mean_change: EventsMeanChange
    a_history_that_forgets_is_caught_by_memory_of_why: MemoryOfWhy
}

#[test]
fn the_session_itself_keeps_all_of_them() {
    for seed in 0..300 {
        assert_eq!(run(seed, None, false).violation, None, "seed {seed}");
    }
}

#[test]
fn a_seed_replays_its_schedule_exactly() {
    for seed in [3, 17, 406] {
        let (first, second) = (run(seed, None, true), run(seed, None, true));
        assert!(first.steps > 50, "seed {seed}");
        assert_eq!(first.trace, second.trace, "seed {seed}");
    }
}
