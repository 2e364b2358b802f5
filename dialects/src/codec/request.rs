//! Requests as bytes, and what is attached to them.

use super::filled::Filled;
use super::function::{Made, Maker, Stop, fault, plain};
use super::outside::{Outside, Seen, Unwritten};
use super::{body, form};
use crate::{Dialect, Value, Values};

/// A request as it goes over the wire. Deliberately not `Debug`: it carries secrets.
#[derive(Clone, Default, PartialEq)]
pub struct Http {
    /// The HTTP method, in upper case.
    pub method: String,
    /// The absolute URL, its query included.
    pub url: String,
    /// Header names with their values, `Content-Type` included.
    pub headers: Vec<(String, String)>,
    /// The body, if there is one.
    pub body: Option<Vec<u8>>,
    /// Whether the platform's cookies go along.
    pub cookies: bool,
}

/// The request that the filled parts of an operation's request make, or of a step's before it.
///
/// # Errors
/// [`Unwritten`] where something has no value that could stand where the document has it.
pub fn write(
    dialect: &Dialect,
    (operation, step): (&str, usize),
    (method, url): (&str, &str),
    parts: &Values,
    outside: &dyn Outside,
) -> Result<Http, Unwritten> {
    let template = dialect.step(operation, step).and_then(|it| it.get("request"));
    let parts = Value::Object(parts.members().to_vec());
    let filled = Filled::new(&parts, template.into_iter().collect());
    told(draft(Maker { outside, request: None }, method, url, &filled))
}

fn draft(maker: Maker<'_>, method: &str, url: &str, parts: &Filled<'_>) -> Made<Http> {
    let mut http = Http { method: method.into(), url: url.into(), ..Http::default() };
    for (name, value) in parts.member("headers").iter().flat_map(Filled::members) {
        match maker.text(&value) {
            Ok(text) => http.push_header(name, text)?,
            Err(Stop::Missing) => {}
            Err(fault) => return Err(fault),
        }
    }
    if let Some(query) = parts.member("query") {
        http.push_query(&form::pairs(maker, &query)?);
    }
    if let Some(body) = body::of(maker, parts)? {
        http.push_header("Content-Type", body.media_type)?;
        http.body = Some(body.bytes);
    }
    Ok(http)
}

/// The request with what the document attaches to it: `elements` as the dialect has filled them, each of which sees what those before
/// it have made of the request. A header that the request has already stays; a body that is neither a JSON object nor a form gets no
/// member.
///
/// # Errors
/// As for [`write()`].
pub fn attach(dialect: &Dialect, mut http: Http, elements: &[Value], outside: &dyn Outside) -> Result<Http, Unwritten> {
    let own: Vec<String> = http.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    for element in elements {
        http.cookies |= element.get("cookies").is_some();
        let Some((place, name)) = place(element) else { continue };
        if place == "header" && own.contains(&name.to_ascii_lowercase()) {
            continue;
        }
        let templates = ["always", "attach"].iter().flat_map(|list| dialect.list(list));
        let templates = templates.filter(|it| self::place(it) == Some((place, name))).collect();
        let made = {
            let seen = Seen { method: &http.method, url: &http.url, body: http.body.as_deref().unwrap_or_default() };
            let maker = Maker { outside, request: Some(&seen) };
            let value = Filled::new(element, templates).member("value");
            value.map_or(Err(Stop::Missing), |value| maker.value(&value))
        };
        told(match made {
            Ok(value) => http.take(place, name, &value),
            Err(Stop::Missing) => Ok(()),
            Err(fault) => Err(fault),
        })?;
    }
    Ok(http)
}

/// Where an element of `attach` or `always` goes, and under which name.
fn place(element: &Value) -> Option<(&'static str, &str)> {
    ["header", "query", "body"].into_iter().find_map(|place| Some((place, element.get(place)?.as_str()?)))
}

fn told<T>(made: Made<T>) -> Result<T, Unwritten> {
    made.map_err(|stop| match stop {
        Stop::Missing => Unwritten::Argument("cookie".into()),
        Stop::Fault(fault) => fault,
    })
}

impl Http {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Beside those that there are, of which one of the same name goes before it.
    fn push_header(&mut self, name: &str, value: String) -> Made<()> {
        if !is_header_text(&value) {
            return Err(fault(name));
        }
        if self.header(name).is_none() {
            self.headers.push((name.into(), value));
        }
        Ok(())
    }

