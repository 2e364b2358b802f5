//! The command line. Results go to standard output, everything else to standard error; a command exits with 0
//! if it did what it was asked, 1 if that was refused or failed, and 2 if the command line or the
//! configuration is at fault.
//!
//! How to add a command: a variant here, and a module of its own that takes its arguments and returns
//! `Outcome`.

mod audit;
mod backup;
mod check;
mod directory;
mod draft;
mod import;
mod keys;
mod output;
mod secret;
mod serve;
pub(crate) mod time;
mod user;

pub(crate) use draft::Draft;

use crate::audit::{Actor, Channel};
use crate::config::{Config, Environment};
use crate::demo::DemoArguments;
use clap::{Parser, Subcommand};
use output::complain;
use std::path::PathBuf;
use std::process::ExitCode;

/// What a command came to.
type Outcome = Result<(), CommandError>;

/// Issues, verifies, renews and revokes tokens in the words of any login API.
#[derive(Debug, Parser)]
#[command(name = "relatch-server", version)]
struct Arguments {
    /// The configuration file.
    #[arg(long, short, global = true, env = "RELATCH_CONFIG", default_value = "relatch.toml")]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answers requests until it is told to stop.
    Serve,
    /// Checks the configuration and says every fault with file, key and reason.
    CheckConfig,
    /// Looks after accounts; what it changes, a running server follows within a second.
    #[command(subcommand)]
    User(user::UserCommand),
    /// Looks after keys; a running server follows within a second.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Reads the audit log: who did what to whom, the newest first.
    Audit(audit::AuditArguments),
    /// Copies the database, which may be in use, and checks the copy.
    Backup(backup::BackupArguments),
    /// Puts a backup in the database's place, with the server stopped, and tells what that brings back to life.
    Restore(backup::RestoreArguments),
    /// Runs the demo: five realms with well-known accounts, and controls that make things go wrong.
    #[command(hide = true)]
    Demo(DemoArguments),
}

/// Why a command did not do what it was asked.
#[derive(Debug)]
enum CommandError {
    /// It was refused or failed (exit code 1).
    Failed(String),
    /// The command line or the configuration is at fault (exit code 2).
    Usage(String),
}

impl CommandError {
    /// A failure with all its causes, in one line.
    fn failed(error: &dyn std::error::Error) -> CommandError {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        CommandError::Failed(text)
    }
}

impl<E: std::error::Error> From<E> for CommandError {
    fn from(error: E) -> CommandError {
        CommandError::failed(&error)
    }
}

/// The operating system's user who runs this process.
fn actor() -> Actor {
    let name = whoami::username().unwrap_or_else(|_| "unknown".into());
    Actor { channel: Channel::CommandLine, name, address: None }
}

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments, &Environment::of_process()) {
        Ok(()) => ExitCode::SUCCESS,
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

fn run(arguments: Arguments, environment: &Environment) -> Outcome {
    let runtime = tokio::runtime::Runtime::new()?;
    if let Command::Demo(demo) = arguments.command {
        return Ok(runtime.block_on(demo.run(|address| output::say(&format!("http://{address}"))))?);
    }
    let config =
        Config::load(&arguments.config, environment).map_err(|error| CommandError::Usage(error.to_string()))?;
    match arguments.command {
        Command::Serve => runtime.block_on(serve::serve(&config)),
        Command::CheckConfig => check::report(&config),
        Command::Demo(_) => Ok(()),
        Command::Keys(command) => runtime.block_on(keys::run(command, &config, environment)),
        Command::Audit(arguments) => runtime.block_on(audit::read(&arguments, &config)),
        Command::Backup(arguments) => runtime.block_on(backup::make(&arguments, &config)),
        Command::Restore(arguments) => runtime.block_on(backup::restore(&arguments, &config)),
        Command::User(command) => runtime.block_on(user::run(command, &config, environment)),
    }
}
