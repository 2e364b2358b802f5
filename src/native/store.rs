//! Where a native session is kept between runs.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Keeps one text. Its methods may block: they are called on threads that are made for it.
pub trait Store: Send + Sync {
    /// The text that was saved last; `None` if there is none.
    ///
    /// # Errors
    /// Whatever keeps the store from being read. The session then goes on in memory.
    fn load(&self) -> io::Result<Option<String>>;

    /// Keeps `text` in place of the one before, wholly or not at all, if that still is `seen`. What was there before, in either
    /// case.
    ///
    /// # Errors
    /// Whatever keeps the store from being written. The session then goes on in memory.
    fn replace(&self, seen: Option<&str>, text: &str) -> io::Result<Option<String>>;

    /// Whether other processes may have a session in the same store. They then agree through it which of them renews.
    fn is_shared(&self) -> bool {
        true
    }
}

/// Keeps the session as long as the program runs.
#[derive(Default)]
pub struct MemoryStore(Mutex<Option<String>>);

impl Store for MemoryStore {
    fn load(&self) -> io::Result<Option<String>> {
        Ok(self.0.lock().map_err(poisoned)?.clone())
    }

    fn replace(&self, seen: Option<&str>, text: &str) -> io::Result<Option<String>> {
        let mut kept = self.0.lock().map_err(poisoned)?;
        let found = kept.clone();
        if found.as_deref() == seen {
            *kept = Some(text.into());
        }
        Ok(found)
    }

    fn is_shared(&self) -> bool {
        false
    }
}

fn poisoned<T>(_: T) -> io::Error {
    io::Error::other("another thread panicked while it held the store")
}

/// Keeps the session in a file that only its owner can read (on Unix). Written beside and renamed, so that a crash
/// leaves the old text or the new one.
pub struct FileStore(PathBuf);

impl FileStore {
    /// A store in that file; its folder has to exist.
    pub fn new(path: impl AsRef<Path>) -> FileStore {
        FileStore(path.as_ref().to_path_buf())
    }
}

impl Store for FileStore {
    fn load(&self) -> io::Result<Option<String>> {
        match fs::read_to_string(&self.0) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Under a lock of the file `<name>.lock` beside, which no process takes longer than for this.
    fn replace(&self, seen: Option<&str>, text: &str) -> io::Result<Option<String>> {
        let lock = create_private(&self.beside(".lock"))?;
        lock.lock()?;
        let found = self.load()?;
        if found.as_deref() == seen {
            self.write(text)?;
        }
        Ok(found)
    }
}

impl FileStore {
    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = OsString::from(&self.0);
        name.push(ending);
        name.into()
    }

    fn write(&self, text: &str) -> io::Result<()> {
        let beside = self.beside(".new");
        let mut file = create_private(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, &self.0)
    }
}

fn create_private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_store_gives_back_what_it_was_given_and_only_to_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let store = FileStore::new(folder.path().join("session.json"));
        assert_eq!(store.load().unwrap(), None);
        assert_eq!(store.replace(None, "one").unwrap(), None);
        assert_eq!(store.replace(Some("one"), "two").unwrap().as_deref(), Some("one"));
        assert_eq!(store.load().unwrap().as_deref(), Some("two"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.path().join("session.json")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_file_store_that_cannot_be_written_says_so() {
        let store = FileStore::new("/nowhere/at/all/session.json");
        assert!(store.replace(None, "text").is_err());
    }

    #[test]
    fn of_processes_that_write_at_once_over_the_same_text_one_wins() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("session.json");
        let path = &path;
        let wins = std::thread::scope(|scope| {
            let write =
                |text: String| scope.spawn(move || FileStore::new(path).replace(None, &text).unwrap().is_none());
            let threads: Vec<_> = (0..8).map(|it| write(it.to_string())).collect();
            threads.into_iter().map(|it| it.join().unwrap()).filter(|it| *it).count()
        });
        assert_eq!(wins, 1);
    }
}
