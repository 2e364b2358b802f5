//! The body of a request, by the one part of it that has one.

use super::filled::Filled;
use super::function::{Made, Maker, fault, uuid};
use super::{form, xml};
use crate::Value;

/// A media type and the bytes of that type.
pub(super) struct Body {
    pub(super) media_type: String,
    pub(super) bytes: Vec<u8>,
}

impl Body {
    fn new(media_type: &str, text: String) -> Body {
        Body { media_type: media_type.into(), bytes: text.into_bytes() }
    }
}

pub(super) const FORM: &str = "application/x-www-form-urlencoded";

/// The body that these parts make; `None` for a request without one.
pub(super) fn of(maker: Maker<'_>, parts: &Filled<'_>) -> Made<Option<Body>> {
    if let Some(json) = parts.member("json") {
        return Ok(Some(Body::new("application/json", json_text(&maker.value(&json)?))));
    }
    if let Some(object) = parts.member("form") {
        return Ok(Some(Body::new(FORM, form::encoded(&form::pairs(maker, &object)?))));
    }
    if let Some(object) = parts.member("multipart") {
        return Ok(Some(multipart(maker, &object)?));
    }
    if let Some(text) = parts.member("text") {
        return Ok(Some(Body::new("text/plain;charset=UTF-8", maker.text(&text)?)));
    }
    let Some(root) = parts.member("xml") else { return Ok(None) };
    let text = xml::write(&maker.value(&root)?).ok_or_else(|| fault("xml"))?;
    Ok(Some(Body::new("application/xml;charset=UTF-8", text)))
}

fn multipart(maker: Maker<'_>, object: &Filled<'_>) -> Made<Body> {
    let boundary = ["relatch-", &uuid(maker.outside.random())].concat();
    let text = form::multipart(&form::pairs(maker, object)?, &boundary);
    Ok(Body::new(&["multipart/form-data; boundary=", &boundary].concat(), text))
}

fn json_text(value: &Value) -> String {
    serde_json::Value::from(value).to_string()
}

/// The same body with one more member or field, in place of one that has that name; `None` where it can have none.
pub(super) fn with(body: &[u8], media_type: Option<&str>, name: &str, value: &Value) -> Option<Vec<u8>> {
    let essence = media_type.unwrap_or("application/json").split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case(FORM) {
        let text = std::str::from_utf8(body).ok()?;
        let mut pairs = form::decoded(text);
        pairs.retain(|(it, _)| it != name);
        pairs.push((name.into(), super::function::plain(value)?));
        return Some(form::encoded(&pairs).into_bytes());
    }
    let is_json = essence.to_ascii_lowercase().contains("json");
    let mut json: serde_json::Value = serde_json::from_slice(body).ok().filter(|_| is_json)?;
    json.as_object_mut()?.insert(name.into(), value.into());
    Some(json.to_string().into_bytes())
}
