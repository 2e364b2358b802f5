//! Whether the time that a failed login takes tells why it failed.
//!
//! Every case is asked once a round, in an order that is drawn anew each time, so that what else the machine does hits
//! all of them alike. Each pair of cases is then compared by two tests (`statistics`), and the level of 1 % is divided by
//! their number (Bonferroni). Two cases of one kind ("wrong password" twice) are among them: they show what chance does.
//! That the tests would see a leak is shown by making one: `--leak-us 300` has unknown users wait that much longer.
//!
//! Times are never asserted by the project's tests: this is a program to be run on a quiet machine.

mod scene;
mod statistics;

use clap::Parser;
use rand::seq::SliceRandom;
use scene::Scene;
use statistics::{compare, median};
use std::error::Error;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use tower::ServiceExt;

/// Whether the time of a failed login tells why it failed.
#[derive(Debug, Parser)]
struct Arguments {
    /// Samples of each case.
    #[arg(long, default_value_t = 1000)]
    rounds: usize,
    /// How much longer unknown users wait, to see that it would be seen.
    #[arg(long, default_value_t = 0)]
    leak_us: u64,
}

/// The chance, over all tests of a realm, to find a difference where there is none.
const LEVEL: f64 = 0.01;

const WARM_UP: usize = 20;

#[tokio::main(worker_threads = 1)]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments = Arguments::parse();
    let directory = tempfile::tempdir()?;
    let mut leaks = 0;
    for scene in scene::all(directory.path()).await? {
        let samples = samples(&scene, &arguments).await?;
        leaks += report(&scene, &samples);
    }
    Ok(if leaks == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Milliseconds of each case.
async fn samples(scene: &Scene, arguments: &Arguments) -> Result<Vec<Vec<f64>>, Box<dyn Error>> {
    let mut samples = vec![Vec::with_capacity(arguments.rounds); scene.cases.len()];
    let mut order: Vec<usize> = (0..scene.cases.len()).collect();
    for round in 0..arguments.rounds + WARM_UP {
        order.shuffle(&mut rand::rng());
        for &at in &order {
            let leak = if at == 0 { Duration::from_micros(arguments.leak_us) } else { Duration::ZERO };
            let took = time(scene, at, leak).await?;
            if let Some(sample) = samples.get_mut(at).filter(|_| round >= WARM_UP) {
                sample.push(took.as_secs_f64() * 1000.0);
            }
        }
    }
    Ok(samples)
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
async fn time(scene: &Scene, at: usize, leak: Duration) -> Result<Duration, Box<dyn Error>> {
    let (router, request) = scene.request(scene.cases.get(at).ok_or("no such case")?)?;
    let start = Instant::now();
    let answer = router.oneshot(request).await?;
    let answered = start.elapsed();
    while leak > Duration::ZERO && start.elapsed() < answered + leak {}
    let took = start.elapsed();
    drop(answer);
    Ok(if leak > Duration::ZERO { took } else { answered })
}

/// Prints the table of a realm; how many pairs can be told apart.
#[expect(clippy::print_stdout, reason = "the table is what the program is for")]
fn report(scene: &Scene, samples: &[Vec<f64>]) -> usize {
    let names: Vec<&str> = scene.cases.iter().map(|it| it.name).collect();
    println!("\n{}: {} samples of each", scene.name, samples.first().map_or(0, Vec::len));
    for (name, sample) in names.iter().zip(samples) {
        println!("  {name:<32} median {:8.3} ms", median(sample));
    }
    let pairs: Vec<(usize, usize)> = (0..names.len()).flat_map(|a| (a + 1..names.len()).map(move |b| (a, b))).collect();
    let level = LEVEL / (2 * pairs.len()) as f64;
    let mut leaks = 0;
    for (a, b) in pairs {
        let (Some(first), Some(second)) = (samples.get(a), samples.get(b)) else { continue };
        let verdict = compare(first, second);
        let told_apart = verdict.p_rank < level || verdict.p_shape < level;
        leaks += usize::from(told_apart);
        println!(
            "  {:<32} {:<32} U p={:<8.4} KS p={:<8.4} AUC {:.3}{}",
            names.get(a).unwrap_or(&""),
            names.get(b).unwrap_or(&""),
            verdict.p_rank,
            verdict.p_shape,
            verdict.auc,
            if told_apart { "  TOLD APART" } else { "" }
        );
    }
    println!("  level of each test: {level:.5}; pairs told apart: {leaks}");
    leaks
}
