//! A transaction that writes.

use super::Revision;
use super::record::Record;
use crate::store::StoreError;
use sqlx::sqlite::{Sqlite, SqliteConnection, SqlitePool};
use sqlx::{Error, Transaction};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A transaction whose commit is heard of in this process. Dropped before that, it is rolled back.
#[derive(Debug)]
pub(super) struct Write {
    transaction: Transaction<'static, Sqlite>,
    revision: Revision,
    record: Option<Record>,
}

impl Write {
    /// Holds the write lock from its beginning: a transaction that began as a reader could find, at its first write,
    /// that it must not go on.
    pub(super) async fn begin(writer: &SqlitePool, revision: &Revision) -> Result<Write, StoreError> {
        let began = match begin(writer).await {
            Err(Error::InvalidSavePointStatement) => {
                replace(writer).await?;
                begin(writer).await
            }
            began => began,
        };
        Ok(Write { transaction: began?, revision: revision.clone(), record: None })
    }

    /// The same with an entry of the audit log, which is added when it commits.
    pub(super) fn recorded_by(self, record: Option<&Arc<Record>>) -> Write {
        Write { record: record.map(|it| Record::clone(it)), ..self }
    }

    /// The entry that is to be added, for what becomes known only now.
    pub(super) const fn record(&mut self) -> Option<&mut Record> {
        self.record.as_mut()
    }

    /// On the disk when it returns. An error leaves it open whether a crash would bring the transaction back; without
    /// a crash, it is gone.
    pub(super) async fn commit(mut self) -> Result<(), Error> {
        if let Some(record) = self.record.take() {
            record.append(&mut self.transaction).await?;
        }
        let revision = self.revision.clone();
        let done = self.commit_unheard().await;
        revision.advance();
        done
    }

    /// The same if something was changed; else it is rolled back. Whether it was.
    pub(super) async fn commit_if(self, has_changed: bool) -> Result<bool, StoreError> {
        if has_changed { self.commit().await } else { self.transaction.rollback().await }?;
        Ok(has_changed)
    }

    /// [`commit`](Self::commit) for what ends no session and changes no account, so that nobody reads the log of changes
    /// in vain. No act, so that it has no entry.
    pub(super) async fn commit_unheard(self) -> Result<(), Error> {
        self.transaction.commit().await
    }
}

async fn begin(writer: &SqlitePool) -> Result<Transaction<'static, Sqlite>, Error> {
    writer.begin_with("BEGIN IMMEDIATE").await
}

/// SQLite rolls back by itself when the disk is full or fails; sqlx does not hear of it, tries to roll back what is no
/// more, and takes the connection for one inside a transaction ever after.
async fn replace(writer: &SqlitePool) -> Result<(), Error> {
    tracing::warn!("the connection that writes is opened anew");
    writer.acquire().await?.close().await
}

impl Deref for Write {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.transaction
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.transaction
    }
}
