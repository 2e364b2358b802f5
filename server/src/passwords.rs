//! Passwords: hashing and checking, on threads of their own and never more at once than the machine can bear.
//! No account, no store: what a wrong password means is decided elsewhere.
//!
//! How to add a hash that verifies: a variant of `stored::Stored`, its arithmetic in `hashing`, its share in `cost`.

mod common;
mod cost;
mod foreign;
mod hashing;
mod memory;
mod policy;
mod pool;
mod scheme;
mod stored;
#[cfg(test)]
mod tests;
mod workers;

pub use cost::FailureCost;
pub use foreign::{HashFault, adopt_hash, check_hash};
pub use policy::{PasswordPolicy, PolicyFault};
pub use scheme::PasswordScheme;

use crate::account::PasswordHash;
use pool::Pool;
pub(crate) use pool::as_familiar;
use std::sync::Arc;
use stored::Stored;
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
    /// Whoever asked has hung up while the password was waiting; nobody hears the answer.
    #[error("the client hung up while its password was waiting")]
    Abandoned,
    /// The hashing itself failed, or its thread did.
    #[error("the password could not be hashed")]
    Failed,
}

/// The pool. Clones share it; its threads end with the last one.
#[derive(Clone, Debug)]
pub struct Passwords {
    pool: Arc<Pool>,
}

impl Passwords {
    /// A pool that hashes `parallel` passwords at once, each on a thread of its own, while at most `waiting` more wait.
    pub fn new(parallel: usize, waiting: usize) -> Passwords {
        Passwords { pool: Arc::new(Pool::new(parallel, waiting)) }
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// [`PasswordError::Malformed`], [`PasswordError::TooLong`] for bcrypt, [`PasswordError::Overloaded`],
    /// [`PasswordError::Abandoned`], [`PasswordError::Failed`].
    pub async fn hash(&self, password: &str, scheme: PasswordScheme) -> Result<PasswordHash, PasswordError> {
        scheme.accepts(password)?;
        let password = Zeroizing::new(password.to_owned());
        self.pool.run(move |scratch| hashing::hash(scratch, &password, scheme)).await
    }

    /// Whether the password is the one that was hashed. One of more than 72 bytes never fits a bcrypt hash:
    /// none was ever stored, and a foreign one that was cut off cannot be told from its beginning.
    ///
    /// # Errors
    /// [`PasswordError::UnknownHash`], [`PasswordError::Overloaded`], [`PasswordError::Abandoned`],
    /// [`PasswordError::Failed`].
    pub async fn verify(&self, password: &str, stored: &PasswordHash) -> Result<bool, PasswordError> {
        let stored = Stored::read(&stored.0).ok_or(PasswordError::UnknownHash)?;
        let password = Zeroizing::new(password.to_owned());
        self.pool.run(move |scratch| hashing::verify(scratch, &password, &stored)).await
    }

    /// The same, on a path that takes as long whoever asks. Unless the password fits and `welcome` says that its owner
    /// may come in, the whole `cost` is worked off: for somebody who does not exist (`stored` is `None`), is shut out, or
    /// has a cheaper hash than the dearest.
    ///
    /// # Errors
    /// As [`verify`](Self::verify) has them.
    pub async fn check(
        &self,
        password: &str,
        stored: Option<&PasswordHash>,
        welcome: bool,
        cost: FailureCost,
    ) -> Result<bool, PasswordError> {
        let stored = stored.map(|it| Stored::read(&it.0).ok_or(PasswordError::UnknownHash)).transpose()?;
        let password = Zeroizing::new(password.to_owned());
        let job = move |scratch: &mut _| {
            let fits = stored.as_ref().map_or(Ok(false), |it| hashing::verify(scratch, &password, it))?;
            if !(fits && welcome) {
                cost.work_off(scratch, stored.as_ref());
            }
            Ok(fits)
        };
        self.pool.run(job).await
    }
}
