//! The command line. Results go to standard output, everything else to standard error; a command exits with 0 if all is
//! well, 1 if a fault was found or something failed, and 2 if the command line is at fault or a file cannot be read.
//!
//! How to add a command: a variant here, and a module of its own that takes its arguments and returns `Outcome`.

use crate::output::{CommandError, Outcome, complain};
use crate::{check, har, mock, openapi, trial};
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// A session layer for any login API: tools for describing one.
#[derive(Debug, Parser)]
#[command(name = "relatch", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Checks, tries, drafts and plays dialects: documents that describe a login API.
    #[command(subcommand, arg_required_else_help = true)]
    Dialect(DialectCommand),
}

#[derive(Debug, Subcommand)]
enum DialectCommand {
    /// Says what is wrong with a dialect, where, and what to do about it.
    Check(check::CheckArguments),
    /// Logs in to the running API with a real account and shows what the dialect makes of every answer.
    Try(trial::TryArguments),
    /// Drafts a dialect from an OpenAPI 3 or Swagger 2 document (JSON or YAML).
    FromOpenapi(openapi::OpenapiArguments),
    /// Drafts a dialect from a recording of a browser's network tab (HAR). No recorded value gets into it.
    FromHar(har::HarArguments),
    /// Plays the API of a dialect on this machine, for front-end work.
    Mock(mock::MockArguments),
}

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(CommandError::Failed(reason)) => {
            complain(&reason);
            ExitCode::from(1)
        }
        Err(CommandError::Usage(reason)) => {
            complain(&reason);
            ExitCode::from(2)
        }
    }
}

fn run(arguments: Arguments) -> Outcome {
    let Command::Dialect(command) = arguments.command;
    match command {
        DialectCommand::Check(arguments) => check::run(&arguments),
        DialectCommand::Try(arguments) => trial::run(&arguments),
        DialectCommand::FromOpenapi(arguments) => openapi::run(&arguments),
        DialectCommand::FromHar(arguments) => har::run(&arguments),
        DialectCommand::Mock(arguments) => mock::run(&arguments),
    }
}
