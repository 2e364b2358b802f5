//! Drafts: a first dialect from what was found of an API, with a reason for every guess and what to check about it.

mod answer;
pub(crate) mod api;
mod assemble;
mod expiry;
mod find;
mod name;
mod request;
pub(crate) mod shape;
pub(crate) mod words;

pub(crate) use assemble::assemble;

use crate::check;
use crate::output::{CommandError, Outcome, complain, pretty, say, say_json};
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;

/// A template that tells a body from others by what is usual: where a token is, or the member that has an error's code. Names only; what
/// stands there is for the author to fill in.
pub(crate) fn telling_body(body: &Value) -> Option<Value> {
    answer::telling(shape::Shape::of(body))
}

/// A draft and how it came about.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) document: Value,
    pub(crate) guesses: Vec<Guess>,
}

/// One decision of a draft.
#[derive(Debug)]
pub(crate) struct Guess {
    /// What it is about: `login`, `attach`, `expires` …
    pub(crate) about: &'static str,
    /// What was decided.
    pub(crate) what: String,
    /// Why.
    pub(crate) why: String,
    /// What to look after before trusting it.
    pub(crate) check: Option<String>,
}

/// Where a draft goes.
#[derive(Debug, Args)]
pub(crate) struct DraftOutput {
    /// The name of the dialect; from the API's title if not given.
    #[arg(long)]
    name: Option<String>,
    /// Writes the draft to this file, which must not exist yet, instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Prints the draft with its reasons as JSON.
    #[arg(long)]
    json: bool,
}

/// Checks a draft, writes it, and explains it on standard error.
pub(crate) fn deliver(api: &api::Api, output: &DraftOutput) -> Outcome {
    let draft = assemble(api, output.name.as_deref())?;
    let text = pretty(&draft.document);
    let warnings = check::of_draft(&text).map_err(|fault| {
        CommandError::Failed(format!("no draft that would pass `check` could be made: {}", fault.sentence("draft")))
    })?;
    if let Some(file) = &output.output {
        write_new(file, &text)?;
    }
    if output.json {
        let guesses: Vec<Value> = draft.guesses.iter().map(Guess::json).collect();
        say_json(&json!({ "document": draft.document, "guesses": guesses, "warnings": warnings }));
        return Ok(true);
    }
    if output.output.is_none() {
        say(&text);
    }
    complain(&explanation(&draft, warnings));
    Ok(true)
}

/// Never over a file that is there: it may be the one that somebody has worked on.
fn write_new(file: &std::path::Path, text: &str) -> Result<(), CommandError> {
    use std::io::Write;
    let mut open = std::fs::OpenOptions::new();
    let written = open.write(true).create_new(true).open(file).and_then(|mut it| writeln!(it, "{text}"));
    written.map_err(|error| CommandError::Usage(format!("{}: cannot be written: {error}", file.display())))
}

fn explanation(draft: &Draft, warnings: usize) -> String {
    let mut lines = vec!["How this draft came about:".to_string()];
    for guess in &draft.guesses {
        lines.push(format!("  {}: {}", guess.about, guess.what));
        lines.push(format!("    because {}", guess.why));
        lines.extend(guess.check.iter().map(|it| format!("    check: {it}")));
    }
    let warned = match warnings {
        0 => "It passes `relatch dialect check`.".into(),
        1 => "It passes `relatch dialect check` with 1 warning.".into(),
        many => format!("It passes `relatch dialect check` with {many} warnings."),
    };
    lines.push(format!("{warned} Next: `relatch dialect try` with a real account."));
    lines.join("\n")
}

impl Guess {
    pub(crate) fn new(about: &'static str, what: impl Into<String>, why: impl Into<String>) -> Guess {
        Guess { about, what: what.into(), why: why.into(), check: None }
    }

    #[must_use]
    pub(crate) fn check(mut self, check: impl Into<String>) -> Guess {
        self.check = Some(check.into());
        self
    }

    fn json(&self) -> Value {
        json!({ "about": self.about, "what": self.what, "why": self.why, "check": self.check })
    }
}
