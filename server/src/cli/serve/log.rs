//! The log: events to standard error, as text or as one JSON object a line, and traces to a collector where one is
//! configured. Everything that belongs to a request stands in a span with its `trace_id`, the one that the dialect's
//! answers tell.

use crate::cli::CommandError;
use crate::config::LogConfig;
use std::io::IsTerminal;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry::Registry;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, fmt};

/// What has to be kept until the end, so that the last traces are sent.
#[cfg(feature = "otlp")]
pub(super) type Traces = Option<super::traces::Traces>;
/// Nothing is kept where there are no traces.
#[cfg(not(feature = "otlp"))]
#[derive(Debug)]
pub(super) struct Traces;

/// Starts logging. A program that embeds the server and has a log already keeps its own.
pub(super) fn start(config: &LogConfig) -> Result<Traces, CommandError> {
    // Checked with the configuration.
    let filter = EnvFilter::try_new(&config.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let mut layers = vec![written(config.json)];
    let traces = traced(config, &mut layers)?;
    // On top of the list and not in it: of a list, the layer that wants most decides what is enabled.
    let _ = tracing_subscriber::registry().with(layers).with(filter).try_init();
    Ok(traces)
}

fn written(json: bool) -> Box<dyn Layer<Registry> + Send + Sync> {
    let layer = fmt::layer().with_writer(std::io::stderr);
    if json { layer.json().boxed() } else { layer.with_ansi(std::io::stderr().is_terminal()).boxed() }
}

type Layers = Vec<Box<dyn Layer<Registry> + Send + Sync>>;

#[cfg(feature = "otlp")]
fn traced(config: &LogConfig, layers: &mut Layers) -> Result<Traces, CommandError> {
    let Some(url) = &config.traces else { return Ok(None) };
    let (layer, traces) = super::traces::to(url)?;
    layers.push(layer);
    Ok(Some(traces))
}

#[cfg(not(feature = "otlp"))]
#[expect(clippy::unnecessary_wraps, reason = "with the feature it can fail")]
fn traced(_config: &LogConfig, _layers: &mut Layers) -> Result<Traces, CommandError> {
    Ok(Traces)
}
