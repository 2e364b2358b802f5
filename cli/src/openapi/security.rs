//! How requests carry the token, by the document's security schemes.

use super::resolve::{Document, elements, members, text};
use crate::draft::api::{Attach, Found};
use crate::draft::words;
use serde_json::{Value, json};

/// What an operation asks for.
#[derive(Default)]
pub(super) struct Needed {
    pub(super) basic: bool,
    pub(super) token: bool,
}

/// What an operation asks for by `security`: its own, or the document's.
pub(super) fn of(document: Document<'_>, operation: &Value) -> Needed {
    let listed = operation.get("security").or_else(|| document.root().get("security"));
    let names = elements(listed).iter().flat_map(|it| members(Some(it)));
    let schemes = document.security_schemes();
    let named = names.filter_map(|(name, _)| schemes.iter().find(|(it, _)| *it == name).map(|(_, it)| *it));
    named.fold(Needed::default(), |needed, scheme| match is_basic(scheme) {
        true => Needed { basic: true, ..needed },
        false => Needed { token: true, ..needed },
    })
}

fn is_basic(scheme: &Value) -> bool {
    text(scheme, "type") == "basic"
        || (text(scheme, "type") == "http" && text(scheme, "scheme").eq_ignore_ascii_case("basic"))
}

/// Whether the document says that tokens are JWTs.
pub(super) fn says_jwt(document: &Document<'_>) -> bool {
    let says = |it: &Value| text(it, "bearerFormat").eq_ignore_ascii_case("jwt");
    document.security_schemes().into_iter().any(|(_, it)| says(it))
}

/// How the token is attached: by the scheme that most operations ask for.
pub(super) fn attach(document: &Document<'_>, operations: &[Found]) -> Option<Attach> {
    let schemes: Vec<_> = document.security_schemes().into_iter().filter(|(_, it)| !is_basic(it)).collect();
    let wanted = |name: &str| {
        let asks = |it: &Value| elements(it.get("security")).iter().any(|it| it.get(name).is_some());
        let items = members(document.root().get("paths")).into_iter().flat_map(|(_, it)| members(Some(it)));
        items.filter(|(_, it)| asks(it)).count() + if asks(document.root()) { operations.len() } else { 0 }
    };
    let (name, scheme) = schemes.into_iter().rev().max_by_key(|(name, it)| (wanted(name), rank(it)))?;
    let element = element(scheme)?;
    Some(Attach { elements: vec![element], why: format!("the security scheme `{name}` says so") })
}

/// Which scheme is the likelier of two that are asked for as often.
fn rank(scheme: &Value) -> u8 {
    match text(scheme, "type") {
        "http" | "oauth2" => 3,
        "apiKey" if words::access_token(text(scheme, "name")).is_some() || says_bearer(scheme) => 2,
        "apiKey" => 1,
        _ => 0,
    }
}

fn element(scheme: &Value) -> Option<Value> {
    let name = text(scheme, "name");
    if text(scheme, "type") == "apiKey"
        && (name.is_empty() || !name.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_.".contains(&it)))
    {
        return None;
    }
    match (text(scheme, "type"), text(scheme, "in")) {
        ("http" | "oauth2" | "openIdConnect", _) => {
            let scheme = text(scheme, "scheme");
            let prefix = if scheme.is_empty() || scheme.eq_ignore_ascii_case("bearer") { "Bearer" } else { scheme };
            Some(json!({ "header": "Authorization", "value": format!("{prefix} {{access_token}}") }))
        }
        ("apiKey", "header") if says_bearer(scheme) => {
            Some(json!({ "header": name, "value": "Bearer {access_token}" }))
        }
        ("apiKey", "header") => Some(json!({ "header": name, "value": "{access_token}" })),
        ("apiKey", "query") => Some(json!({ "query": name, "value": "{access_token}" })),
        ("apiKey", "cookie") => Some(json!({ "cookies": true })),
        _ => None,
    }
}

/// Swagger 2 has no scheme for bearer tokens, so people describe them as keys in `Authorization`.
fn says_bearer(scheme: &Value) -> bool {
    let described = text(scheme, "description").to_lowercase();
    let bare = ["without bearer", "no bearer", "no prefix", "without prefix"].iter().any(|it| described.contains(it));
    let authorization = text(scheme, "name").eq_ignore_ascii_case("authorization");
    !bare && (described.contains("bearer") || (authorization && !described.contains("token ")))
}
