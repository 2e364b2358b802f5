//! Why a service did not do what it was asked.

use crate::passwords::PasswordError;
use crate::store::StoreError;
use crate::tokens::TokenError;
use relatch_dialects::{Meaning, Message};
use std::fmt;

/// Not done: because the caller may not, or because the server could not.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The answer that the caller gets, as far as the dialect tells it.
    Told(Message),
    /// Logged once where it is answered; the caller learns no more than that the server failed.
    Failed(Failure),
}

/// The server could not.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("the store failed")]
    Store(#[from] StoreError),
    #[error("a password could not be checked")]
    Password(#[from] PasswordError),
    #[error("a token could not be issued")]
    Token(#[from] TokenError),
    #[error("the dialect's user asks for {0}, which is not known")]
    User(String),
    #[error("a letter could not be put into the outbox")]
    Outbox(#[from] std::io::Error),
}

impl From<Meaning> for Refusal {
    fn from(meaning: Meaning) -> Refusal {
        Refusal::Told(Message::new(meaning))
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Refusal {
        Refusal::Failed(failure)
    }
}

/// So that a service says `?` to whatever fails below it.
macro_rules! failures {
    ($($error:ty),+) => {
        $(impl From<$error> for Refusal {
            fn from(error: $error) -> Refusal {
                Refusal::Failed(error.into())
            }
        })+
    };
}

failures!(StoreError, PasswordError, TokenError, std::io::Error);

impl Failure {
    /// Whether it passes by itself, so that the client had better come back.
    pub(crate) fn is_overload(&self) -> bool {
        matches!(self, Failure::Password(PasswordError::Overloaded))
    }

    /// Whether it passes when somebody makes room on the disk, or another process lets go of the database.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self, Failure::Store(error) if error.is_passing())
    }

    /// Whether nobody hears the answer any more.
    pub(crate) fn is_abandoned(&self) -> bool {
        matches!(self, Failure::Password(PasswordError::Abandoned))
    }
}

/// An error with its causes, in one line of the log: by itself, an error names none.
pub(crate) struct Chain<'a>(pub(crate) &'a dyn std::error::Error);

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut next = self.0.source();
        while let Some(cause) = next {
            write!(f, ": {cause}")?;
            next = cause.source();
        }
        Ok(())
    }
}
