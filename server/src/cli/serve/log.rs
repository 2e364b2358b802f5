//! The log: events to standard error, as text or as one JSON object a line.

use crate::config::LogConfig;
use tracing_subscriber::EnvFilter;

/// Starts logging. A program that embeds the server and has a log already keeps its own.
pub(super) fn start(config: &LogConfig) {
    // Checked with the configuration.
    let filter = EnvFilter::try_new(&config.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _ = if config.json {
        builder.json().try_init()
    } else {
        builder.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init()
    };
}
