//! What is wrong with a configuration, told so that its author can mend it.

use std::fmt;
use std::path::{Path, PathBuf};

/// One fault: which key, and what was expected there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFault {
    /// The key's path, such as `realm[1].mount`; empty for the file as a whole.
    pub key: String,
    /// What is wrong and what was expected. Never the value of a secret.
    pub reason: String,
}

impl ConfigFault {
    pub(super) fn new(key: &str, reason: impl Into<String>) -> ConfigFault {
        ConfigFault { key: key.into(), reason: reason.into() }
    }

    /// TOML that is none. The error's own text shows the offending line, which may hold a secret, so that only
    /// its message and place are taken.
    pub(super) fn syntax(error: &toml::de::Error, text: &str) -> ConfigFault {
        let before = error.span().and_then(|it| text.get(..it.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        ConfigFault::new("", format!("line {line} is not TOML: {}", error.message()))
    }
}

impl fmt::Display for ConfigFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.key.is_empty() { f.write_str(&self.reason) } else { write!(f, "{}: {}", self.key, self.reason) }
    }
}

/// Every fault of a configuration file, one a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The file.
    pub file: PathBuf,
    /// Its faults, at least one.
    pub faults: Vec<ConfigFault>,
}

impl ConfigError {
    pub(super) fn new(file: &Path, faults: Vec<ConfigFault>) -> ConfigError {
        ConfigError { file: file.into(), faults }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, fault) in self.faults.iter().enumerate() {
            let separator = if at == 0 { "" } else { "\n" };
            write!(f, "{separator}{}: {fault}", self.file.display())?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}
