//! Names that the format takes: of dialects, of holes, and of paths.

/// A dialect's name from an API's title.
pub(super) fn dialect(title: &str) -> String {
    let mut name = String::new();
    for c in super::words::unaccented(&title.to_lowercase()).chars() {
        match c {
            'a'..='z' | '0'..='9' => name.push(c),
            _ if name.is_empty() || name.ends_with('-') => {}
            _ => name.push('-'),
        }
    }
    name.truncate(40);
    let name = name.trim_matches('-');
    if name.is_empty() { "my-api".into() } else { name.into() }
}

/// The name of a hole that the app fills: letters, digits, `_`, `-` and `.`.
pub(super) fn hole(name: &str) -> String {
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect();
    if name.is_empty() { "value".into() } else { name }
}

/// A path as the format takes it: parameters become what the app passes.
pub(super) fn path(path: &str) -> String {
    let mut spelled = String::new();
    for segment in path.split('/').filter(|it| !it.is_empty()) {
        spelled.push('/');
        let inner = segment.strip_prefix('{').and_then(|it| it.strip_suffix('}')).or_else(|| segment.strip_prefix(':'));
        match inner {
            Some(name) => spelled.push_str(&format!("{{context.{}}}", hole(name))),
            None => spelled.push_str(segment),
        }
    }
    if spelled.is_empty() {
        return "/".into();
    }
    if path.ends_with('/') { spelled + "/" } else { spelled }
}
