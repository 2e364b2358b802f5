//! The `relatch` command. It is for people who describe a login API: it checks a dialect, tries it on the running API, drafts
//! one from what they have, and plays the API for those who build its front end.
//!
//! A program, and a library for nobody but it: what can be used from Rust is in `relatch`, `relatch-dialects` and
//! `relatch-server`.

mod arguments;
mod check;
mod document;
mod draft;
mod har;
mod json;
mod mock;
mod openapi;
mod output;
mod secret;
mod trial;

pub use arguments::main;
