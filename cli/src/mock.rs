//! `relatch dialect mock`: the server plays a dialect's API on this machine, for those who build its front end.
//!
//! Not for production: what it keeps is gone when it stops, passwords are hashed at the least cost there is, and failed logins
//! are not limited.

mod issue;
mod lifetime;
mod origins;
mod stage;

use crate::document;
use crate::output::{CommandError, Outcome, complain, say, say_json};
use clap::Args;
use lifetime::Lifetime;
use relatch_dialects::Fault;
use serde_json::json;
use stage::Stage;
use std::net::SocketAddr;

/// The arguments of `relatch dialect mock`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  relatch dialect mock shop.json
  relatch dialect mock shop.json --lifetime 20s        # short tokens, to watch renewal
  relatch dialect mock shop.json --user ada@example.com:secret --port 3001

The base URL is the first line of standard output. Pages of localhost may ask, on any port. Everything is forgotten at the end.")]
pub(crate) struct MockArguments {
    /// The dialect: a file, `-`, or the name of one that comes with Relatch.
    #[arg(value_name = "FILE")]
    file: String,
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 8790)]
    port: u16,
    /// An account, instead of those of the demo; a name with an @ in it is an email address.
    #[arg(long = "user", value_name = "NAME:PASSWORD", value_parser = account)]
    users: Vec<(String, String)>,
    /// How long access tokens live: 20s, 5m, 2h. The dialect's own lifetime if not given, else 15 minutes.
    #[arg(long, value_name = "TIME")]
    lifetime: Option<Lifetime>,
    /// Prints where it listens and what it plays as JSON.
    #[arg(long)]
    json: bool,
}

fn account(text: &str) -> Result<(String, String), String> {
    match text.split_once(':') {
        Some((name, password)) if !name.is_empty() && !password.is_empty() => Ok((name.into(), password.into())),
        _ => Err("expected NAME:PASSWORD".into()),
    }
}

pub(crate) fn run(arguments: &MockArguments) -> Outcome {
    let document = document::open(&arguments.file)?;
    let unplayable = document.dialect.unplayable();
    let dialect = issue::complete(&document)?;
    let runtime = tokio::runtime::Runtime::new().map_err(|error| failed(&error))?;
    runtime.block_on(async {
        let listen = SocketAddr::from(([127, 0, 0, 1], arguments.port));
        let listener = tokio::net::TcpListener::bind(listen).await;
        let listener = listener.map_err(|error| CommandError::Failed(format!("port {}: {error}", arguments.port)))?;
        let address = listener.local_addr().map_err(|error| failed(&error))?;
        let lifetime_secs = arguments.lifetime.map(Lifetime::secs);
        let stage = Stage::open(dialect, &arguments.users, lifetime_secs).await?;
        announce(arguments.json, address, &stage, &unplayable);
        stage.serve(listener).await
    })?;
    Ok(true)
}

fn failed(error: &dyn std::error::Error) -> CommandError {
    CommandError::Failed(error.to_string())
}

fn announce(as_json: bool, address: SocketAddr, stage: &Stage, unplayable: &[Fault]) {
    let url = format!("http://{address}");
    if as_json {
        let parts: Vec<_> = unplayable.iter().map(|it| json!({ "pointer": it.pointer, "why": it.reason })).collect();
        return say_json(&json!({
            "url": url, "dialect": stage.name, "lifetime_secs": stage.lifetime_secs, "password": stage.password,
            "accounts": stage.accounts, "routes": stage.routes, "not_played": parts,
        }));
    }
    say(&url);
    let mut lines = vec![format!("{} as its dialect describes it; tokens live {} s", stage.title, stage.lifetime_secs)];
    lines.extend(stage.routes.iter().map(|it| format!("  {it}")));
    lines.push(match &stage.password {
        Some(password) => format!("accounts, all with the password \"{password}\":"),
        None => "accounts:".into(),
    });
    lines.extend(stage.accounts.iter().map(|it| format!("  {it}")));
    if !unplayable.is_empty() {
        lines.push("what it cannot play:".into());
        lines.extend(unplayable.iter().map(|it| format!("  {it}")));
    }
    lines.push("Ctrl-C ends it.".into());
    complain(&lines.join("\n"));
}
