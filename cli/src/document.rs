//! A dialect document from a file, from standard input, or from among those that come with Relatch.

use crate::json::{self, SyntaxFault};
use crate::output::CommandError;
use relatch_dialects::{DOCUMENTS, Dialect, Fault, Value};
use std::io::Read;

/// No document is larger by far; a recording of a browser is.
const MAX_BYTES: u64 = 256 << 20;

/// A document and what was found in it.
pub(crate) struct Document {
    /// The text as it was read.
    pub(crate) text: String,
    /// The text as JSON.
    pub(crate) json: serde_json::Value,
    /// The dialect that it makes.
    pub(crate) dialect: Dialect,
}

/// Why a text is no dialect.
#[derive(Debug)]
pub(crate) enum Faulty {
    /// It is not JSON.
    Syntax(SyntaxFault),
    /// It is, and this is wrong with it; the line counts from 1.
    Dialect(Fault, usize),
}

/// The text of a file; `-` is standard input.
///
/// # Errors
/// A sentence that names the file.
pub(crate) fn read(file: &str) -> Result<String, CommandError> {
    let mut bytes = Vec::new();
    let read = if file == "-" {
        std::io::stdin().lock().take(MAX_BYTES + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|it| it.take(MAX_BYTES + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| CommandError::Usage(format!("{file}: cannot be read: {error}")))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(CommandError::Usage(format!("{file}: is larger than 256 MB")));
    }
    String::from_utf8(bytes).map_err(|_| CommandError::Usage(format!("{file}: is not text in UTF-8")))
}

/// The same, where the name of a dialect that comes with Relatch stands for its document.
///
/// # Errors
/// As for [`read`].
pub(crate) fn read_named(file: &str) -> Result<String, CommandError> {
    match DOCUMENTS.iter().find(|(name, _)| *name == file) {
        Some((_, document)) if !std::path::Path::new(file).exists() => Ok((*document).into()),
        _ => read(file),
    }
}

/// Reads a text as a dialect.
///
/// # Errors
/// The first thing that is wrong with it.
pub(crate) fn load(text: String) -> Result<Document, Faulty> {
    let json = json::parse(&text).map_err(Faulty::Syntax)?;
    match Dialect::load(&Value::from(&json)) {
        Ok(dialect) => Ok(Document { text, json, dialect }),
        Err(fault) => {
            let line = json::line_of(&text, &fault.pointer);
            Err(Faulty::Dialect(fault, line))
        }
    }
}

impl Faulty {
    /// The fault in one line, beginning with where it is.
    pub(crate) fn sentence(&self, file: &str) -> String {
        match self {
            Faulty::Syntax(SyntaxFault { line, column, reason }) => {
                format!("{file}:{line}:{column}: is not JSON: {reason}")
            }
            Faulty::Dialect(fault, line) => format!("{file}:{line}: {fault}"),
        }
    }
}

/// The dialect of a file for a command that cannot go on without one.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn open(file: &str) -> Result<Document, CommandError> {
    load(read_named(file)?).map_err(|faulty| CommandError::Failed(faulty.sentence(file)))
}
