//! Environment variables: what a container or a unit file sets without touching the file.

use std::collections::HashMap;
use toml::{Table, Value};

/// The variables at start. Taken as a value rather than asked for on the way, so that tests need not change
/// the process they run in.
#[derive(Clone, Default)]
pub struct Environment(HashMap<String, String>);

/// Variables that stand for a key of the file, and win over it.
const OVERRIDES: [(&str, Option<&str>, &str); 5] = [
    ("RELATCH_LISTEN", None, "listen"),
    ("RELATCH_DATABASE", None, "database"),
    ("RELATCH_OUTBOX", None, "outbox"),
    ("RELATCH_LOG", Some("log"), "filter"),
    ("RELATCH_LOG_FORMAT", Some("log"), "format"),
];

impl Environment {
    /// The process's own. Variables that are not UTF-8 are left out.
    pub fn of_process() -> Environment {
        let texts =
            std::env::vars_os().filter_map(|(name, text)| Some((name.into_string().ok()?, text.into_string().ok()?)));
        Environment(texts.collect())
    }

    /// These variables and no others.
    pub fn of<const N: usize>(variables: [(&str, &str); N]) -> Environment {
        Environment(variables.into_iter().map(|(name, text)| (name.into(), text.into())).collect())
    }

    /// A variable; one that is empty counts as not set.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    pub(super) fn applied_to(&self, mut table: Table) -> Table {
        for (variable, section, key) in OVERRIDES {
            if let Some(text) = self.get(variable) {
                set(&mut table, section, key, text);
            }
        }
        table
    }
}

fn set(table: &mut Table, section: Option<&str>, key: &str, text: &str) {
    let Some(section) = section else {
        table.insert(key.into(), Value::String(text.into()));
        return;
    };
    let inner = table.entry(section).or_insert_with(|| Value::Table(Table::new()));
    // A `log = 3` in the file is left alone, to be told as the fault that it is.
    if let Value::Table(inner) = inner {
        inner.insert(key.into(), Value::String(text.into()));
    }
}

// Deliberately not derived: variables hold secrets.
impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Environment").finish_non_exhaustive()
    }
}
