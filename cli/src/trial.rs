//! `relatch dialect try`: a real account on the running API, and what the dialect makes of every answer.
//!
//! It speaks HTTP itself, by the codec that the client uses too: it has to see every answer, and those that no template fits
//! above all.

mod captured;
mod course;
mod jar;
mod matching;
mod report;
mod shown;
mod told;
mod wire;

use crate::output::{CommandError, Outcome, say, say_json};
use crate::{document, secret};
use clap::Args;
use relatch::driver::Home;
use relatch_dialects::Values;
use std::time::Duration;

/// The arguments of `relatch dialect try`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  relatch dialect try shop.json --base-url https://api.example.com --identifier ada@example.com
  relatch dialect try shop.json --base-url http://localhost:8080 --identifier ada --call /orders
  echo \"$PASSWORD\" | relatch dialect try shop.json --base-url https://api.example.com --identifier ada --password-stdin --json

The password is asked for at the terminal, read from standard input, or taken from RELATCH_PASSWORD; never an argument.
No secret is printed: of tokens only kind and length, of unknown answers only names and types.

One login with a wrong password is made, which some APIs count: --no-bad-password leaves it out.

Exit code: 0 the dialect reads this API, 1 something failed or was not understood, 2 the command line is at fault.")]
pub(crate) struct TryArguments {
    /// The dialect: a file, `-`, or the name of one that comes with Relatch.
    #[arg(value_name = "FILE")]
    file: String,
    /// Where the API is. `http` only on this machine.
    #[arg(long, value_name = "URL")]
    base_url: String,
    /// Who logs in: a user name, an email address, whatever the API takes.
    #[arg(long, value_name = "TEXT")]
    identifier: Option<String>,
    /// Reads the password from the first line of standard input.
    #[arg(long)]
    password_stdin: bool,
    /// A further value of the login request: `{field.NAME}`, or `{code}` and such.
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = pair)]
    fields: Vec<(String, String)>,
    /// A value that goes along with every request: `{context.NAME}`.
    #[arg(long = "context", value_name = "NAME=VALUE", value_parser = pair)]
    contexts: Vec<(String, String)>,
    /// A protected path to ask for with the token; the `profile` operation if not given.
    #[arg(long, value_name = "PATH")]
    call: Option<String>,
    /// Leaves out the login with a wrong password: some APIs lock accounts for a few of them.
    #[arg(long)]
    no_bad_password: bool,
    /// How long each request may take, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=600))]
    timeout: u64,
    /// Prints the report as JSON.
    #[arg(long)]
    json: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    if name.is_empty() { Err("expected a name before the =".into()) } else { Ok((name.into(), value.into())) }
}

pub(crate) fn run(arguments: &TryArguments) -> Outcome {
    let home = home(&arguments.base_url)?;
    if arguments.file == "-" && arguments.password_stdin {
        return Err(CommandError::Usage("standard input cannot be both the dialect and the password".into()));
    }
    let document = document::open(&arguments.file)?;
    let password = secret::read(arguments.password_stdin)?;
    let mut credentials = Values::new().with("password", password.as_str());
    if let Some(identifier) = &arguments.identifier {
        credentials.set("identifier", identifier.as_str());
    }
    for (name, value) in &arguments.fields {
        credentials.set(&format!("field.{name}"), value.as_str());
        if matches!(name.as_str(), "code" | "resend_code") {
            credentials.set(name, value.as_str());
        }
    }
    let mut context = Values::new();
    arguments.contexts.iter().for_each(|(name, value)| context.set(&format!("context.{name}"), value.as_str()));
    let wire = wire::Wire::new(document, home, context, Duration::from_secs(arguments.timeout))?;
    let chosen = course::Chosen { credentials, call: arguments.call.clone(), bad_password: !arguments.no_bad_password };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| CommandError::Failed(format!("no runtime: {error}")))?;
    let report = runtime.block_on(course::run(wire, &chosen));
    if arguments.json {
        say_json(&report.json())
    } else {
        say(&report.text())
    }
    Ok(report.is_fine())
}

/// A password goes over TLS, or not off this machine.
fn home(base_url: &str) -> Result<Home, CommandError> {
    let home = Home::parse(base_url).map_err(|fault| CommandError::Usage(format!("--base-url: {fault}")))?;
    let local = reqwest::Url::parse(home.as_str()).ok().is_some_and(|url| {
        let host = url.host_str().unwrap_or_default();
        host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "[::1]"
    });
    match home.as_str().starts_with("https://") || local {
        true => Ok(home),
        false => Err(CommandError::Usage("--base-url: expected https; plain http is for this machine only".into())),
    }
}
