//! Passwords: hashing and checking, on threads of their own and never more at once than the machine can bear.
//! No account, no store: what a wrong password means is decided elsewhere.

mod hashing;
mod scheme;
#[cfg(test)]
mod tests;

pub use scheme::{HashFault, PasswordScheme, check_hash};

use crate::account::PasswordHash;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

/// Why a password was not hashed or checked.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PasswordError {
    /// bcrypt looks at the first 72 bytes only; a longer password would be cut off unseen, so it is refused.
    #[error("a password may have at most 72 bytes where bcrypt is used; this one has {0}")]
    TooLong(usize),
    /// There is no such password as an empty one, or one with a NUL in it (bcrypt ends a password there).
    #[error("a password has at least one character, and no NUL")]
    Malformed,
    /// The stored hash is of no kind that this server knows.
    #[error("the stored password hash cannot be read")]
    UnknownHash,
    /// Too many passwords are waiting already: answer 503, and let the client try again in a while.
    #[error("too many passwords are waiting to be checked")]
    Overloaded,
    /// The hashing itself failed, or its thread did.
    #[error("the password could not be hashed")]
    Failed,
}

/// The pool. Clones share it.
#[derive(Clone, Debug)]
pub struct Passwords {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// Those who run.
    running: Arc<Semaphore>,
    /// Those who run or wait.
    admitted: Arc<Semaphore>,
    /// A hash per scheme that no password fits.
    dummies: Mutex<HashMap<PasswordScheme, PasswordHash>>,
}

impl Passwords {
    /// A pool that hashes `parallel` passwords at once while at most `waiting` more wait.
    pub fn new(parallel: usize, waiting: usize) -> Passwords {
        let parallel = parallel.max(1);
        Passwords {
            shared: Arc::new(Shared {
                running: Arc::new(Semaphore::new(parallel)),
                admitted: Arc::new(Semaphore::new(parallel.saturating_add(waiting).min(Semaphore::MAX_PERMITS))),
                dummies: Mutex::default(),
            }),
        }
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// [`PasswordError::Malformed`], [`PasswordError::TooLong`] for bcrypt, [`PasswordError::Overloaded`],
    /// [`PasswordError::Failed`].
    pub async fn hash(&self, password: &str, scheme: PasswordScheme) -> Result<PasswordHash, PasswordError> {
        scheme.accepts(password)?;
        let password = Zeroizing::new(password.to_owned());
        self.run(move || hashing::hash(&password, scheme)).await
    }

    /// Whether the password is the one that was hashed. One of more than 72 bytes never fits a bcrypt hash:
    /// none was ever stored, and a foreign one that was cut off cannot be told from its beginning.
    ///
    /// # Errors
    /// [`PasswordError::UnknownHash`], [`PasswordError::Overloaded`], [`PasswordError::Failed`].
    pub async fn verify(&self, password: &str, stored: &PasswordHash) -> Result<bool, PasswordError> {
        let (password, stored) = (Zeroizing::new(password.to_owned()), stored.clone());
        self.run(move || hashing::verify(&password, &stored)).await
    }

    /// Takes as long as [`verify`](Self::verify) does against a hash of that scheme: for a login of somebody
    /// who does not exist, so that time does not tell.
    ///
    /// # Errors
    /// [`PasswordError::Overloaded`], [`PasswordError::Failed`].
    pub async fn verify_dummy(&self, password: &str, scheme: PasswordScheme) -> Result<(), PasswordError> {
        let (password, shared) = (Zeroizing::new(password.to_owned()), Arc::clone(&self.shared));
        self.run(move || {
            let dummy = shared.dummy(scheme)?;
            hashing::verify(&password, &dummy)
        })
        .await
        .map(|_| ())
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let admitted = Arc::clone(&self.shared.admitted).try_acquire_owned().map_err(|_| PasswordError::Overloaded)?;
        let running = Arc::clone(&self.shared.running).acquire_owned().await.map_err(|_| PasswordError::Failed)?;
        // The permits go along: a caller that gives up must not free a place while its thread still works.
        let job = tokio::task::spawn_blocking(move || {
            let _permits = (admitted, running);
            work()
        });
        job.await.unwrap_or(Err(PasswordError::Failed))
    }
}

impl Shared {
    fn dummy(&self, scheme: PasswordScheme) -> Result<PasswordHash, PasswordError> {
        let mut dummies = self.dummies.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(dummy) = dummies.get(&scheme) {
            return Ok(dummy.clone());
        }
        let dummy = hashing::dummy(scheme)?;
        dummies.insert(scheme, dummy.clone());
        Ok(dummy)
    }
}
