//! Many clients, on threads of their own: as fast as they are answered, or at a pace.

use super::client::Client;
use futures_util::future::join_all;
use std::fmt;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// What came of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Rate {
    /// How long each request took, the shortest first.
    times: Vec<Duration>,
    took: Duration,
}

impl Rate {
    pub(super) fn of(mut times: Vec<Duration>, took: Duration) -> Rate {
        times.sort_unstable();
        Rate { times, took }
    }

    pub(super) fn per_sec(&self) -> f64 {
        self.times.len() as f64 / self.took.as_secs_f64()
    }

    pub(super) fn count(&self) -> usize {
        self.times.len()
    }

    /// The time that so many of a hundred did not exceed, in milliseconds.
    pub(super) fn percentile_ms(&self, hundredths: usize) -> f64 {
        let last = self.times.len().saturating_sub(1);
        self.times.get((self.times.len() * hundredths / 100).min(last)).map_or(f64::NAN, |it| it.as_secs_f64() * 1000.0)
    }

    pub(super) fn median(mut rates: Vec<Rate>) -> Rate {
        rates.sort_by(|a, b| a.per_sec().total_cmp(&b.per_sec()));
        let middle = rates.len() / 2;
        if rates.is_empty() { Rate::default() } else { rates.swap_remove(middle) }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0}/s, p99 {:.1} ms", self.per_sec(), self.percentile_ms(99))
    }
}

#[expect(clippy::disallowed_methods, reason = "to measure time is what this is for")]
pub(super) fn now() -> Instant {
    Instant::now()
}

/// How a client goes on.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pace {
    /// When it has its answer.
    AtOnce,
    /// So long after it began the last time, or at once if that is over: a request that should have left earlier is
    /// counted from then on, so that a server which stands still is not measured once for all that it kept waiting.
    Every(Duration),
}

/// One client for each of `states`, until `length` is over, on as many threads as there are cores: one thread alone would
/// be busier than the server that it measures. A request that fails ends the whole.
pub(super) fn load<S, F>(
    address: SocketAddr,
    states: Vec<S>,
    length: Duration,
    pace: Pace,
    act: F,
) -> anyhow::Result<Rate>
where
    S: Send,
    F: AsyncFn(&mut Client, &mut S) -> anyhow::Result<()> + Sync,
{
    let started = now();
    let mut shares: Vec<Vec<(usize, S)>> = (0..super::cores()).map(|_| Vec::new()).collect();
    for (at, state) in states.into_iter().enumerate() {
        let threads = shares.len();
        if let Some(share) = shares.get_mut(at % threads) {
            share.push((at, state));
        }
    }
    let act = &act;
    let times = std::thread::scope(|scope| {
        let work = |share| scope.spawn(move || share_of(address, share, length, pace, act));
        let threads: Vec<_> = shares.into_iter().map(work).collect();
        let joined = threads.into_iter().map(|it| it.join().unwrap_or_else(|_| anyhow::bail!("a thread panicked")));
        joined.collect::<anyhow::Result<Vec<Vec<Duration>>>>()
    });
    Ok(Rate::of(times?.concat(), started.elapsed()))
}

fn share_of<S, F>(
    address: SocketAddr,
    share: Vec<(usize, S)>,
    length: Duration,
    pace: Pace,
    act: &F,
) -> anyhow::Result<Vec<Duration>>
where
    F: AsyncFn(&mut Client, &mut S) -> anyhow::Result<()>,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut clients = Vec::with_capacity(share.len());
        for (at, state) in share {
            clients.push((at, Client::connect(address).await?, state));
        }
        let started = now();
        let running = clients.into_iter().map(|(at, mut client, mut state)| async move {
            let mut times = Vec::new();
            // Not all at once: each begins at another part of the interval.
            let mut due = started + offset(pace, at);
            while started.elapsed() < length {
                let sent = begin(pace, due).await;
                act(&mut client, &mut state).await?;
                times.push(sent.elapsed());
                due += interval(pace);
            }
            anyhow::Ok(times)
        });
        let mut times: Vec<Duration> = Vec::new();
        for done in join_all(running).await {
            times.extend(done?);
        }
        Ok(times)
    })
}

const fn interval(pace: Pace) -> Duration {
    match pace {
        Pace::AtOnce => Duration::ZERO,
        Pace::Every(interval) => interval,
    }
}

fn offset(pace: Pace, at: usize) -> Duration {
    interval(pace).mul_f64((at as f64 * 0.618_034).fract())
}

/// Waits until it is time; from when on the request counts.
async fn begin(pace: Pace, due: Instant) -> Instant {
    if matches!(pace, Pace::AtOnce) {
        return now();
    }
    if now() > due {
        return due;
    }
    tokio::time::sleep_until(due.into()).await;
    // The timer's own lateness is not the server's.
    now()
}
