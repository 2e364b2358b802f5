//! Values as they may be shown: kinds, lengths and names. Never a secret, and of unknown answers never a value.

use relatch::claims;
use relatch_dialects::Value;
use serde_json::Value as Json;

/// Longer lists of names are cut.
const MANY: usize = 12;

/// A captured value: of a secret its kind, of anything else also how it begins and ends.
pub(super) fn value(name: &str, value: &Value) -> String {
    if name == "expires"
        && let Some(it) = plain(value)
    {
        return it;
    }
    let is_secret = matches!(name, "access_token" | "refresh_token" | "resend_code")
        || name.starts_with("session.")
        || name.starts_with("challenge.")
        || name.starts_with("step.");
    match value {
        Value::String(text) if is_secret => format!("{}{}", length(text), jwt(text)),
        Value::String(text) => format!("{}, {}", length(text), ends(text)),
        Value::Number(_) => "a number".into(),
        Value::Bool(it) => it.to_string(),
        other => shape(&Json::from(other)),
    }
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) if text.len() <= 40 => Some(format!("{text:?}")),
        _ => None,
    }
}

fn length(text: &str) -> String {
    match text.chars().count() {
        1 => "a text of 1 character".into(),
        count => format!("a text of {count} characters"),
    }
}

/// The first and the last letters of a text that is long enough to keep the rest.
fn ends(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let shown = (letters.len() / 6).min(3);
    if shown == 0 {
        return "not shown".into();
    }
    let part = |it: &[char]| it.iter().collect::<String>();
    let last = letters.len() - shown;
    format!(
        "{:?}",
        part(letters.get(..shown).unwrap_or_default()) + "…" + &part(letters.get(last..).unwrap_or_default())
    )
}

/// What a token says of itself: the names of its claims.
fn jwt(text: &str) -> String {
    let parse = |bytes: &[u8]| serde_json::from_slice::<Json>(bytes).ok().map(|it| Value::from(&it));
    let Ok(token) = claims::decode_unverified(text, parse) else { return String::new() };
    let names: Vec<&str> = token.claims.members().unwrap_or_default().iter().map(|(name, _)| name.as_str()).collect();
    format!(", a JWT with the claims {}", cut(&names))
}

fn cut(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().take(MANY).map(|it| it.chars().take(40).collect()).collect();
    let more = if names.len() > MANY { ", …" } else { "" };
    shown.join(", ") + more
}

/// The shape of a body: names of members and types.
pub(super) fn shape(json: &Json) -> String {
    laid(json, 3)
}

fn laid(json: &Json, depth: usize) -> String {
    match json {
        Json::Null => "null".into(),
        Json::Bool(_) => "true or false".into(),
        Json::Number(_) => "a number".into(),
        Json::String(_) => "a text".into(),
        Json::Array(list) => match list.first() {
            Some(first) if depth > 0 => format!("a list of {} ({})", list.len(), laid(first, depth - 1)),
            _ => format!("a list of {}", list.len()),
        },
        Json::Object(_) if depth == 0 => "an object".into(),
        Json::Object(members) => {
            let member = |(name, it): (&String, &Json)| {
                format!("{}: {}", name.chars().take(40).collect::<String>(), laid(it, depth - 1))
            };
            let more = if members.len() > MANY { ", …" } else { "" };
            format!("{{ {}{more} }}", members.iter().take(MANY).map(member).collect::<Vec<_>>().join(", "))
        }
    }
}

/// A URL without the values of its query.
pub(super) fn url(url: &str) -> String {
    let Ok(parsed) = reqwest::Url::parse(url) else { return "a URL that cannot be read".into() };
    let names: Vec<String> = parsed.query_pairs().map(|(name, _)| format!("{name}=…")).collect();
    let bare = url.split(['?', '#']).next().unwrap_or_default();
    if names.is_empty() { bare.into() } else { format!("{bare}?{}", names.join("&")) }
}

/// A length of time for people.
pub(super) fn duration(ms: u64) -> String {
    let secs = ms / 1000;
    match secs {
        0..120 => format!("{secs} s"),
        120..7200 => format!("{} min", secs / 60),
        7200..172_800 => format!("{} h", secs / 3600),
        _ => format!("{} days", secs / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_are_not_shown_and_long_ones_only_at_their_ends() {
        assert_eq!(value("detail.code", &"12345".into()), "a text of 5 characters, not shown");
        assert_eq!(value("email", &"ada.lovelace@example.com".into()), "a text of 24 characters, \"ada…com\"");
        assert_eq!(value("access_token", &"ada.lovelace@example.com".into()), "a text of 24 characters");
    }

    #[test]
    fn a_shape_has_names_and_types_and_no_value() {
        let body = serde_json::json!({ "code": "SECRET", "n": 1, "list": [{ "a": null }], "ok": true });
        assert_eq!(shape(&body), "{ code: a text, n: a number, list: a list of 1 ({ a: null }), ok: true or false }");
    }

    #[test]
    fn a_query_keeps_its_names_only() {
        assert_eq!(url("https://a.example/x?user=ada&pwd=secret#f"), "https://a.example/x?user=…&pwd=…");
    }
}
