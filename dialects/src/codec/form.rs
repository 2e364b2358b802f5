//! Queries, forms and multipart: names with texts, a list for a name that stands several times.

use super::filled::Filled;
use super::function::{Made, Maker, Stop, fault};
use super::outside::Unwritten;
use crate::Value;
use form_urlencoded::Serializer;

pub(super) type Pairs = Vec<(String, String)>;

/// The pairs that an object of a request comes to, its functions resolved.
pub(super) fn pairs(maker: Maker<'_>, object: &Filled<'_>) -> Made<Pairs> {
    let mut pairs = Pairs::new();
    for (name, member) in object.members() {
        for element in member.elements().unwrap_or_else(|| vec![member]) {
            match maker.text(&element) {
                Ok(text) => pairs.push((name.into(), text)),
                Err(Stop::Missing) => {}
                Err(Stop::Fault(Unwritten::Argument(_))) => return Err(fault(name)),
                Err(fault) => return Err(fault),
            }
        }
    }
    Ok(pairs)
}

/// As browsers write it (WHATWG URL).
pub(super) fn encoded(pairs: &[(String, String)]) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// The pairs of a query or form. Bytes that are no UTF-8 become characters that no password has.
pub(super) fn decoded(text: &str) -> Pairs {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

/// Pairs as a template reads them.
pub(super) fn object(pairs: Pairs) -> Value {
    let mut members: Vec<(String, Value)> = Vec::new();
    for (name, text) in pairs {
        match members.iter_mut().find(|(it, _)| *it == name) {
            None => members.push((name, text.into())),
            Some((_, Value::List(list))) => list.push(text.into()),
            Some((_, first)) => *first = Value::List(vec![first.clone(), text.into()]),
        }
    }
    Value::Object(members)
}

/// A multipart body of text fields (RFC 7578), with line breaks as browsers have them. The boundary is random, so that no value can hold it.
pub(super) fn multipart(pairs: &[(String, String)], boundary: &str) -> String {
    let mut body = String::new();
    for (name, value) in pairs {
        let (name, value) = (quoted(&line_breaks(name)), line_breaks(value));
        body.push_str(&format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    }
    body + "--" + boundary + "--\r\n"
}

fn line_breaks(text: &str) -> String {
    text.replace("\r\n", "\n").replace(['\r', '\n'], "\r\n")
}

fn quoted(name: &str) -> String {
    name.replace('\r', "%0D").replace('\n', "%0A").replace('"', "%22")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::outside::tests::Fixed;

    fn of(json: serde_json::Value) -> Made<Pairs> {
        let value = Value::from(&json);
        pairs(Maker { outside: &Fixed, request: None }, &Filled::new(&value, vec![&value]))
    }

    #[test]
    fn numbers_lists_and_functions_stand_in_a_query() {
        let made = of(serde_json::json!({
            "scope": ["a b", "c&d"], "n": 1, "on": true, "h": { "$md5": "abc" }, "gone": { "$cookie": "none" }
        }));
        let text = encoded(&made.unwrap_or_default());
        assert_eq!(text, "scope=a+b&scope=c%26d&n=1&on=true&h=900150983cd24fb0d6963f7d28e17f72");
    }

    #[test]
    fn what_has_no_text_is_the_fault_of_its_name() {
        assert_eq!(of(serde_json::json!({ "a": { "b": 1 } })), Err(fault("a")));
        assert_eq!(of(serde_json::json!({ "a": null })), Err(fault("a")));
    }

    #[test]
    fn a_form_is_read_back_as_it_was_written() {
        let pairs =
            vec![("a".to_string(), "ñ =&+%".to_string()), ("a".into(), "2".into()), ("b".into(), String::new())];
        let object = object(decoded(&encoded(&pairs)));
        let expected = serde_json::json!({ "a": ["ñ =&+%", "2"], "b": "" });
        assert!(object == Value::from(&expected));
    }

    #[test]
    fn no_value_breaks_out_of_its_part() {
        let pairs = vec![("a\"\r\nX: y".to_string(), "1\n2\r\n--x--".to_string())];
        let head = "--b0\r\nContent-Disposition: form-data; name=\"a%22%0D%0AX: y\"\r\n\r\n";
        assert_eq!(multipart(&pairs, "b0"), format!("{head}1\r\n2\r\n--x--\r\n--b0--\r\n"));
    }
}
