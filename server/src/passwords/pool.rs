//! The threads on which passwords are hashed: as many as were asked for and never more, each with memory of its own
//! that it uses again. Not tokio's blocking threads: those come and go by the hundred, and each that ever hashed leaves
//! an allocator's arena of its own behind, so that a flood grows the process for good.
//!
//! **Under a flood** of logins three things keep the others going. The threads have a lower priority than those that
//! answer requests (on Linux, where threads have one), so that a verified request or a renewal never waits for a hash:
//! not one thread fewer than there are cores, which would cost half of the logins on a small machine at all times. Who is
//! not let in is told so at once. And some places are kept for those who have logged in from where they are before
//! ([`as_familiar`]), whom a flood of strangers therefore cannot crowd out.

use super::PasswordError;
use super::hashing::Scratch;
use crate::hangup;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

tokio::task_local! {
    static IS_FAMILIAR: bool;
}

/// The same work; where it has a password hashed or checked, some places are kept for it if `is_familiar`.
pub(crate) fn as_familiar<F: Future>(is_familiar: bool, work: F) -> impl Future<Output = F::Output> {
    IS_FAMILIAR.scope(is_familiar, work)
}

/// The pool: a place for each who is hashed, and a bounded number of places to wait in.
#[derive(Debug)]
pub(super) struct Pool {
    /// Those who run.
    pub(super) running: Arc<Semaphore>,
    /// Those who run or wait.
    admitted: Arc<Semaphore>,
    /// A quarter as many may wait besides, if they are familiar.
    kept: Arc<Semaphore>,
    bench: Arc<Bench>,
}

/// What the threads take their work from. It holds no more than there are threads, since `running` lets no more in.
#[derive(Debug)]
struct Bench {
    state: Mutex<State>,
    news: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    closed: bool,
}

type Job = Box<dyn FnOnce(&mut Scratch) + Send>;

/// How long a thread keeps its memory for who comes next.
const KEEP: Duration = Duration::from_secs(5);

impl Pool {
    pub(super) fn new(parallel: usize, waiting: usize) -> Pool {
        let parallel = parallel.clamp(1, Semaphore::MAX_PERMITS);
        let bench = Arc::new(Bench { state: Mutex::default(), news: Condvar::new() });
        let started = (0..parallel).filter(|_| start(&bench)).count();
        let running = Arc::new(Semaphore::new(started));
        if started == 0 {
            tracing::error!("no thread could be started for passwords: every login will fail");
            running.close();
        }
        let admitted = Semaphore::new(parallel.saturating_add(waiting).min(Semaphore::MAX_PERMITS));
        let kept = Semaphore::new(waiting.div_ceil(4).min(Semaphore::MAX_PERMITS));
        Pool { running, admitted: Arc::new(admitted), kept: Arc::new(kept), bench }
    }

    fn admit(&self) -> Result<OwnedSemaphorePermit, PasswordError> {
        let is_familiar = IS_FAMILIAR.try_with(|it| *it).unwrap_or_default();
        let admitted = Arc::clone(&self.admitted).try_acquire_owned();
        let admitted =
            if is_familiar { admitted.or_else(|_| Arc::clone(&self.kept).try_acquire_owned()) } else { admitted };
        admitted.map_err(|_| PasswordError::Overloaded)
    }

    /// Runs a job on one of the threads. A caller that gives up while it waits frees its place; once the job runs, the
    /// place is taken until it has ended, whoever still listens.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Scratch) -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let admitted = self.admit()?;
        let running = tokio::select! {
            running = Arc::clone(&self.running).acquire_owned() => running.map_err(|_| PasswordError::Failed)?,
            () = hangup::hung_up() => return Err(PasswordError::Abandoned),
        };
        let (tell, told) = oneshot::channel();
        self.bench.put(work((admitted, running), job, tell));
        told.await.unwrap_or(Err(PasswordError::Failed))
    }
}

fn work<T: Send + 'static>(
    places: (OwnedSemaphorePermit, OwnedSemaphorePermit),
    job: impl FnOnce(&mut Scratch) -> Result<T, PasswordError> + Send + 'static,
    tell: oneshot::Sender<Result<T, PasswordError>>,
) -> Job {
    Box::new(move |scratch| {
        let done = catch_unwind(AssertUnwindSafe(|| job(scratch))).unwrap_or(Err(PasswordError::Failed));
        drop(places);
        // Nobody may listen any more.
        let _ = tell.send(done);
    })
}

fn start(bench: &Arc<Bench>) -> bool {
    let bench = Arc::clone(bench);
    std::thread::Builder::new().name("passwords".into()).spawn(move || bench.labour()).is_ok()
}

/// What the others may have of a core before this thread does: about nine tenths, if they want them (`sched(7)`).
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// Of this thread alone: Linux knows no priority of a process. Elsewhere it would be everybody's, so nothing is done.
fn step_back() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICENESS) {
        tracing::debug!(%error, "passwords are hashed at the usual priority");
    }
}

impl Bench {
    fn put(&self, job: Job) {
        self.state().jobs.push_back(job);
        self.news.notify_one();
    }

    /// One thread's life.
    fn labour(&self) {
        step_back();
        let mut scratch = Scratch::default();
        while let Some(job) = self.next(&mut scratch) {
            job(&mut scratch);
        }
    }

    /// The next job; `None` when the pool is no more. Memory that nobody needed for a while is given back.
    fn next(&self, scratch: &mut Scratch) -> Option<Job> {
        let mut state = self.state();
        let mut warm = true;
        loop {
            if let Some(job) = state.jobs.pop_front() {
                return Some(job);
            }
            if state.closed {
                return None;
            }
            state = if warm {
                let (state, wait) = self.news.wait_timeout(state, KEEP).unwrap_or_else(PoisonError::into_inner);
                if wait.timed_out() {
                    scratch.clear();
                    warm = false;
                }
                state
            } else {
                self.news.wait(state).unwrap_or_else(PoisonError::into_inner)
            };
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.bench.state().closed = true;
        self.bench.news.notify_all();
    }
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("jobs", &self.jobs.len()).finish_non_exhaustive()
    }
}
