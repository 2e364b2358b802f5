//! The rules that always hold, each in a module that bears its name, and the table of what ends a session.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the helpers of tests, where whatever is missing is a failure"
)]

mod authoritative_end;
mod cancelling;
mod challenges;
mod clocks_lie;
mod cookie_sessions;
mod deadlines;
mod events_mean_change;
mod following;
mod listeners_outside;
mod logout_wins;
mod memory_of_why;
mod observed;
mod one_renewal;
mod one_retry;
mod operations;
mod parked_calls;
mod save_first;
mod seeds;
mod storage_fails;
mod table;
mod tokens_stay_home;
mod world;
