//! Metrics for Prometheus: what was asked, what was answered, and how long that took. Labels are names from the
//! configuration and the dialects, never anything that a client chose, so that nobody can make them many.

mod process;

use crate::http::{Answering, Told};
use crate::realm::Realm;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::time::Instant;

/// The metrics of one server. Clones share them.
#[derive(Clone)]
pub struct Metrics(Arc<Shared>);

struct Shared {
    registry: Registry,
    answers: Family<Answered, Counter>,
    durations: Family<Timed, Histogram>,
    under_way: Gauge,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    realm: String,
    operation: String,
    meaning: &'static str,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Timed {
    realm: String,
    operation: String,
}

impl Default for Metrics {
    fn default() -> Metrics {
        Metrics::new()
    }
}

impl Metrics {
    /// Metrics that stand at zero.
    pub fn new() -> Metrics {
        let mut registry = Registry::with_prefix("relatch");
        let (answers, under_way) = (Family::default(), Gauge::default());
        let durations = Family::new_with_constructor(durations as fn() -> Histogram);
        registry.register(
            "answers",
            "Answers by what they mean, before the dialect narrows it",
            Family::clone(&answers),
        );
        let help = "How long requests took, their bodies included";
        registry.register_with_unit("request_duration", help, Unit::Seconds, Family::clone(&durations));
        registry.register("requests_under_way", "Requests that have not been answered yet", Gauge::clone(&under_way));
        registry.register("build", "The program", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        registry.register_collector(Box::new(process::Process));
        Metrics(Arc::new(Shared { registry, answers, durations, under_way }))
    }

    /// All of them, in the OpenMetrics text format.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = encode(&mut text, &self.0.registry);
        text
    }

    /// A realm's answers, counted.
    pub(crate) fn around(&self, realm: &Arc<Realm>, answering: Answering) -> Answering {
        let counts = Arc::new(Counts { metrics: self.clone(), realm: realm.name.clone(), series: RwLock::default() });
        Arc::new(move |request| {
            let (counts, answer) = (Arc::clone(&counts), answering(request));
            Box::pin(async move { counts.observe(answer).await })
        })
    }

    fn series(&self, realm: &str, answer: &Answer) -> Series {
        let operation = answer.told.as_ref().and_then(|it| it.operation.clone()).unwrap_or_else(|| "none".into());
        let answered = Answered {
            realm: realm.into(),
            operation: operation.clone(),
            meaning: answer.told.as_ref().map_or("none", |it| it.meaning.name()),
            status: answer.status,
        };
        let timed = Timed { realm: realm.into(), operation };
        Series {
            answers: self.0.answers.get_or_create(&answered).clone(),
            durations: self.0.durations.get_or_create(&timed).clone(),
        }
    }
}

/// What a realm has answered, so that counting what has come before copies no names. As bounded as the labels are.
struct Counts {
    metrics: Metrics,
    realm: String,
    series: RwLock<Vec<(Answer, Series)>>,
}

/// What an answer is counted by.
#[derive(PartialEq, Eq)]
struct Answer {
    told: Option<Told>,
    status: u16,
}

#[derive(Clone)]
struct Series {
    answers: Counter,
    durations: Histogram,
}

impl Counts {
    /// With a stopwatch, on which no decision depends.
    async fn observe(&self, answer: impl Future<Output = Response>) -> Response {
        let (started, _guard) = (Instant::now(), UnderWay::new(&self.metrics));
        let mut response = answer.await;
        let told = response.extensions_mut().remove();
        let series = self.series(Answer { told, status: response.status().as_u16() });
        series.answers.inc();
        series.durations.observe(started.elapsed().as_secs_f64());
        response
    }

    fn series(&self, answer: Answer) -> Series {
        let find = |all: &[(Answer, Series)]| all.iter().find(|(it, _)| *it == answer).map(|(_, it)| it.clone());
        if let Some(known) = find(&self.series.read().unwrap_or_else(PoisonError::into_inner)) {
            return known;
        }
        let mut all = self.series.write().unwrap_or_else(PoisonError::into_inner);
        // Somebody else may have been quicker, which does no harm: both have the same counters.
        let series = self.metrics.series(&self.realm, &answer);
        all.push((answer, series.clone()));
        series
    }
}

/// Half a millisecond to sixteen seconds: from a verified request to a login that waited for its hash.
fn durations() -> Histogram {
    Histogram::new(exponential_buckets(0.0005, 2.0, 16))
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

/// Counts a request until it is answered or given up.
struct UnderWay(Metrics);

impl UnderWay {
    fn new(metrics: &Metrics) -> UnderWay {
        metrics.0.under_way.inc();
        UnderWay(metrics.clone())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.0.under_way.dec();
    }
}

/// The answer to a scrape.
impl IntoResponse for Metrics {
    fn into_response(self) -> Response {
        let media_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
        ([(header::CONTENT_TYPE, media_type)], self.text()).into_response()
    }
}
