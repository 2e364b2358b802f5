//! Warnings about what should not be where it is: secrets in a document, credentials in a URL.

use super::Warning;
use super::walk::{Outline, elements, escaped, has_hole, members, texts};
use crate::draft::words;
use serde_json::Value;

pub(super) fn warn(outline: &Outline<'_>, warnings: &mut Vec<Warning>) {
    for place in ["attach", "always"] {
        for (index, element) in elements(outline.document.get(place)).iter().enumerate() {
            let pointer = format!("/{place}/{index}");
            if element.get("query").is_some() && has_hole(element, "access_token") {
                in_url(&pointer, "token", warnings);
            }
            let value = element.get("value").unwrap_or(&Value::Null);
            let name = ["header", "query", "body"].iter().find_map(|it| element.get(it)?.as_str()).unwrap_or_default();
            secrets(value, &format!("{pointer}/value"), name, warnings);
        }
    }
    for (pointer, request) in outline.operations.iter().flat_map(|it| &it.requests) {
        for (name, value) in members(request.get("query")) {
            let pointer = format!("{pointer}/query/{}", escaped(name));
            for (hole, what) in
                [("password", "password"), ("access_token", "token"), ("refresh_token", "refresh token")]
            {
                if has_hole(value, hole) {
                    in_url(&pointer, what, warnings);
                }
            }
        }
        secrets(request, pointer, "", warnings);
    }
}

fn in_url(pointer: &str, what: &str, warnings: &mut Vec<Warning>) {
    warnings.push(Warning {
        code: "secret-in-url",
        pointer: pointer.into(),
        what: format!("the {what} stands in the URL, which proxies, servers and browsers write down"),
        advice: "if the API takes it in a header or in the body as well, use that",
    });
}

fn secrets(template: &Value, pointer: &str, name: &str, warnings: &mut Vec<Warning>) {
    texts(template, pointer, name, &mut |pointer, name, text| {
        // The names of plug-ins and cookies, and words for the time, are none.
        let named = ["$plugin", "$cookie", "$now"].iter().any(|it| pointer.ends_with(it));
        if !named && looks_secret(name, text) {
            warnings.push(Warning {
                code: "secret-constant",
                pointer: pointer.into(),
                what: "this looks like a secret, and whoever has the document has it".into(),
                advice: "let the app pass it: {field.<name>} at login, {context.<name>} everywhere",
            });
        }
    });
}

/// A constant that is a token by its looks, or stands where secrets do. A public key of an app is not told from a secret one.
fn looks_secret(name: &str, text: &str) -> bool {
    if text.contains('{') || text.starts_with('/') {
        return false;
    }
    let basic = text.strip_prefix("Basic ").or_else(|| text.strip_prefix("Bearer "));
    let token = text.starts_with("eyJ") && text.matches('.').count() == 2;
    let named = words::says_secret(name) && text.chars().count() >= 6 && !words::is_grant(text);
    token || named || basic.is_some_and(|it| it.len() >= 8)
}
