//! One API of the gallery: its document, and what is known of it.

use relatch_dialects::{Answer, Dialect, Value, Values};
use serde_json::Value as Json;
use std::path::{Path, PathBuf};

pub(crate) struct Api {
    pub(crate) name: String,
    pub(crate) document: Json,
    /// `exchanges/<name>.json`: sources, guesses, what cannot be described, and the exchanges.
    pub(crate) known: Json,
    pub(crate) dialect: Dialect,
}

/// Every API of the gallery, by name. All faulty documents are told at once.
pub(crate) fn all() -> Vec<Api> {
    let (mut apis, mut faults) = (Vec::new(), Vec::new());
    for name in names() {
        let (document, known) = (read(&name), read(&format!("exchanges/{name}")));
        match Dialect::load(&Value::from(&document)) {
            Ok(dialect) => apis.push(Api { name, document, known, dialect }),
            Err(fault) => faults.push(format!("{name}: {fault}")),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    apis
}

fn names() -> Vec<String> {
    let files = std::fs::read_dir(directory()).expect("the gallery");
    let paths = files.map(|it| it.expect("a file").path());
    let documents = paths.filter(|it| it.extension().is_some_and(|it| it == "json"));
    let mut names: Vec<_> = documents.filter_map(|it| Some(it.file_stem()?.to_str()?.to_string())).collect();
    names.sort();
    names
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("gallery")
}

fn read(name: &str) -> Json {
    let path = directory().join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

impl Api {
    pub(crate) fn exchanges(&self) -> impl Iterator<Item = &Json> {
        elements(&self.known["exchanges"])
    }
}

/// The elements of a list; none if there is no list.
pub(crate) fn elements(list: &Json) -> impl Iterator<Item = &Json> {
    list.as_array().into_iter().flatten()
}

/// The members of an object; none if there is no object.
pub(crate) fn members(object: &Json) -> impl Iterator<Item = (&str, &Json)> {
    object.as_object().into_iter().flatten().map(|(name, it)| (name.as_str(), it))
}

pub(crate) fn values(object: &Json) -> Values {
    let mut values = Values::new();
    members(object).for_each(|(name, it)| values.set(name, Value::from(it)));
    values
}

pub(crate) fn json(values: &Values) -> Json {
    values.iter().map(|(name, it)| (name.to_string(), Json::from(it))).collect::<serde_json::Map<_, _>>().into()
}

/// An answer as it came, with that status.
pub(crate) fn answer(came: &Json, status: u16) -> Answer {
    let mut parts = values(came);
    parts.remove("status");
    parts.remove("wire");
    Answer { status, parts }
}
