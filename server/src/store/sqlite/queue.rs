//! Writes that share a commit. Each login and each renewal is one statement, and a commit waits for the disk: whoever
//! comes while one is under way is carried by the next, so that a hundred of them wait for the disk once.
//!
//! Not a cache: nobody is told of success before the commit that carries the write has returned.

use super::Revision;
use super::write::Write;
use crate::store::StoreError;
use sqlx::SqliteConnection;
use sqlx::sqlite::SqlitePool;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// At most so many share a commit, so that the first of them does not wait for ever longer batches.
const MOST: usize = 256;

/// Beyond so many that wait, the next ones wait before they are taken in.
const WAITING: usize = 1024;

pub(super) type Running<'c, T> = Pin<Box<dyn Future<Output = Result<T, sqlx::Error>> + Send + 'c>>;

/// A write of one statement, perhaps with its entry in the audit log. One that fails does so because of the database, and
/// takes the others of its batch with it, so that each happens as a whole or not at all.
pub(super) trait Statement: Send + 'static {
    type Output: Send + 'static;

    /// Whether it may end a session or change an account, so that this process has to read the log of changes. One that
    /// may not is a single statement of SQL.
    const IS_LOGGED: bool;

    fn run<'c>(&'c self, connection: &'c mut SqliteConnection) -> Running<'c, Self::Output>;
}

/// Where writes wait. Clones are one queue; it ends with the last of them.
#[derive(Clone, Debug)]
pub(super) struct Queue(mpsc::Sender<Box<dyn Job>>);

impl Queue {
    /// Starts the task that empties the queue.
    pub(super) fn start(writer: SqlitePool, revision: Revision) -> Queue {
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::spawn(carry(receiver, writer, revision));
        Queue(sender)
    }

    /// What the statement returned, once it is on the disk.
    pub(super) async fn write<S: Statement>(&self, statement: S) -> Result<S::Output, StoreError> {
        let (reply, told) = oneshot::channel();
        let job = Asked { statement, output: None, reply };
        self.0.send(Box::new(job)).await.map_err(|_| StoreError::Closed)?;
        told.await.map_err(|_| StoreError::Closed)?.map_err(StoreError::NotCommitted)
    }
}

/// Until the last sender is gone.
async fn carry(mut queue: mpsc::Receiver<Box<dyn Job>>, writer: SqlitePool, revision: Revision) {
    let mut batch = Vec::new();
    while queue.recv_many(&mut batch, MOST).await > 0 {
        let committed = match batch.as_mut_slice() {
            [job] if !job.is_logged() => commit_alone(job.as_mut(), &writer).await,
            batch => commit(batch, &writer, &revision).await,
        };
        let committed = committed.map_err(Arc::new);
        for job in batch.drain(..) {
            job.tell(committed.clone());
        }
    }
}

/// A statement outside of a transaction is one by itself. It takes one turn of the thread that writes rather than three,
/// which is what a renewal waits for where all cores are busy.
async fn commit_alone(job: &mut dyn Job, writer: &SqlitePool) -> Result<(), StoreError> {
    let mut connection = writer.acquire().await?;
    Ok(job.run(&mut connection).await?)
}

async fn commit(batch: &mut [Box<dyn Job>], writer: &SqlitePool, revision: &Revision) -> Result<(), StoreError> {
    let mut transaction = Write::begin(writer, revision).await?;
    for job in batch.iter_mut() {
        job.run(&mut transaction).await?;
    }
    let is_logged = batch.iter().any(|job| job.is_logged());
    Ok(if is_logged { transaction.commit().await } else { transaction.commit_unheard().await }?)
}

/// A statement with whoever waits for it, whatever it returns.
trait Job: Send {
    fn is_logged(&self) -> bool;

    fn run<'c>(&'c mut self, connection: &'c mut SqliteConnection) -> Running<'c, ()>;

    fn tell(self: Box<Self>, committed: Result<(), Arc<StoreError>>);
}

struct Asked<S: Statement> {
    statement: S,
    output: Option<S::Output>,
    reply: oneshot::Sender<Result<S::Output, Arc<StoreError>>>,
}

impl<S: Statement> Job for Asked<S> {
    fn is_logged(&self) -> bool {
        S::IS_LOGGED
    }

    fn run<'c>(&'c mut self, connection: &'c mut SqliteConnection) -> Running<'c, ()> {
        Box::pin(async move {
            self.output = Some(self.statement.run(connection).await?);
            Ok(())
        })
    }

    fn tell(self: Box<Self>, committed: Result<(), Arc<StoreError>>) {
        let Asked { output, reply, .. } = *self;
        let told = committed.and_then(|()| output.ok_or_else(|| Arc::new(StoreError::Closed)));
        // Who has gone meanwhile does not want to know.
        let _ = reply.send(told);
    }
}
