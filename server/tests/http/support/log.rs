//! The log of the whole test run, everything that anybody says included. One for all tests: a subscriber for a single
//! test is not reliable beside others that run at once, since what is enabled is remembered per process.

use std::io::{self, Write};
use std::sync::{Mutex, Once, PoisonError};

static TEXT: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static START: Once = Once::new();

struct Writer;

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        TEXT.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Starts logging, once.
pub(super) fn start() {
    START.call_once(|| {
        let builder = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
        builder.with_writer(|| Writer).init();
    });
}

/// Everything that was logged so far, by every test.
pub(crate) fn log_text() -> String {
    String::from_utf8(TEXT.lock().unwrap_or_else(PoisonError::into_inner).clone()).expect("UTF-8")
}
