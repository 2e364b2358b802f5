//! The program as people run it: each test starts `relatch` and reads what it prints.

mod checking;
mod frame;
mod mocking;
mod odd;
mod recordings;
mod specifications;
mod support;
mod trying;
