//! The threads themselves, and what they take their work from.
//!
//! There are two crews. **The steady** has a lower priority than the threads that answer requests. **The yielding** runs only
//! where nobody else wants to, and works when there is more to do than there are places, that is in a flood. (On Linux, where
//! threads have a priority; elsewhere both are alike.) A lower priority alone does not do for that: the scheduler may let
//! whoever runs go on for two of its ticks before one that wakes, such as the kernel's worker that a commit to the disk
//! waits for, and a renewal came to take six times as long. The yielding crew alone would not do either: beside a neighbour
//! that keeps all cores busy it gets next to nothing. So one that finds itself so is left alone for a while.

use super::memory::{KEEP, Memory};
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

pub(super) type Job = Box<dyn FnOnce() + Send>;

/// How long the yielding crew is left alone once it has been starved.
const ALONE: Duration = Duration::from_secs(30);

/// The threads, which end with this. As many of them work as the pool lets in: never more than there are in a crew.
#[derive(Debug)]
pub(super) struct Workers {
    steady: Arc<Bench>,
    yielding: Arc<Bench>,
    count: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Crew {
    Steady,
    Yielding,
}

/// What a crew takes its work from.
#[derive(Debug)]
struct Bench {
    crew: Crew,
    state: Mutex<State>,
    news: Condvar,
    memory: Arc<Memory>,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    starved: Option<Instant>,
    closed: bool,
}

impl Workers {
    /// As many threads in each crew, or as many as can be had.
    pub(super) fn start(most: usize, memory: &Arc<Memory>) -> Workers {
        let [steady, yielding] = [Crew::Steady, Crew::Yielding].map(|crew| {
            let (state, news, memory) = (Mutex::default(), Condvar::new(), Arc::clone(memory));
            Arc::new(Bench { crew, state, news, memory })
        });
        let pairs = (0..most).take_while(|_| start(&steady) && start(&yielding)).count();
        Workers { steady, yielding, count: pairs }
    }

    /// How many may be at work at once.
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// Has a job done. `waited` tells whether there was no place for it at first.
    pub(super) fn put(&self, job: Job, waited: bool) {
        let bench = if waited && !self.yielding.is_starved() { &self.yielding } else { &self.steady };
        bench.state().jobs.push_back(job);
        bench.news.notify_one();
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        for bench in [&self.steady, &self.yielding] {
            bench.state().closed = true;
            bench.news.notify_all();
        }
    }
}

fn start(bench: &Arc<Bench>) -> bool {
    let bench = Arc::clone(bench);
    std::thread::Builder::new().name("passwords".into()).spawn(move || bench.labour()).is_ok()
}

impl Bench {
    /// One thread's life.
    fn labour(&self) {
        step_back(self.crew);
        while let Some(job) = self.next() {
            let began = (Instant::now(), processor_time());
            job();
            if self.crew == Crew::Yielding && was_starved(began) {
                self.state().starved = Some(Instant::now());
            }
        }
    }

    /// The next job; `None` when the pool is no more. A thread that has nothing to do for a while tidies up.
    fn next(&self) -> Option<Job> {
        let is_idle = |state: &mut State| state.jobs.is_empty() && !state.closed;
        let waiting = self.news.wait_timeout_while(self.state(), KEEP, is_idle);
        let (mut state, waited) = waiting.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            self.memory.tidy();
            state = self.news.wait_while(state, is_idle).unwrap_or_else(PoisonError::into_inner);
        }
        state.jobs.pop_front()
    }

    fn is_starved(&self) -> bool {
        self.state().starved.is_some_and(|it| it.elapsed() < ALONE)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("jobs", &self.jobs.len()).finish_non_exhaustive()
    }
}

/// Of this thread alone (`sched(7)`): Linux knows no priority of a process. Elsewhere it would be everybody's, so nothing is
/// done.
#[cfg(target_os = "linux")]
fn step_back(crew: Crew) {
    use thread_priority::unix::{NormalThreadSchedulePolicy, ThreadSchedulePolicy};
    use thread_priority::{ThreadPriority, set_thread_priority_and_policy, thread_native_id};

    let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
    let done = match crew {
        // What the others may have of a core before it does: about nine tenths, if they want them.
        Crew::Steady => rustix::process::nice(10).map(drop).map_err(|it| it.to_string()),
        Crew::Yielding => {
            set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, idle).map_err(|it| it.to_string())
        }
    };
    if let Err(error) = done {
        tracing::debug!(error, ?crew, "passwords are hashed at the usual priority");
    }
}

#[cfg(not(target_os = "linux"))]
const fn step_back(_: Crew) {}

/// The processor time that this thread has used.
#[cfg(target_os = "linux")]
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

#[cfg(not(target_os = "linux"))]
const fn processor_time() -> Duration {
    Duration::ZERO
}

/// Whether the work took far longer than the processor needed for it.
fn was_starved((began, used): (Instant, Duration)) -> bool {
    let worked = processor_time().saturating_sub(used);
    cfg!(target_os = "linux") && began.elapsed() > 8 * worked.max(Duration::from_millis(1))
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::{Instant, Memory, Workers};
    use std::sync::{Arc, mpsc};

    const OTHER: &str = "0";
    const IDLE: &str = "5";

    /// The policy of the thread that does a job (`proc(5)`: field 41).
    fn policy(workers: &Workers, waited: bool) -> String {
        let (tell, told) = mpsc::channel();
        let job = move || tell.send(std::fs::read_to_string("/proc/thread-self/stat").unwrap()).unwrap();
        workers.put(Box::new(job), waited);
        let stat = told.recv().unwrap();
        // The second field is the thread's name, in parentheses.
        let (_, fields) = stat.rsplit_once(") ").unwrap();
        fields.split(' ').nth(38).unwrap().to_owned()
    }

    #[test]
    fn who_had_to_wait_is_hashed_where_nobody_else_wants_to_unless_that_starves() {
        let workers = Workers::start(1, &Arc::new(Memory::default()));
        assert_eq!(policy(&workers, false), OTHER);
        assert_eq!(policy(&workers, true), IDLE);
        workers.yielding.state().starved = Some(Instant::now());
        assert_eq!(policy(&workers, true), OTHER);
    }
}
