//! `relatch dialect check`: what is wrong with documents, and what is right but will surprise somebody.

mod advice;
mod outline;
mod report;
mod warnings;

use crate::document::{self, Faulty};
use crate::output::{CommandError, Outcome, complain, say, say_json};
use clap::Args;
use report::Report;
use serde_json::json;

/// The arguments of `relatch dialect check`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  relatch dialect check shop.json
  relatch dialect check --strict dialects/*.json
  curl -s https://example.com/shop.json | relatch dialect check -

Exit code: 0 all is well, 1 a fault (with --strict also a warning), 2 a file cannot be read.")]
pub(crate) struct CheckArguments {
    /// The documents; `-` is standard input, the name of a dialect that comes with Relatch its document.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// Lets warnings fail the check.
    #[arg(long)]
    strict: bool,
    /// Prints the report as JSON.
    #[arg(long)]
    json: bool,
}

/// Checks every file, also after one that cannot be read.
pub(crate) fn run(arguments: &CheckArguments) -> Outcome {
    let (mut reports, mut unreadable) = (Vec::new(), Vec::new());
    for file in &arguments.files {
        match document::read_named(file) {
            Ok(text) => reports.push(of_text(file, text)),
            Err(CommandError::Usage(reason) | CommandError::Failed(reason)) => unreadable.push(reason),
        }
    }
    let fine = reports.iter().all(|it| it.fault.is_none() && (!arguments.strict || it.warnings.is_empty()));
    if arguments.json {
        let files: Vec<_> = reports.iter().map(Report::json).collect();
        say_json(&json!({ "ok": fine && unreadable.is_empty(), "files": files, "unreadable": unreadable }));
    } else {
        reports.iter().for_each(|it| say(&it.text()));
        unreadable.iter().for_each(|it| complain(it));
    }
    if unreadable.is_empty() { Ok(fine) } else { Err(CommandError::Usage(summary(unreadable.len()))) }
}

fn summary(unreadable: usize) -> String {
    format!("{unreadable} {} could not be read", if unreadable == 1 { "file" } else { "files" })
}

/// The report about a text.
fn of_text(file: &str, text: String) -> Report {
    match document::load(text) {
        Ok(document) => Report::fine(file, &document),
        Err(faulty) => Report::faulty(file, &faulty),
    }
}

/// The first thing that is wrong with a draft of ours, if anything is, and how many warnings there are.
pub(crate) fn of_draft(text: &str) -> Result<usize, Faulty> {
    document::load(text.into()).map(|it| warnings::of(&it.json).len())
}
