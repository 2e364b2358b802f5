//! Many clients at once, each sending its next request when it has its answer.

use super::client::Client;
use futures_util::future::join_all;
use std::fmt;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// What came of it.
#[derive(Clone, Debug)]
pub(super) struct Rate {
    requests: usize,
    took: Duration,
    p99: Duration,
}

impl Rate {
    pub(super) fn per_sec(&self) -> f64 {
        self.requests as f64 / self.took.as_secs_f64()
    }

    pub(super) fn median(mut rates: Vec<Rate>) -> Rate {
        rates.sort_by(|a, b| a.per_sec().total_cmp(&b.per_sec()));
        rates.swap_remove(rates.len() / 2)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0}/s, p99 {:.1} ms", self.per_sec(), self.p99.as_secs_f64() * 1000.0)
    }
}

#[expect(clippy::disallowed_methods, reason = "to measure time is what this is for")]
pub(super) fn now() -> Instant {
    Instant::now()
}

/// One client for each of `states`, until `length` is over. A request that fails ends the whole.
pub(super) async fn load<S, F>(address: SocketAddr, states: Vec<S>, length: Duration, act: F) -> anyhow::Result<Rate>
where
    F: AsyncFn(&mut Client, &mut S) -> anyhow::Result<()>,
{
    let mut clients = Vec::with_capacity(states.len());
    for state in states {
        clients.push((Client::connect(address).await?, state));
    }
    let started = now();
    let act = &act;
    let running = clients.into_iter().map(|(mut client, mut state)| async move {
        let mut times = Vec::new();
        while started.elapsed() < length {
            let sent = now();
            act(&mut client, &mut state).await?;
            times.push(sent.elapsed());
        }
        anyhow::Ok(times)
    });
    let mut times: Vec<Duration> = Vec::new();
    for done in join_all(running).await {
        times.extend(done?);
    }
    let took = started.elapsed();
    times.sort_unstable();
    let p99 = times.get(times.len() * 99 / 100).copied().unwrap_or_default();
    Ok(Rate { requests: times.len(), took, p99 })
}