    fn push_query(&mut self, pairs: &[(String, String)]) {
        let query = form::encoded(pairs);
        if query.is_empty() {
            return;
        }
        let end = self.url.find('#').unwrap_or(self.url.len());
        let joint = if self.url.get(..end).is_some_and(|it| it.contains('?')) { "&" } else { "?" };
        self.url.insert_str(end, &[joint, &query].concat());
    }

    /// Drops the parameters of that name.
    fn clear_query(&mut self, name: &str) {
        let (url, fragment) =
            self.url.split_at_checked(self.url.find('#').unwrap_or(self.url.len())).unwrap_or_default();
        let Some((path, query)) = url.split_once('?') else { return };
        let is_other = |it: &&str| form::decoded(it).first().is_none_or(|(other, _)| other != name);
        let others: Vec<&str> = query.split('&').filter(is_other).collect();
        let joint = if others.is_empty() { "" } else { "?" };
        self.url = [path, joint, &others.join("&"), fragment].concat();
    }

    /// Takes on the value of one element of `attach` or `always`.
    fn take(&mut self, place: &str, name: &str, value: &Value) -> Made<()> {
        if place == "body" {
            self.push_member(name, value);
            return Ok(());
        }
        let text = plain(value).ok_or_else(|| fault(name))?;
        if place == "header" {
            self.headers.retain(|(it, _)| !it.eq_ignore_ascii_case(name));
            return self.push_header(name, text);
        }
        self.clear_query(name);
        self.push_query(&[(name.into(), text)]);
        Ok(())
    }

    /// What has no body, or one of another kind, goes without.
    fn push_member(&mut self, name: &str, value: &Value) {
        let body = self.body.as_deref().and_then(|body| body::with(body, self.header("content-type"), name, value));
        self.body = body.or_else(|| self.body.take());
    }
}

