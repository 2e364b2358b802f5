//! Finds and loads the dialect that a realm names.

use super::RealmConfig;
use crate::config::reader::Reader;
use relatch_dialects::{DOCUMENTS, Dialect, Value};
use std::path::Path;

pub(super) fn read(section: &mut Reader, directory: &Path) -> Option<RealmConfig> {
    let named = section.required("dialect")?;
    match text(&named, directory).and_then(|text| load(&text)).and_then(RealmConfig::of) {
        Ok(realm) => Some(realm),
        Err(reason) => {
            section.fault("dialect", &format!("{named}: {reason}"));
            None
        }
    }
}

/// A name has neither a slash nor a suffix, so that no file can shadow a dialect that comes with Relatch.
fn text(named: &str, directory: &Path) -> Result<String, String> {
    if let Some((_, document)) = DOCUMENTS.iter().find(|(name, _)| *name == named) {
        return Ok((*document).into());
    }
    if !named.contains('/') && !named.ends_with(".json") {
        let known: Vec<&str> = DOCUMENTS.iter().map(|(name, _)| *name).collect();
        return Err(format!("is no dialect; expected one of {}, or the path of a JSON file", known.join(", ")));
    }
    std::fs::read_to_string(directory.join(named)).map_err(|error| format!("cannot be read: {error}"))
}

fn load(text: &str) -> Result<Dialect, String> {
    let json: serde_json::Value = serde_json::from_str(text).map_err(|error| format!("is not JSON: {error}"))?;
    Dialect::load(&Value::from(&json)).map_err(|fault| fault.to_string())
}
