//! The suites of the dialects crate, in one test program.

mod faults;
mod golden;
mod law;
mod reading;
mod support;
