//! Benchmarks: the thing itself beside what it is compared with, in one run on one machine, so that what is printed are
//! ratios first. `cargo xtask bench server` builds what it needs and starts it. No test, and no test reads a clock here.

#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

mod server;

use clap::{Parser, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The server: memory, start, renewals, verified requests, logins.
    Server {
        /// The program `relatch-server`, built for release.
        program: PathBuf,
        /// How long each measurement takes.
        #[arg(long, default_value_t = 5)]
        secs: u64,
    },
    /// Answers every request with that many bytes: what a verified request is compared with.
    #[command(hide = true)]
    Bare { bytes: usize },
}

fn main() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    match Arguments::parse().what {
        What::Server { program, secs } => runtime.block_on(server::run(&program, secs)),
        What::Bare { bytes } => runtime.block_on(server::bare(bytes)),
    }
}
