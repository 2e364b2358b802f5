//! Letters to the owners of accounts. This server delivers none itself: a file is what any mailer can follow, and a
//! mail protocol is not this server's business. The codes in letters are secrets, and never go to the log.

use crate::account::Account;
use serde::Serialize;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use tokio::fs::OpenOptions;
use tokio::io::AsyncWriteExt;

/// A letter.
///
/// `Debug` leaves the code out.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Letter {
    /// What it is about: `validation` or `password-reset`.
    pub kind: &'static str,
    /// When it was written, in milliseconds since the Unix epoch.
    pub at_ms: i64,
    /// The realm of the account.
    pub realm: String,
    /// The account's username, if it has one.
    pub username: Option<String>,
    /// Its email address, if it has one.
    pub email: Option<String>,
    /// Its phone number, if it has one.
    pub phone: Option<String>,
    /// The code that the owner is to bring back.
    pub code: String,
}

impl Letter {
    pub(super) fn validation(account: &Account, code: &str, at_ms: i64) -> Letter {
        Letter::of("validation", account, code, at_ms)
    }

    pub(super) fn password_reset(account: &Account, code: &str, at_ms: i64) -> Letter {
        Letter::of("password-reset", account, code, at_ms)
    }

    fn of(kind: &'static str, account: &Account, code: &str, at_ms: i64) -> Letter {
        Letter {
            kind,
            at_ms,
            realm: account.realm.clone(),
            username: account.username.clone(),
            email: account.email.clone(),
            phone: account.phone.clone(),
            code: code.into(),
        }
    }
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter").field("kind", &self.kind).field("realm", &self.realm).finish_non_exhaustive()
    }
}

/// A letter on its way.
pub type Sending<'a> = Pin<Box<dyn Future<Output = io::Result<()>> + Send + 'a>>;

/// Where letters go.
pub trait Outbox: Send + Sync {
    /// Takes a letter.
    ///
    /// # Errors
    /// If it could not be kept; the caller is told that the server failed, and may try again.
    fn send(&self, letter: Letter) -> Sending<'_>;
}

/// A file with one JSON object a line, readable by its owner only.
#[derive(Clone, Debug)]
pub struct FileOutbox(PathBuf);

impl FileOutbox {
    /// An outbox that appends to that file, which is made with the first letter.
    pub const fn new(file: PathBuf) -> FileOutbox {
        FileOutbox(file)
    }

    async fn append(&self, letter: &Letter) -> io::Result<()> {
        let mut line = serde_json::to_vec(letter)?;
        line.push(b'\n');
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        options.mode(0o600);
        let mut file = options.open(&self.0).await?;
        // In one piece, so that letters of two tasks do not mix.
        file.write_all(&line).await?;
        file.flush().await
    }
}

impl Outbox for FileOutbox {
    fn send(&self, letter: Letter) -> Sending<'_> {
        Box::pin(async move { self.append(&letter).await })
    }
}

/// An outbox in memory, for demos and tests. It keeps the newest hundred letters.
#[derive(Debug, Default)]
pub struct MemoryOutbox(Mutex<Vec<Letter>>);

impl MemoryOutbox {
    const CAPACITY: usize = 100;

    /// The letters of a realm, the oldest first.
    pub fn letters(&self, realm: &str) -> Vec<Letter> {
        let letters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        letters.iter().filter(|it| it.realm == realm).cloned().collect()
    }

    /// Forgets every letter.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Outbox for MemoryOutbox {
    fn send(&self, letter: Letter) -> Sending<'_> {
        let mut letters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if letters.len() == MemoryOutbox::CAPACITY {
            letters.remove(0);
        }
        letters.push(letter);
        Box::pin(std::future::ready(Ok(())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(code: &str) -> Letter {
        let (email, realm) = (Some("nova@example.com".into()), "gatego".into());
        Letter { kind: "validation", at_ms: 7, realm, username: None, email, phone: None, code: code.into() }
    }

    #[tokio::test]
    async fn a_file_gets_a_line_for_each_letter_and_is_its_owners_alone() {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("outbox.jsonl");
        let outbox = FileOutbox::new(file.clone());
        outbox.send(letter("one")).await.expect("to be kept");
        outbox.send(letter("two")).await.expect("to be kept");
        let text = std::fs::read_to_string(&file).expect("a file");
        let line = |code| {
            format!(
                r#"{{"kind":"validation","at_ms":7,"realm":"gatego","username":null,"email":"nova@example.com","phone":null,"code":"{code}"}}"#
            )
        };
        assert_eq!(text.lines().collect::<Vec<_>>(), [line("one"), line("two")]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn debug_does_not_show_the_code() {
        assert!(!format!("{:?}", letter("secret")).contains("secret"));
    }

    #[tokio::test]
    async fn memory_keeps_the_newest_letters_of_each_realm() {
        let outbox = MemoryOutbox::default();
        for number in 0..=MemoryOutbox::CAPACITY {
            outbox.send(letter(&number.to_string())).await.expect("to be kept");
        }
        let letters = outbox.letters("gatego");
        assert_eq!((letters.len(), letters[0].code.as_str()), (MemoryOutbox::CAPACITY, "1"));
        assert!(outbox.letters("integra").is_empty());
        outbox.clear();
        assert!(outbox.letters("gatego").is_empty());
    }
}
