//! The threads on which passwords are hashed: as many as were asked for and never more at work, with memory that is used
//! again. Not tokio's blocking threads: those come and go by the hundred, and each that ever hashed leaves an allocator's
//! arena of its own behind, so that a flood grows the process for good.
//!
//! **Under a flood** of logins three things keep the others going. The threads stand back behind those that answer requests
//! (see [`workers`](super::workers)), so that a verified request or a renewal hardly waits for a hash: not one thread fewer
//! than there are cores, which would cost half of the logins on a small machine at all times. Who is not let in is told so at
//! once. And some places are kept for those who have logged in from where they are before ([`as_familiar`]), whom a flood of
//! strangers therefore cannot crowd out.

use super::PasswordError;
use super::hashing::Scratch;
use super::memory::Memory;
use super::workers::Workers;
use crate::hangup;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
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
    workers: Workers,
    memory: Arc<Memory>,
}

impl Pool {
    pub(super) fn new(parallel: usize, waiting: usize) -> Pool {
        let parallel = parallel.clamp(1, Semaphore::MAX_PERMITS);
        let memory = Arc::new(Memory::default());
        let workers = Workers::start(parallel, &memory);
        let started = workers.count();
        let running = Arc::new(Semaphore::new(started));
        if started == 0 {
            tracing::error!("no thread could be started for passwords: every login will fail");
            running.close();
        }
        let admitted = Semaphore::new(parallel.saturating_add(waiting).min(Semaphore::MAX_PERMITS));
        let kept = Semaphore::new(waiting.div_ceil(4).min(Semaphore::MAX_PERMITS));
        Pool { running, admitted: Arc::new(admitted), kept: Arc::new(kept), workers, memory }
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
        let (running, waited) = match Arc::clone(&self.running).try_acquire_owned() {
            Ok(running) => (running, false),
            Err(_) => (self.wait().await?, true),
        };
        let (tell, told) = oneshot::channel();
        let memory = Arc::clone(&self.memory);
        let work = move || {
            let done = catch_unwind(AssertUnwindSafe(|| memory.lend(job))).unwrap_or(Err(PasswordError::Failed));
            drop((admitted, running));
            // Nobody may listen any more.
            let _ = tell.send(done);
        };
        self.workers.put(Box::new(work), waited);
        told.await.unwrap_or(Err(PasswordError::Failed))
    }

    async fn wait(&self) -> Result<OwnedSemaphorePermit, PasswordError> {
        tokio::select! {
            running = Arc::clone(&self.running).acquire_owned() => running.map_err(|_| PasswordError::Failed),
            () = hangup::hung_up() => Err(PasswordError::Abandoned),
        }
    }
}
