//! Requests as bytes, and what is attached to them.

use super::body;
use super::form;
use super::function::{Maker, Stop};
use super::outside::{Outside, Seen};
use crate::{Value, Values};

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

/// The request that these parts make: `query`, `headers`, and one of `json`, `form`, `multipart`, `text` and `xml`.
///
/// # Errors
/// The name of what has no value that could stand there.
pub fn write(method: &str, url: &str, parts: &Values, outside: &dyn Outside) -> Result<Http, String> {
    named(draft(Maker { outside, request: None }, method, url, parts))
}

fn draft(maker: Maker<'_>, method: &str, url: &str, parts: &Values) -> Result<Http, Stop> {
    let mut http = Http { method: method.into(), url: url.into(), ..Http::default() };
    for (name, value) in parts.get("headers").and_then(Value::members).unwrap_or_default() {
        match maker.text(value) {
            Ok(text) => http.set_header(name, text)?,
            Err(Stop::Missing) => {}
            Err(fault) => return Err(fault),
        }
    }
    if let Some(query) = parts.get("query") {
        http.push_query(&form::pairs(maker, query)?);
    }
    if let Some(body) = body::of(maker, parts)? {
        if http.header("content-type").is_none() {
            http.set_header("Content-Type", body.media_type)?;
        }
        http.body = Some(body.bytes);
    }
    Ok(http)
}

/// The request with what the document attaches to it: `elements` as the dialect has filled them, each of which sees what those before
/// it have made of the request.
///
/// # Errors
/// As for [`write`]; also the name of a body's member, if the body is neither a JSON object nor a form.
pub fn attach(mut http: Http, elements: &[Value], outside: &dyn Outside) -> Result<Http, String> {
    for element in elements {
        if element.get("cookies").and_then(Value::as_bool) == Some(true) {
            http.cookies = true;
            continue;
        }
        let made = {
            let seen = Seen { method: &http.method, url: &http.url, body: http.body.as_deref().unwrap_or_default() };
            let maker = Maker { outside, request: Some(&seen) };
            element.get("value").map_or(Err(Stop::Missing), |value| maker.value(value))
        };
        named(match made {
            Ok(value) => http.take(element, &value),
            Err(Stop::Missing) => Ok(()),
            Err(fault) => Err(fault),
        })?;
    }
    Ok(http)
}

fn named<T>(made: Result<T, Stop>) -> Result<T, String> {
    made.map_err(|stop| match stop {
        Stop::Missing => "cookie".into(),
        Stop::Fault(name) => name,
    })
}

impl Http {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// In place of one of the same name.
    fn set_header(&mut self, name: &str, value: String) -> Result<(), Stop> {
        if !is_header_text(&value) {
            return Err(Stop::Fault(name.into()));
        }
        self.headers.retain(|(it, _)| !it.eq_ignore_ascii_case(name));
        self.headers.push((name.into(), value));
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

    /// Takes on one filled element of `attach` or `always`.
    fn take(&mut self, element: &Value, value: &Value) -> Result<(), Stop> {
        let named = |member| element.get(member).and_then(Value::as_str);
        let text = |name: &str| super::function::plain(value).ok_or_else(|| Stop::Fault(name.into()));
        if let Some(name) = named("header") {
            self.set_header(name, text(name)?)?;
        }
        if let Some(name) = named("query") {
            self.push_query(&[(name.into(), text(name)?)]);
        }
        match named("body") {
            Some(name) => self.push_member(name, value),
            None => Ok(()),
        }
    }

    /// A request that cannot have a body goes without.
    fn push_member(&mut self, name: &str, value: &Value) -> Result<(), Stop> {
        if matches!(self.method.as_str(), "GET" | "HEAD") {
            return Ok(());
        }
        let body = self.body.as_deref().unwrap_or_default();
        let body = body::with(body, self.header("content-type"), name, value);
        self.body = Some(body.ok_or_else(|| Stop::Fault(name.into()))?);
        if self.header("content-type").is_none() {
            self.set_header("Content-Type", "application/json".into())?;
        }
        Ok(())
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

    fn written(parts: serde_json::Value) -> Result<Http, String> {
        write("POST", URL, &values(parts), &Fixed)
    }

    fn attached(http: Http, elements: serde_json::Value) -> Result<Http, String> {
        attach(http, Value::from(&elements).elements().unwrap(), &Fixed)
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
            (json!({ "xml": { "a": 1 } }), "application/xml", r#"<?xml version="1.0" encoding="UTF-8"?><a>1</a>"#),
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
        assert_eq!(written(parts).err().as_deref(), Some("X-A"));
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
    fn a_form_gets_a_field_and_an_empty_body_becomes_an_object() {
        let element = json!([{ "body": "t", "value": "a b" }]);
        let http = attached(call("POST", body::FORM, "x=1&t=0"), element.clone()).unwrap();
        assert_eq!(text(&http), "x=1&t=a+b");
        let bare = Http { method: "POST".into(), url: URL.into(), ..Http::default() };
        let http = attached(bare.clone(), element.clone()).unwrap();
        assert_eq!((http.header("content-type"), text(&http)), (Some("application/json"), r#"{"t":"a b"}"#));
        let get = Http { method: "GET".into(), ..bare };
        assert!(attached(get.clone(), element).is_ok_and(|it| it == get));
    }

    #[test]
    fn a_body_of_another_kind_takes_no_token() {
        let element = json!([{ "body": "t", "value": "a" }]);
        for (media_type, body) in [("text/plain", "{}"), ("application/json", "[]"), ("application/json", "{")] {
            assert_eq!(attached(call("POST", media_type, body), element.clone()).err().as_deref(), Some("t"));
        }
    }

    #[test]
    fn a_signature_sees_the_request_with_what_was_attached_before() {
        let elements = json!([
            { "query": "t", "value": 1 }, { "header": "X-Signature", "value": { "$plugin": "sign" } }
        ]);
        let http = attached(call("PUT", "text/plain", "body"), elements).unwrap();
        assert_eq!(http.header("x-signature"), Some([&"PUT ", URL, "?t=1 body"].concat().as_str()));
    }

    #[test]
    fn a_query_goes_before_the_fragment_and_behind_another_query() {
        let mut http = Http { url: "https://a.example/x?b=1#c".into(), ..Http::default() };
        http.push_query(&[("t".into(), "2".into())]);
        assert_eq!(http.url, "https://a.example/x?b=1&t=2#c");
    }
}
