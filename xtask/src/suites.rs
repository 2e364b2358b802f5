//! The suites of `cargo xtask test`, in the order in which they run: what is quick and tells most comes first.
//!
//! How to add a suite: a row in [`ALL`], and a function that takes [`Prepared`] and returns an [`Outcome`]. What it
//! needs on the machine it asks for through `crate::needs`; if that cannot be had, it is [`Outcome::Skipped`].

mod npm;
mod prepared;
mod rust;
mod tally;

pub(crate) use prepared::Prepared;
pub(crate) use tally::Tally;

/// A row of the table.
pub(crate) struct Suite {
    /// What `--only` calls it.
    pub(crate) name: &'static str,
    /// What it does, in a few words.
    pub(crate) does: &'static str,
    /// Runs it; an error counts as one failed test.
    pub(crate) run: fn(&Prepared<'_>) -> anyhow::Result<Outcome>,
}

/// How a suite came out.
pub(crate) enum Outcome {
    /// It ran; its output is shown if a test failed.
    Ran { tests: Tally, output: String },
    /// It could not run, for this reason. Counted, and in CI a failure.
    Skipped(String),
    /// It depends on a tool that nobody has to have. Said, but not counted.
    NotAsked(String),
}

impl Outcome {
    /// One failed test.
    pub(crate) fn failed(output: String) -> Outcome {
        Outcome::Ran { tests: Tally::one(false), output }
    }

    fn skipped(error: &anyhow::Error) -> Outcome {
        Outcome::Skipped(format!("{error:#}"))
    }
}

/// Every suite there is.
pub(crate) const ALL: [Suite; 16] = [
    Suite { name: "fmt", does: "checking the format", run: rust::fmt },
    Suite { name: "clippy", does: "linting every target of this machine", run: rust::clippy },
    Suite { name: "clippy-wasm", does: "linting what runs in the browser", run: rust::clippy_wasm },
    Suite { name: "doc", does: "building the documentation", run: rust::doc },
    Suite { name: "doc-wasm", does: "building the documentation of what runs in the browser", run: rust::doc_wasm },
    Suite { name: "rust", does: "running the Rust tests", run: rust::test },
    Suite { name: "simulate", does: "playing ten million steps of simulated worlds", run: rust::simulate },
    Suite { name: "schemathesis", does: "testing the admin API against its description", run: rust::schemathesis },
    Suite { name: "fuzz", does: "fuzzing what strangers send, by libFuzzer", run: rust::fuzz },
    Suite { name: "deny", does: "checking licences, sources and advisories", run: rust::deny },
    Suite { name: "package", does: "building the npm package", run: npm::package },
    Suite { name: "size", does: "measuring it against its budget", run: npm::size },
    Suite { name: "types", does: "checking the TypeScript strictly", run: npm::types },
    Suite { name: "node", does: "testing the tarball in Node", run: npm::node },
    Suite { name: "served", does: "testing the tarball against servers of other makers", run: npm::served },
    Suite { name: "browser", does: "testing the tarball in Chromium, Firefox and WebKitGTK", run: npm::browser },
];
