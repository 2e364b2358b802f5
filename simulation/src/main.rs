//! Runs schedules, and says which rules did not hold: `relatch-simulation [--steps=N] [--seed=S] [--broken=RULE]`.

use relatch_simulation::{Counts, Rule, Run, Violation, run};
use std::io::Write;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};

/// How much of a schedule that went wrong is shown; of one that is replayed, this many times as much.
const SHOWN: usize = 60;
const SHOWN_AGAIN: usize = 20;

/// Violations after which nobody reads on.
const ENOUGH: usize = 10;

#[derive(Clone, Default)]
struct Arguments {
    steps: u64,
    seed: Option<u64>,
    broken: Option<Rule>,
}

/// What the schedules came to.
#[derive(Default)]
struct Summary {
    steps: u64,
    schedules: u64,
    counts: Counts,
    violations: Vec<(u64, Violation)>,
}

fn main() -> ExitCode {
    match parse(std::env::args().skip(1)) {
        Ok(arguments) => report(&arguments),
        Err(wrong) => {
            say(&format!("{wrong}; usage: [--steps=N] [--seed=S] [--broken=RULE]"));
            ExitCode::from(2)
        }
    }
}

fn parse(words: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let mut arguments = Arguments { steps: 10_000_000, ..Arguments::default() };
    for word in words {
        let (word, value) = word.split_once('=').ok_or_else(|| format!("{word} needs a value"))?;
        let number = || value.replace('_', "").parse().map_err(|_| format!("{value} is no number"));
        match word {
            "--steps" => arguments.steps = number()?,
            "--seed" => arguments.seed = Some(number()?),
            "--broken" => arguments.broken = Some(Rule::parse(value).ok_or(format!("{value} is no rule"))?),
            _ => return Err(format!("{word} is unknown")),
        }
    }
    Ok(arguments)
}

/// One schedule, if a seed is given; else schedules from seed 0 on, until there were so many steps.
fn report(arguments: &Arguments) -> ExitCode {
    let summary = match arguments.seed {
        Some(seed) => {
            let mut summary = Summary::default();
            summary.add(seed, run(seed, arguments.broken, false));
            summary
        }
        None => run_many(arguments),
    };
    let shown = if arguments.seed.is_some() { SHOWN * SHOWN_AGAIN } else { SHOWN };
    for (seed, violation) in summary.violations.iter().take(ENOUGH) {
        explain(*seed, violation, arguments.broken, shown);
    }
    say(&format!("{:?}", summary.counts));
    say(&format!("{} steps, {} schedules, {} violations", summary.steps, summary.schedules, summary.violations.len()));
    if summary.violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Each schedule is one thread's alone; which of the two plays it makes no difference to it.
fn run_many(arguments: &Arguments) -> Summary {
    let (seeds, steps) = (AtomicU64::new(0), AtomicU64::new(0));
    let work = || {
        let mut summary = Summary::default();
        while steps.load(Ordering::Relaxed) < arguments.steps && summary.violations.len() < ENOUGH {
            let seed = seeds.fetch_add(1, Ordering::Relaxed);
            let run = run(seed, arguments.broken, false);
            steps.fetch_add(run.steps, Ordering::Relaxed);
            summary.add(seed, run);
        }
        summary
    };
    let mut summary = Summary::default();
    std::thread::scope(|scope| {
        let other = scope.spawn(work);
        summary.join(work());
        if let Ok(others) = other.join() {
            summary.join(others);
        }
    });
    summary.violations.sort_by_key(|it| it.0);
    summary
}

impl Summary {
    fn add(&mut self, seed: u64, run: Run) {
        self.steps += run.steps;
        self.schedules += 1;
        self.counts.add(&run.counts);
        self.violations.extend(run.violation.map(|it| (seed, it)));
    }

    fn join(&mut self, other: Summary) {
        self.steps += other.steps;
        self.schedules += other.schedules;
        self.counts.add(&other.counts);
        self.violations.extend(other.violations);
    }
}

fn explain(seed: u64, violation: &Violation, broken: Option<Rule>, shown: usize) {
    let trace = run(seed, broken, true).trace;
    for line in trace.iter().skip(trace.len().saturating_sub(shown)) {
        say(line);
    }
    say(&format!("seed {seed} violates {}: {}", violation.rule.name(), violation.what));
    let broken = broken.map(|it| format!(" --broken {}", it.name())).unwrap_or_default();
    say(&format!("replay: cargo xtask simulate --seed {seed}{broken}\n"));
}

fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
