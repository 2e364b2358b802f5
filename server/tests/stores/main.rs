//! What every store must guarantee, run on every store there is. To add one: a module that opens it and calls
//! `every_case!`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accounts;
mod changes;
mod codes;
mod keys;
mod operations;
mod people;
mod sessions;
mod sqlite;
mod support;

/// One test per case, on the store that `$open` opens.
macro_rules! every_case {
    ($open:path) => {
        $crate::cases!($open, accounts: [
            an_account_comes_back_as_it_was_created,
            numbers_are_serial_within_a_realm_and_start_at_one,
            an_account_is_found_by_any_of_its_identifiers_in_any_spelling,
            an_account_is_not_found_by_a_kind_that_was_not_asked_for,
            an_account_is_not_found_from_another_realm,
            one_text_never_finds_two_accounts_whatever_its_kind,
            a_username_that_reads_as_a_phone_number_is_one_to_everybody_else,
            an_account_may_have_its_email_as_its_username_too,
            accounts_are_created_all_or_none,
            a_list_goes_on_where_the_page_before_it_ended,
            disabling_ends_the_sessions_and_enabling_does_not_revive_them,
            a_new_password_ends_the_sessions,
            a_new_password_makes_letters_for_another_one_useless,
            an_account_that_is_not_there_cannot_be_changed,
        ]);
        $crate::cases!($open, sessions: [
            a_session_is_found_with_its_account_and_in_its_realm_only,
            a_session_does_not_begin_if_the_account_was_disabled_meanwhile,
            a_session_does_not_begin_if_the_password_was_changed_meanwhile,
            a_session_that_is_renewed_keeps_how_far_it_came,
            a_generation_is_good_for_one_step,
            of_many_that_present_one_generation_one_succeeds,
            a_row_that_is_behind_follows,
            a_renewed_session_does_not_outlive_its_end,
            an_ended_an_expired_a_disabled_and_a_plain_session_take_no_step,
            a_session_ends_once,
            all_sessions_of_one_account_end_and_no_others,
            what_lives_is_listed_in_pages_and_ended_at_once,
            only_sessions_that_expired_before_are_purged_and_no_more_than_asked,
            many_writes_at_once_each_get_their_own_answer,
        ]);
        $crate::cases!($open, changes: [
            what_ends_or_changes_is_in_the_log_in_order,
            a_renewal_and_a_login_are_not_in_the_log,
            what_is_rolled_back_is_not_in_the_log,
            a_place_that_is_too_far_back_or_ahead_cannot_be_told_from,
            a_commit_is_heard_of_by_revision_here_and_by_version_everywhere,
        ]);
        $crate::cases!($open, codes: [
            a_code_is_good_for_its_purpose_in_its_realm_until_it_expires,
            an_account_may_have_several_codes_and_validating_uses_them_all_up,
            a_resend_code_or_an_expired_one_or_one_of_another_account_validates_nothing,
        ]);
        $crate::cases!($open, people: [
            the_kinds_of_a_realms_hashes_are_those_that_its_accounts_have_now,
            a_new_hash_of_the_same_password_keeps_sessions_and_loses_against_a_change,
            of_two_changes_that_were_checked_against_one_password_the_first_holds,
            of_two_with_one_reset_code_one_sets_a_password_and_the_code_goes_with_it,
            a_deleted_account_leaves_nothing_behind,
            the_sessions_of_one_account_are_told_with_how_they_ended,
        ]);
        $crate::cases!($open, operations: [
            an_accounts_sessions_are_listed_within_its_realm_and_no_others,
            the_audit_log_is_read_from_its_newest_entry_and_page_by_page,
            what_changes_on_the_record_leaves_one_entry,
            what_changes_nothing_leaves_no_entry,
            of_many_that_end_one_session_on_the_record_one_leaves_an_entry,
            a_store_that_works_answers_when_it_is_asked,
        ]);
        $crate::cases!($open, keys: [
            the_first_key_of_a_realm_and_algorithm_stays,
            of_many_that_start_at_once_all_sign_with_one_key,
            a_rotation_lets_the_old_keys_end_and_leaves_those_that_end_before,
            of_many_that_rotate_on_schedule_one_does,
            a_key_is_retired_once_and_never_the_last_that_signs,
            a_key_that_live_sessions_need_is_retired_with_them_or_not_at_all,
            a_key_is_sealed_once,
            a_key_under_another_master_key_is_not_stored_beside_sealed_ones,
            keys_are_sealed_anew_all_or_none,
        ]);
    };
}
pub(crate) use every_case;

macro_rules! cases {
    ($open:path, $module:ident: [$($case:ident,)*]) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $case() {
            let (store, _directory) = $open().await;
            crate::$module::$case(&store).await;
        })*
    };
}
pub(crate) use cases;
