//! `relatch dialect from-har`: a draft from a recording of a browser's network tab.
//!
//! Recorded values are looked at, to see where a token comes from and where it goes, and never written: a draft consists of
//! templates, names, statuses, truth values, and the program text of GraphQL.

mod exchange;
mod follow;
mod trace;

use crate::document;
use crate::draft::{DraftOutput, deliver};
use crate::json;
use crate::output::{CommandError, Outcome};
use clap::Args;
use exchange::Exchange;
use serde_json::Value;

/// The arguments of `relatch dialect from-har`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  relatch dialect from-har session.har > shop.json
  relatch dialect from-har session.har --name shop -o shop.json

Record with the network tab open: log in with a wrong password, log in, look at something, log out; then \"Save all as HAR\".
Some browsers leave out cookies and passwords unless told to export \"with sensitive data\". The file has your password and your
token in it: keep it to yourself. The draft has neither.")]
pub(crate) struct HarArguments {
    /// A HAR file; `-` is standard input.
    #[arg(value_name = "FILE")]
    file: String,
    #[command(flatten)]
    output: DraftOutput,
}

pub(crate) fn run(arguments: &HarArguments) -> Outcome {
    let failed = |why: String| CommandError::Failed(format!("{}: {why}", arguments.file));
    let text = document::read(&arguments.file)?;
    let root = json::parse(&text)
        .map_err(|it| failed(format!("is not JSON: {} (line {}, column {})", it.reason, it.line, it.column)))?;
    let entries = root.pointer("/log/entries").and_then(Value::as_array);
    let entries = entries.ok_or_else(|| failed("has no `log.entries`: it is no recording in the HAR format".into()))?;
    let exchanges: Vec<Exchange> = entries.iter().filter_map(Exchange::read).collect();
    let api = follow::api(&exchanges).map_err(failed)?;
    deliver(&api, &arguments.output)
}
