//! Traces by OpenTelemetry, over HTTP (OTLP). A request's span has its `trace_id` as an attribute, by which log, answer
//! and trace are found from one another; OpenTelemetry's own ids are twice as long.

use crate::cli::CommandError;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::layer::Layer;
use tracing_subscriber::registry::Registry;

/// Sends what is left when it is dropped.
#[derive(Debug)]
pub(super) struct Traces(SdkTracerProvider);

impl Drop for Traces {
    fn drop(&mut self) {
        // A collector that is gone must not keep the server from ending.
        let _ = self.0.shutdown();
    }
}

/// Traces to the collector at that address.
pub(super) fn to(url: &str) -> Result<(Box<dyn Layer<Registry> + Send + Sync>, Traces), CommandError> {
    let endpoint = format!("{}/v1/traces", url.trim_end_matches('/'));
    let exporter = SpanExporter::builder().with_http().with_endpoint(endpoint).build()?;
    let resource = Resource::builder().with_service_name("relatch-server").build();
    let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("relatch-server"));
    Ok((layer.boxed(), Traces(provider)))
}
