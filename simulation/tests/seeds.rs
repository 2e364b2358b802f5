//! The schedules that showed a mistake of the session's, each under the name of what holds since. They were found by taking the
//! correction out again; change what the simulator draws, and they have to be found anew.

use relatch_simulation::run;

fn holds(seed: u64) {
    assert_eq!(run(seed, None, false).violation, None);
}

macro_rules! schedules {
    ($($name:ident: $seed:literal)+) => { $(#[test] fn $name() { holds($seed); })+ };
}

schedules! {
    tokens_that_came_too_late_are_revoked_and_not_those_of_the_tab_that_was_faster: 16_667
    wishing_for_newer_tokens_does_not_end_the_session_where_nothing_can_renew: 25
    two_leases_of_the_same_millisecond_are_two: 1_400
    an_end_that_was_due_does_not_concern_the_login_that_came_in_between: 1_092
    listeners_run_when_the_host_is_done: 0
    a_tab_that_has_waited_too_long_for_the_lock_does_not_send_beside_the_one_that_has_it: 6_327
    a_call_is_not_sent_once_more_with_tokens_that_have_ended_as_well: 254
    what_was_read_before_the_lock_was_given_is_read_anew: 3_440
    nothing_is_renewed_while_a_login_in_its_place_is_being_stored: 2_367
    a_login_that_was_logged_out_stays_so_when_the_store_could_not_be_told: 807
    the_end_of_an_older_generation_is_not_that_of_the_one_that_goes_on: 2_182
    whoever_is_signed_out_takes_up_the_session_that_the_store_holds: 3_114
    a_clock_that_is_set_does_not_end_the_wait_for_the_lock: 10_033
    a_wait_that_was_slept_through_begins_anew: 13_999
    a_context_that_was_set_while_tokens_were_being_stored_stays: 191
    a_user_who_was_seen_while_tokens_were_being_stored_is_there: 24_490
    a_lease_belongs_to_one_renewal: 94_918
    races_for_a_lease_that_were_lost_are_no_failing_store: 99_190
    the_news_of_a_failure_is_not_written_over_a_lease: 198_681
    what_a_renewal_brings_is_stored_though_a_token_came_with_an_answer_meanwhile: 12_313
    a_lease_keeps_tokens_that_come_with_answers_away_whatever_the_clocks_say: 14_593
    a_context_that_was_set_while_loading_is_in_the_store: 28_494
}
