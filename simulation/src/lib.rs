//! The session under deterministic simulation: some tabs, each an unmodified [`relatch_session::Session`], over one store, one
//! set of locks, one channel, one network and one server, all of them faulty by plan; and the twelve rules of
//! `docs/architecture.md` as checks on everything that happens.
//!
//! A schedule follows from its seed alone: no clock, no thread, no hash map's order. `docs/reliability.md` says what is
//! simulated, and what each check means. This crate is a tool for tests, not part of what is shipped.

mod agenda;
mod app;
mod clock;
mod dice;
mod finish;
mod host;
mod locks;
mod network;
mod plan;
mod rule;
mod rules;
mod server;
mod store;
mod tab;
mod trouble;
mod world;

pub use rule::Rule;

/// A rule that did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which one.
    pub rule: Rule,
    /// What was seen.
    pub what: String,
}

/// How often something happened, so that nobody takes a schedule in which nothing did for a proof.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Calls of the app's that the server carried out.
    pub calls: u64,
    /// Renewals that were sent.
    pub renewals: u64,
    /// Of those, the second ones that a crash, a freeze or a store that did not work excuses.
    pub excused_doubles: u64,
    /// Renewals without attempt key that the server carried out, and whose answer nobody heard.
    pub lost_answers: u64,
    /// Sessions that a server took for stolen; each is excused by one of the above, or a violation.
    pub taken_for_stolen: u64,
    /// Sign-outs, of one tab each.
    pub ends: u64,
    /// Writes that lost against another tab's.
    pub conflicts: u64,
    /// Challenges that were answered, rightly or not.
    pub answers: u64,
    /// Calls that brought something newer for the session.
    pub observed: u64,
}

impl Counts {
    /// Both together.
    pub fn add(&mut self, other: &Counts) {
        self.calls += other.calls;
        self.renewals += other.renewals;
        self.excused_doubles += other.excused_doubles;
        self.lost_answers += other.lost_answers;
        self.taken_for_stolen += other.taken_for_stolen;
        self.ends += other.ends;
        self.conflicts += other.conflicts;
        self.answers += other.answers;
        self.observed += other.observed;
    }
}

/// How a schedule came out.
#[derive(Debug)]
pub struct Run {
    /// How many things happened.
    pub steps: u64,
    /// The first rule that did not hold; the schedule ends there.
    pub violation: Option<Violation>,
    /// What happened how often.
    pub counts: Counts,
    /// All that happened, where that was asked for.
    pub trace: Vec<String>,
}

/// Plays the schedule of that seed; with a host that breaks a rule, if one is named.
pub fn run(seed: u64, broken: Option<Rule>, traced: bool) -> Run {
    let mut world = world::World::new(seed, broken, traced);
    while world.steps < world.plan.steps && world.step() {}
    if world.violation.is_none() {
        world.finish();
    }
    Run { steps: world.steps, trace: world.take_trace(), violation: world.violation, counts: world.counts }
}
