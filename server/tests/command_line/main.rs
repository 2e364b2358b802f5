//! The program as it is used: by its command line, and by killing it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accounts;
mod checking;
mod durability;
mod importing;
mod operations;
mod running;
mod support;