/// Visible characters, blanks and tabs (RFC 9110 section 5.5); never CR, LF or NUL.
fn is_header_text(text: &str) -> bool {
    text.bytes().all(|byte| byte == b'\t' || (byte >= b' ' && byte != 0x7f))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::outside::tests::Fixed;
    use serde_json::json;

    const URL: &str = "https://api.example.com/login";

    fn values(json: serde_json::Value) -> Values {
        Values::of(Value::from(&json)).unwrap()
    }

    fn dialect(request: serde_json::Value, attach: serde_json::Value) -> Dialect {
        let document = json!({ "name": "x", "attach": attach, "login": { "request": request } });
        Dialect::unchecked(Value::from(&document)).unwrap()
    }

    fn written(parts: serde_json::Value) -> Result<Http, Unwritten> {
        write(&dialect(parts.clone(), json!([])), ("login", 0), ("POST", URL), &values(parts), &Fixed)
    }

    fn attached(http: Http, elements: serde_json::Value) -> Result<Http, Unwritten> {
        let dialect = dialect(json!({}), elements.clone());
        attach(&dialect, http, Value::from(&elements).elements().unwrap(), &Fixed)
    }

    fn call(method: &str, media_type: &str, body: &str) -> Http {
        let headers = vec![("content-type".into(), media_type.into())];
        Http { method: method.into(), url: URL.into(), headers, body: Some(body.into()), cookies: false }
    }

    fn text(http: &Http) -> &str {
        std::str::from_utf8(http.body.as_deref().unwrap_or_default()).unwrap()
    }

    #[test]
    fn each_kind_of_body_has_its_media_type() {
        for (parts, media_type, body) in [
            (
                json!({ "json": { "a": { "$md5": "abc" } } }),
                "application/json",
                r#"{"a":"900150983cd24fb0d6963f7d28e17f72"}"#,
            ),
            (json!({ "form": { "grant_type": "password", "u": "a b" } }), body::FORM, "grant_type=password&u=a+b"),
            (json!({ "text": "ada\nx" }), "text/plain;charset=UTF-8", "ada\nx"),
            (
                json!({ "xml": { "a": 1 } }),
                "application/xml;charset=UTF-8",
                r#"<?xml version="1.0" encoding="UTF-8"?><a>1</a>"#,
            ),
            (json!({ "text": "q", "headers": { "content-type": "text/x" } }), "text/x", "q"),
        ] {
            let http = written(parts).unwrap();
            assert_eq!((http.header("Content-Type"), text(&http)), (Some(media_type), body));
        }
        let multipart = written(json!({ "multipart": { "a": 1 } })).unwrap();
        let boundary = multipart.header("content-type").unwrap().split("boundary=").nth(1).unwrap();
        assert!(text(&multipart).starts_with(&["--", boundary, "\r\n"].concat()));
        assert!(written(json!({})).unwrap().body.is_none());
    }

    #[test]
    fn query_and_headers_are_written_and_a_missing_cookie_leaves_its_header_out() {
        let parts = json!({
            "query": { "u": "a&b", "n": 2 },
            "headers": { "Authorization": { "$concat": ["Basic ", { "$base64": "ada:pw" }] }, "X-C": { "$cookie": "none" } }
        });
        let http = written(parts).unwrap();
        assert_eq!(http.url, [URL, "?u=a%26b&n=2"].concat());
        assert!(http.headers == vec![("Authorization".to_string(), "Basic YWRhOnB3".to_string())]);
    }

    #[test]
    fn no_function_brings_a_line_break_into_a_header() {
        let parts = json!({ "headers": { "X-A": { "$concat": ["a\r\n", "Evil: 1"] } } });
        assert_eq!(written(parts).err(), Some(Unwritten::Argument("X-A".into())));
    }

    #[test]
    fn the_token_goes_into_header_query_and_body() {
        let http = call("POST", "application/json; charset=utf-8", r#"{"n":12345678901234567,"t":"old"}"#);
        let elements = json!([
            { "header": "X-Token", "value": "a.b" }, { "query": "token", "value": "a b" }, { "body": "t", "value": "new" },
            { "header": "X-None", "value": { "$cookie": "none" } }, { "cookies": true }
        ]);
        let http = attached(http, elements).unwrap();
        assert_eq!(http.url, [URL, "?token=a+b"].concat());
        assert_eq!((http.header("x-token"), http.header("x-none")), (Some("a.b"), None));
        assert_eq!(text(&http), r#"{"n":12345678901234567,"t":"new"}"#);
        assert!(http.cookies);
    }

    #[test]
    fn a_form_gets_a_field_and_what_has_no_body_goes_without() {
        let element = json!([{ "body": "t", "value": "a b" }]);
        let http = attached(call("POST", body::FORM, "x=1&t=0"), element.clone()).unwrap();
        assert_eq!(text(&http), "x=1&t=a+b");
        let bare = Http { method: "POST".into(), url: URL.into(), ..Http::default() };
        assert!(attached(bare.clone(), element).is_ok_and(|it| it == bare));
    }

    #[test]
    fn a_body_of_another_kind_goes_without_the_token() {
        for (media_type, body) in [("text/plain", "{}"), ("application/json", "[]"), ("application/json", "{")] {
            let http = attached(call("POST", media_type, body), json!([{ "body": "t", "value": "a" }])).unwrap();
            assert_eq!(text(&http), body);
        }
    }

    #[test]
    fn a_header_of_the_request_itself_stays_and_a_parameter_is_replaced() {
        let mut http = call("GET", "text/plain", "");
        http.headers.push(("X-Token".into(), "own".into()));
        http.url.push_str("?a=1&t%6Fken=old&b=%20#c");
        let elements = json!([{ "header": "x-token", "value": "new" }, { "query": "token", "value": "new" }]);
        let http = attached(http, elements).unwrap();
        assert_eq!(http.header("x-token"), Some("own"));
        assert_eq!(http.url, [URL, "?a=1&b=%20&token=new#c"].concat());
    }

    #[test]
    fn a_signature_sees_the_request_with_what_was_attached_before() {
        let elements = json!([
            { "query": "t", "value": 1 }, { "header": "X-Signature", "value": { "$plugin": "sign" } }
        ]);
        let http = attached(call("PUT", "text/plain", "body"), elements).unwrap();
        assert_eq!(http.header("x-signature"), Some(["PUT ", URL, "?t=1 body"].concat().as_str()));
    }

    #[test]
    fn a_query_goes_before_the_fragment_and_behind_another_query() {
        let mut http = Http { url: "https://a.example/x?b=1#c".into(), ..Http::default() };
        http.push_query(&[("t".into(), "2".into())]);
        assert_eq!(http.url, "https://a.example/x?b=1&t=2#c");
    }
}
