//! The only place that prints. A reader that has gone (`relatch … | head`) is no failure.

use std::io::Write;

/// What a command came to: whether all is well, or why it could not do what it was asked.
pub(crate) type Outcome = Result<bool, CommandError>;

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) enum CommandError {
    /// It was refused or failed (exit code 1).
    Failed(String),
    /// The command line is at fault, or a file that it names cannot be read (exit code 2).
    Usage(String),
}

/// Text to standard output, as a line.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{}", harmless(text));
}

/// Text to standard error, as a line.
pub(crate) fn complain(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", harmless(text));
}

/// What is shown comes from files and from servers, and a terminal obeys control characters.
fn harmless(text: &str) -> String {
    text.chars().map(|it| if it.is_control() && it != '\n' && it != '\t' { '\u{fffd}' } else { it }).collect()
}

/// A document to standard output, to be read by programs and by people.
pub(crate) fn say_json(json: &serde_json::Value) {
    say(&pretty(json));
}

/// JSON as dialects are written: short values on one line, so that an answer can be taken in at a glance.
pub(crate) fn pretty(json: &serde_json::Value) -> String {
    let mut text = String::new();
    lay(json, 0, 0, &mut text);
    text
}

const LINE: usize = 110;

/// `used` is how much of the line stands already before the value.
fn lay(json: &serde_json::Value, depth: usize, used: usize, out: &mut String) {
    use serde_json::Value;
    let short = flat(json);
    if depth > 0 && depth * 2 + used + short.chars().count() <= LINE {
        return out.push_str(&short);
    }
    let (open, close) = if json.is_array() { ("[", "]") } else { ("{", "}") };
    let parts: Vec<(String, &Value)> = match json {
        Value::Array(elements) => elements.iter().map(|it| (String::new(), it)).collect(),
        Value::Object(members) => members.iter().map(|(name, it)| (format!("{}: ", quoted(name)), it)).collect(),
        _ => return out.push_str(&short),
    };
    if parts.is_empty() {
        return out.push_str(&short);
    }
    out.push_str(open);
    for (index, (name, value)) in parts.into_iter().enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        out.push_str(&"  ".repeat(depth + 1));
        out.push_str(&name);
        lay(value, depth + 1, name.chars().count(), out);
    }
    out.push('\n');
    out.push_str(&"  ".repeat(depth));
    out.push_str(close);
}

/// JSON on one line.
pub(crate) fn flat(json: &serde_json::Value) -> String {
    use serde_json::Value;
    match json {
        Value::Array(elements) if !elements.is_empty() => {
            format!("[{}]", elements.iter().map(flat).collect::<Vec<_>>().join(", "))
        }
        Value::Object(members) if !members.is_empty() => {
            let members = members.iter().map(|(name, it)| format!("{}: {}", quoted(name), flat(it)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

fn quoted(name: &str) -> String {
    serde_json::Value::from(name).to_string()
}
