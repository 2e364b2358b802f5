//! Requests and answers as they may be shown.

use super::told;
use super::wire::Arrived;
use crate::draft;
use relatch_dialects::codec::Http;
use serde_json::Value as Json;

/// A request and its answer, fit to be shown.
#[derive(Clone, Debug)]
pub(super) struct Exchange {
    /// Method and URL, without the values of its query.
    pub(super) request: String,
    /// What it carried, by name.
    pub(super) carried: String,
    /// The answer's status, or why there was none.
    pub(super) outcome: Result<u16, String>,
    /// The template that fitted it.
    pub(super) matched: Option<String>,
    /// What it means, by its template or by its status.
    pub(super) meaning: Option<&'static str>,
    /// The body's shape: names and types.
    pub(super) shape: String,
    /// A template that would tell the answer by its body, as far as that can be guessed.
    pub(super) body: Option<Json>,
}

/// The names of what a request carries.
pub(super) fn carried(http: &Http) -> String {
    let mut headers: Vec<&str> =
        http.headers.iter().map(|(name, _)| name.as_str()).filter(|it| *it != "Content-Type").collect();
    headers.extend(http.cookies.then_some("Cookie"));
    let mut parts = Vec::new();
    if let Some(body) = &http.body {
        let kind = http.header("content-type").unwrap_or("no type").split(';').next().unwrap_or_default().to_string();
        let is_form = kind.ends_with("form-urlencoded");
        let names = if is_form {
            Some(form_names(body))
        } else {
            serde_json::from_slice(body).ok().map(|it: Json| told::shape(&it))
        };
        parts.push(format!("{kind}{}", names.map(|it| format!(": {it}")).unwrap_or_default()));
    }
    if !headers.is_empty() {
        parts.push(format!("headers {}", headers.join(", ")));
    }
    parts.join("; ")
}

pub(super) fn form_names(body: &[u8]) -> String {
    let fields = String::from_utf8_lossy(body);
    let names: Vec<&str> = fields.split('&').filter_map(|it| it.split('=').next()).collect();
    names.join(", ")
}

/// The shape of a body, and a template that would fit it.
pub(super) fn body(arrived: &Arrived) -> (String, Option<Json>) {
    if arrived.body.is_empty() {
        return ("no body".into(), None);
    }
    if let Ok(json) = serde_json::from_slice::<Json>(&arrived.body) {
        return (told::shape(&json), draft::telling_body(&json));
    }
    let kind = arrived.headers.iter().find(|(name, _)| name == "content-type").map(|(_, value)| value.as_str());
    let kind: String = kind.unwrap_or("no type").split(';').next().unwrap_or_default().chars().take(60).collect();
    (format!("{} bytes of {kind}", arrived.body.len()), None)
}

/// Why there is no answer. The error itself may name a proxy with its password.
pub(super) fn cause(error: &reqwest::Error) -> String {
    match () {
        () if error.is_timeout() => "no answer in time".into(),
        () if error.is_connect() => "no connection: is the base URL right, and the server running?".into(),
        () => "the connection broke, or what came was no HTTP".into(),
    }
}
