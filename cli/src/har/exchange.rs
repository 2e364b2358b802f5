//! One entry of a recording.

use crate::draft::api::Carrier;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

/// Names with values, in their order.
pub(super) type Pairs = Vec<(String, String)>;

/// A request and its answer. Deliberately not `Debug`: it is full of secrets.
pub(super) struct Exchange {
    pub(super) method: String,
    pub(super) origin: String,
    pub(super) path: String,
    pub(super) query: Pairs,
    pub(super) headers: Pairs,
    pub(super) cookies: Pairs,
    pub(super) carrier: Carrier,
    pub(super) body: Option<Value>,
    pub(super) status: u16,
    pub(super) answer_headers: Pairs,
    pub(super) set_cookies: Pairs,
    pub(super) answer: Option<Value>,
    /// Whether the answer is text and not JSON.
    pub(super) answer_is_text: bool,
}

impl Exchange {
    /// Reads an entry; none for a preflight and such.
    pub(super) fn read(entry: &Value) -> Option<Exchange> {
        let (request, response) = (entry.get("request")?, entry.get("response")?);
        let method = text(request, "method")?.to_uppercase();
        if !["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method.as_str()) {
            return None;
        }
        let (origin, path, query) = take_apart(text(request, "url")?)?;
        let headers = pairs(request.get("headers"));
        let (carrier, body) = posted(request.get("postData"));
        let content = response.get("content");
        let (answer, answer_is_text) = answered(content);
        let answer_headers = pairs(response.get("headers"));
        Some(Exchange {
            method,
            origin,
            path,
            query: if query.is_empty() { pairs(request.get("queryString")) } else { query },
            cookies: cookies(&headers, request.get("cookies")),
            headers,
            carrier,
            body,
            status: response.get("status").and_then(Value::as_u64).and_then(|it| u16::try_from(it).ok())?,
            set_cookies: set_cookies(&answer_headers, response.get("cookies")),
            answer_headers,
            answer,
            answer_is_text,
        })
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(super) fn is_fine(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The path with what looks like an id in it replaced by a parameter.
    pub(super) fn route(&self) -> String {
        let segment = |it: &str| if is_id(it) { "{id}".to_string() } else { it.to_string() };
        self.path.split('/').map(segment).collect::<Vec<_>>().join("/")
    }
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}

fn pairs(list: Option<&Value>) -> Pairs {
    let list = list.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter()
        .filter_map(|it| Some((text(it, "name")?.into(), text(it, "value").unwrap_or_default().into())))
        .collect()
}

/// Origin, path and query of a URL.
fn take_apart(url: &str) -> Option<(String, String, Pairs)> {
    let url = reqwest::Url::parse(url).ok().filter(|it| matches!(it.scheme(), "http" | "https"))?;
    let query = url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    Some((url.origin().ascii_serialization(), url.path().into(), query))
}

/// Digits, a UUID, or a long run of hexadecimal digits.
fn is_id(segment: &str) -> bool {
    let hex = segment.len() >= 16 && segment.bytes().all(|it| it.is_ascii_hexdigit() || it == b'-');
    let digits = !segment.is_empty() && segment.bytes().all(|it| it.is_ascii_digit());
    let plain = segment.bytes().all(|it| it.is_ascii_alphanumeric() || b"-._~".contains(&it));
    digits || hex || !plain || segment.len() > 40
}

fn posted(data: Option<&Value>) -> (Carrier, Option<Value>) {
    let Some(data) = data else { return (Carrier::Json, None) };
    let (kind, body) =
        (text(data, "mimeType").unwrap_or_default().to_lowercase(), text(data, "text").unwrap_or_default());
    let carrier = match () {
        () if kind.contains("form-urlencoded") => Carrier::Form,
        () if kind.contains("multipart") => Carrier::Multipart,
        () => Carrier::Json,
    };
    if carrier == Carrier::Json {
        return (carrier, serde_json::from_str(body).ok());
    }
    let mut fields = pairs(data.get("params"));
    if fields.is_empty() && carrier == Carrier::Form {
        let url = reqwest::Url::parse(&format!("http://form/?{body}")).ok();
        fields = url
            .map(|it| it.query_pairs().map(|(name, value)| (name.into(), value.into())).collect())
            .unwrap_or_default();
    }
    let fields: Map<String, Value> = fields.into_iter().map(|(name, value)| (name, value.into())).collect();
    (carrier, Some(fields.into()))
}

/// The answer's body, and whether it is text and not JSON.
fn answered(content: Option<&Value>) -> (Option<Value>, bool) {
    let Some(body) = content.and_then(|it| text(it, "text")).filter(|it| !it.is_empty()) else { return (None, false) };
    let kind = content.and_then(|it| text(it, "mimeType")).unwrap_or_default();
    let is_base64 = content.and_then(|it| text(it, "encoding")) == Some("base64");
    let decoded = if is_base64 { from_base64(body) } else { Some(body.to_string()) };
    let Some(body) = decoded else { return (None, false) };
    match serde_json::from_str::<Value>(&body) {
        Ok(json) => (Some(json), false),
        Err(_) if kind.starts_with("text/plain") && body.len() < 8192 => (Some(body.trim().into()), true),
        Err(_) => (None, false),
    }
}

fn from_base64(text: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(text).ok()?).ok()
}

fn cookies(headers: &Pairs, listed: Option<&Value>) -> Pairs {
    let header = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("cookie"));
    let sent = header.flat_map(|(_, value)| value.split(';').filter_map(pair)).collect::<Pairs>();
    if sent.is_empty() { pairs(listed) } else { sent }
}

fn set_cookies(headers: &Pairs, listed: Option<&Value>) -> Pairs {
    let header = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    // Browsers write several into one, each on a line.
    let set =
        header.flat_map(|(_, value)| value.lines().filter_map(|it| pair(it.split(';').next()?))).collect::<Pairs>();
    if set.is_empty() { pairs(listed) } else { set }
}

fn pair(text: &str) -> Option<(String, String)> {
    let (name, value) = text.trim().split_once('=')?;
    Some((name.trim().into(), value.trim().into()))
}
