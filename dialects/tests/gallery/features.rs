//! What a document uses, in a few words for each column of the table. Read off the document alone, so that the table cannot say
//! anything else than it does.

use crate::api::{elements, members};
use serde_json::Value as Json;

/// What stands in a column for a document.
type Cell = fn(&Json) -> Vec<String>;

/// The columns of the table.
pub(crate) const COLUMNS: [(&str, Cell); 7] = [
    ("login", login),
    ("token", token),
    ("goes along", along),
    ("expiry", expiry),
    ("renewal", renewal),
    ("expired is told by", expired),
    ("more", more),
];

fn holds(it: &Json, text: &str) -> bool {
    it.to_string().contains(text)
}

fn words(found: &[(bool, &str)]) -> Vec<String> {
    found.iter().filter(|(there, _)| *there).map(|(_, word)| (*word).to_string()).collect()
}

fn login(document: &Json) -> Vec<String> {
    let request = &document["login"]["request"];
    let (headers, json) = (&request["headers"], &request["json"]);
    let basic = holds(headers, "Basic ") && holds(headers, "{password}");
    words(&[
        (basic, "Basic"),
        (holds(headers, "{password}") && !basic, "headers"),
        (holds(&request["query"], "{password}"), "query"),
        (json["variables"].is_object(), "GraphQL"),
        (json["jsonrpc"].is_string(), "JSON-RPC"),
        (json.is_object() && json["variables"].is_null() && json["jsonrpc"].is_null() && !basic, "JSON"),
        (request["form"].is_object() && !basic, "form"),
        (request["xml"].is_object(), "XML"),
    ])
}

/// The session answers of an operation.
fn sessions(operation: &Json) -> impl Iterator<Item = &Json> {
    elements(&operation["answers"]).filter(|it| it["means"] == "session")
}

/// Where a name is captured: a JSON Pointer, or the path to it in another part.
fn places(template: &Json, at: &str, found: &mut Vec<String>) {
    if template.as_str().is_some_and(|it| it.contains("{access_token")) {
        found.push(if at.is_empty() { "whole body".into() } else { at.into() });
    }
    members(template).for_each(|(name, it)| places(it, &format!("{at}/{name}"), found));
    elements(template).enumerate().for_each(|(index, it)| places(it, &format!("{at}/{index}"), found));
}

fn token(document: &Json) -> Vec<String> {
    let mut found = Vec::new();
    for answer in sessions(&document["login"]) {
        places(&answer["json"], "", &mut found);
        members(&answer["headers"]).filter(|(_, it)| holds(it, "{access_token")).for_each(|(name, _)| {
            found.push(format!("header {name}"));
        });
        let text = holds(&answer["text"], "{access_token").then(|| "text".into());
        found.extend(text.or_else(|| holds(&answer["xml"], "{access_token").then(|| "XML".into())));
    }
    found.dedup();
    if found.is_empty() { vec!["cookie".into()] } else { found }
}

fn along(document: &Json) -> Vec<String> {
    elements(&document["attach"]).map(element).collect()
}

fn element(it: &Json) -> String {
    let named = |kind: &str| it[kind].as_str().map(|name| format!("{kind} {name}"));
    let scheme = it["value"].as_str().map(|text| text.split_once(' ').map_or("bare", |(scheme, _)| scheme));
    match it["header"].as_str() {
        _ if holds(&it["value"], "$plugin") => "signature".into(),
        Some("Authorization") => format!("Authorization: {}", scheme.unwrap_or("Basic")),
        _ => ["header", "query", "body"].into_iter().find_map(named).unwrap_or_else(|| "cookies".into()),
    }
}

fn expiry(document: &Json) -> Vec<String> {
    let expires = &document["expires"];
    let unit = expires["unit"].as_str().map(Into::into);
    let mut found: Vec<String> = unit.into_iter().collect();
    found.extend(words(&[(expires["jwt"] == true, "JWT")]));
    found.extend(expires["after_secs"].as_u64().map(|it| format!("{it} s")));
    found.extend(expires["idle_secs"].as_u64().map(|it| format!("{it} s idle")));
    found
}

fn renewal(document: &Json) -> Vec<String> {
    let renew = &document["renew"];
    let request = &renew["request"];
    let by_token = renew["attach"] == true || holds(request, "{access_token}");
    let parts = ["json", "form", "query", "headers"];
    let by_refresh = parts.into_iter().find(|part| holds(&request[part], "{refresh_token}"));
    match (renew.as_str(), by_refresh) {
        (Some("login"), _) => vec!["log in again".into()],
        (Some(_), _) => Vec::new(),
        (None, Some("json")) => vec!["refresh token, JSON".into()],
        (None, Some("headers")) => vec!["refresh token, header".into()],
        (None, Some(part)) => vec![format!("refresh token, {part}")],
        (None, None) if uses_cookies(document) => vec!["cookie".into()],
        (None, None) if by_token => vec!["the token itself".into()],
        (None, None) => Vec::new(),
    }
}

fn uses_cookies(document: &Json) -> bool {
    elements(&document["attach"]).any(|it| it["cookies"] == true)
}

fn expired(document: &Json) -> Vec<String> {
    let about = |it: &&Json| it["means"].as_str().is_some_and(|it| it.starts_with("token-expired"));
    let mut found: Vec<String> = elements(&document["refusals"])
        .filter(about)
        .map(|it| {
            let by = ["json", "headers", "text", "xml"].into_iter().find(|part| !it[part].is_null());
            [status(&it["status"]), by.map(|it| if it == "json" { "body".into() } else { it.into() })]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" + ")
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

fn status(status: &Json) -> Option<String> {
    if status.is_null() {
        return None;
    }
    let several: Vec<_> = elements(status).map(Json::to_string).collect();
    Some(if several.is_empty() { status.to_string() } else { several.join(" or ") })
}

fn more(document: &Json) -> Vec<String> {
    let all = document.to_string();
    let steps = elements(&document["login"]["before"]).count();
    let mut found: Vec<String> =
        (steps > 0).then(|| format!("{steps} step{} before", if steps > 1 { "s" } else { "" })).into_iter().collect();
    found.extend(members(&document["challenges"]).map(|(kind, _)| format!("challenge {kind}")));
    let digests = ["$md5", "$sha1", "$sha256", "$sha512", "$hmac-sha256"];
    found.extend(digests.into_iter().filter(|it| all.contains(*it)).map(|it| it.trim_start_matches('$').to_string()));
    let no_status = |it: &Json| {
        it["means"] != "session" && it["means"] != "challenge" && (it["status"].is_null() || it["status"] == 200)
    };
    found.extend(words(&[
        (elements(&document["login"]["answers"]).any(no_status), "failure told by the body"),
        (elements(&document["always"]).any(|it| !holds(&it["value"], "{")), "constant header"),
        (holds(&document["always"], "context."), "key or tenant of the app"),
        (
            holds(&document["always"], "cookie")
                || holds(&document["attach"], "$cookie")
                || all.contains("session.csrf"),
            "CSRF",
        ),
        (elements(&document["observe"]).next().is_some(), "newer tokens in any answer"),
        (all.contains("$plugin"), "plug-in"),
        (all.contains("\"path\":\"{session."), "URL from the answer"),
        (holds(&document["login"]["request"]["path"], "{"), "path with a hole"),
    ]));
    found
}
