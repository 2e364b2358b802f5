//! What the tests share: a server in process with all five realms and a clock that stands still, and answers as texts
//! that can be compared whole.

mod answer;
mod ask;
mod jwt;
mod log;
mod table;
mod wire;
mod world;

pub(crate) use answer::{Got, empty_answer, json_answer};
pub(crate) use ask::Ask;
pub(crate) use jwt::{Forged, claims, header, secret_of};
pub(crate) use log::log_text;
pub(crate) use table::{Speech, TABLE, speech};
pub(crate) use wire::{Reply, call, exchange};
pub(crate) use world::{ORIGIN, PASSWORD, Twin, World};
