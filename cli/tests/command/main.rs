//! The program as people run it: each test starts `relatch` and reads what it prints.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a test that cannot go on has failed")]

mod checking;
mod frame;
mod mocking;
mod odd;
mod recordings;
mod specifications;
mod support;
mod trying;
