//! What is said about one document.

use super::{advice, outline, warnings};
use crate::document::{Document, Faulty};
use crate::json::line_of;
use serde_json::{Value, json};

/// The outcome for one document.
pub(super) struct Report {
    file: String,
    /// What it describes, in a few words, where it is free of faults.
    outline: Option<String>,
    pub(super) fault: Option<Fault>,
    pub(super) warnings: Vec<Placed>,
}

pub(super) struct Fault {
    pointer: Option<String>,
    line: usize,
    column: Option<usize>,
    reason: String,
    advice: Option<String>,
}

/// A warning with the line on which its place is.
pub(super) struct Placed {
    warning: warnings::Warning,
    line: usize,
}

impl Report {
    pub(super) fn fine(file: &str, document: &Document) -> Report {
        let placed = |warning: warnings::Warning| {
            let line = line_of(&document.text, &warning.pointer);
            Placed { warning, line }
        };
        let mut warnings: Vec<Placed> = warnings::of(&document.json).into_iter().map(placed).collect();
        warnings.sort_by_key(|it| it.line);
        Report { file: file.into(), outline: Some(outline::of(document)), fault: None, warnings }
    }

    pub(super) fn faulty(file: &str, faulty: &Faulty) -> Report {
        let fault = match faulty {
            Faulty::Syntax(it) => Fault {
                pointer: None,
                line: it.line,
                column: Some(it.column),
                reason: format!("is not JSON: {}", it.reason),
                advice: advice::for_syntax(&it.reason).map(String::from),
            },
            Faulty::Dialect(it, line) => Fault {
                pointer: Some(it.pointer.clone()),
                line: *line,
                column: None,
                reason: it.reason.clone(),
                advice: advice::for_fault(&it.pointer, &it.reason),
            },
        };
        Report { file: file.into(), outline: None, fault: Some(fault), warnings: Vec::new() }
    }

    pub(super) fn text(&self) -> String {
        let mut lines = Vec::new();
        if let Some(fault) = &self.fault {
            lines.push(fault.text(&self.file));
            lines.extend(fault.advice.iter().map(|it| format!("  {it}")));
        }
        for Placed { warning, line } in &self.warnings {
            let (file, pointer) = (&self.file, place(&warning.pointer));
            lines.push(format!("{file}:{line}: {pointer}: warning: {} [{}]", warning.what, warning.code));
            lines.push(format!("  {}", warning.advice));
        }
        if let Some(outline) = &self.outline {
            let warned = match self.warnings.len() {
                0 => String::new(),
                1 => ", with 1 warning".into(),
                many => format!(", with {many} warnings"),
            };
            lines.push(format!("{}: fine{warned}: {outline}", self.file));
        }
        lines.join("\n")
    }

    pub(super) fn json(&self) -> Value {
        let warnings: Vec<Value> = self.warnings.iter().map(Placed::json).collect();
        json!({
            "file": self.file,
            "ok": self.fault.is_none(),
            "describes": self.outline,
            "fault": self.fault.as_ref().map(Fault::json),
            "warnings": warnings,
        })
    }
}

/// A pointer for people: the empty one is the document as a whole.
fn place(pointer: &str) -> &str {
    if pointer.is_empty() { "the document" } else { pointer }
}

impl Fault {
    fn text(&self, file: &str) -> String {
        let column = self.column.map(|it| format!(":{it}")).unwrap_or_default();
        let pointer = self.pointer.as_ref().map(|it| format!("{}: ", place(it))).unwrap_or_default();
        format!("{file}:{}{column}: {pointer}{}", self.line, self.reason)
    }

    fn json(&self) -> Value {
        json!({
            "pointer": self.pointer, "line": self.line, "column": self.column,
            "reason": self.reason, "advice": self.advice,
        })
    }
}

impl Placed {
    fn json(&self) -> Value {
        let it = &self.warning;
        json!({ "code": it.code, "pointer": it.pointer, "line": self.line, "what": it.what, "advice": it.advice })
    }
}
