//! stub
use crate::output::*;
#[derive(Debug, clap::Args)]
pub(crate) struct TryArguments {}
pub(crate) fn run(_: &TryArguments) -> Outcome { Ok(true) }
