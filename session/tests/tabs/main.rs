//! Races: several tabs over one store, and answers that arrive in an order that nobody wished for.

#![expect(clippy::indexing_slicing, clippy::panic, reason = "a test helper that cannot go on fails its test")]

mod endings;
mod harness;
mod loading;
mod logins;
mod renewals;
mod tabs;
