//! XML as values: an element with nothing but text is that text, one with children or attributes is an object, attributes are
//! members `@name`, text beside them is `#text`, and what stands several times is a list.
//!
//! Strict: no DTD, hence no entities but the five of XML; bounded in size, depth and nodes before anything is built of it.

use super::function::plain;
use crate::Value;
use roxmltree::{Document, Node, ParsingOptions};

/// Larger than any login answer.
const MAX_BYTES: usize = 128 * 1024;

/// The parser copies the namespaces in force to each element that declares one, and compares the attributes of an element with each
/// other: a hundred kilobytes of either would take a minute.
const MAX_NAMESPACES: usize = 256;
const MAX_ATTRIBUTES: usize = 4096;

const MAX_NODES: u32 = 20_000;

/// As deep as documents may nest, and some for what stands beside.
const MAX_DEPTH: usize = 32;

/// The text of an element and all that is in it; `None` if it cannot be told in XML.
pub(super) fn write(root: &Value) -> Option<String> {
    let [(name, value)] = root.members()? else { return None };
    let mut out = String::from(r#"<?xml version="1.0" encoding="UTF-8"?>"#);
    write_element(name, value, MAX_DEPTH, &mut out)?;
    Some(out)
}

fn write_element(name: &str, value: &Value, depth: usize, out: &mut String) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    if let Value::List(elements) = value {
        return elements.iter().try_for_each(|it| write_element(name, it, depth, out));
    }
    out.extend(["<", named(name)?]);
    let (attributes, content) = split(value);
    for (attribute, value) in attributes {
        let value = escaped(&plain(value)?)?;
        out.extend([" ", named(attribute)?, "=\"", &value, "\""]);
    }
    out.push('>');
    for (child, value) in content {
        match child {
            "#text" => out.push_str(&text_of(value)?),
            child => write_element(child, value, depth, out)?,
        }
    }
    out.extend(["</", name, ">"]);
    Some(())
}

type Members<'a> = Vec<(&'a str, &'a Value)>;

/// The attributes of an element, and what is in it.
fn split(value: &Value) -> (Members<'_>, Members<'_>) {
    let Some(members) = value.members() else { return (Vec::new(), vec![("#text", value)]) };
    let (attributes, content): (Members<'_>, Members<'_>) =
        members.iter().map(|(name, value)| (name.as_str(), value)).partition(|(name, _)| name.starts_with('@'));
    (attributes.into_iter().map(|(name, value)| (name.trim_start_matches('@'), value)).collect(), content)
}

fn text_of(value: &Value) -> Option<String> {
    if matches!(value, Value::Null) { Some(String::new()) } else { escaped(&plain(value)?) }
}

/// A name in ASCII, with a prefix perhaps: what comes out of a hole may be none.
fn named(name: &str) -> Option<&str> {
    let first = name.bytes().next()?;
    let good = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':');
    (name.bytes().all(good) && (first.is_ascii_alphabetic() || first == b'_')).then_some(name)
}

/// `None` for a character that no XML text has (XML 1.0 section 2.2).
fn escaped(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // As they stand, readers would take them for blanks or other line breaks.
            '\r' | '\n' | '\t' => out.push_str(&format!("&#{};", c as u32)),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => return None,
            c => out.push(c),
        }
    }
    Some(out)
}

/// The value of a document along these templates, which say where a list is meant, or a number; `None` if it is not XML.
pub(super) fn read(text: &str, templates: &[&Value]) -> Option<Value> {
    if text.len() > MAX_BYTES || has_more(text, "xmlns", MAX_NAMESPACES) || has_more(text, "=", MAX_ATTRIBUTES) {
        return None;
    }
    let options = ParsingOptions { nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).ok()?;
    let root = document.root_element();
    Some(Value::Object(children(&[root], templates, MAX_DEPTH)))
}

fn has_more(text: &str, what: &str, most: usize) -> bool {
    text.matches(what).nth(most).is_some()
}

/// The members that the templates name among these elements.
fn children(elements: &[Node<'_, '_>], templates: &[&Value], depth: usize) -> Vec<(String, Value)> {
    let mut members: Vec<(String, Value)> = Vec::new();
    for name in names(templates) {
        let below: Vec<&Value> = templates.iter().filter_map(|it| it.get(name)).collect();
        let found: Vec<_> = elements.iter().filter(|it| is_named(it, name)).copied().collect();
        if let Some(value) = several(&found, &below, depth) {
            members.push((name.into(), value));
        }
    }
    members
}

/// The names of all members of these templates, each once.
fn names<'a>(templates: &[&'a Value]) -> Vec<&'a str> {
    let mut names = Vec::new();
    for (name, _) in templates.iter().filter_map(|it| it.members()).flatten() {
        if !names.contains(&name.as_str()) {
            names.push(name.as_str());
        }
    }
    names
}

/// A name without a prefix fits any; one with a prefix is compared as it is written.
fn is_named(node: &Node<'_, '_>, name: &str) -> bool {
    if name.contains(':') { written(node) == name } else { node.tag_name().name() == name }
}

/// The name as it stands in the document.
fn written<'a>(node: &Node<'a, '_>) -> &'a str {
    let tag = node.document().input_text().get(node.range()).unwrap_or_default();
    let end = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>');
    tag.trim_start_matches('<').split(end).next().unwrap_or_default()
}

/// What elements of one name come to: a list where a template has one, else the first of them.
fn several(found: &[Node<'_, '_>], templates: &[&Value], depth: usize) -> Option<Value> {
    let lists: Vec<&[Value]> = templates.iter().filter_map(|it| it.elements()).collect();
    if lists.is_empty() {
        return found.first().map(|it| one(it, templates, depth));
    }
    let of = |at: usize| lists.iter().filter_map(|it| it.get(at).or_else(|| it.last())).collect::<Vec<_>>();
    Some(Value::List(found.iter().enumerate().map(|(at, it)| one(it, &of(at), depth)).collect()))
}

fn one(node: &Node<'_, '_>, templates: &[&Value], depth: usize) -> Value {
    let objects: Vec<&Value> = templates.iter().filter(|it| is_object(it)).copied().collect();
    match depth.checked_sub(1) {
        Some(depth) if !objects.is_empty() => Value::Object(inside(node, &objects, depth)),
        _ => typed(&text(node), templates),
    }
}

/// A function reads a text.
fn is_object(template: &Value) -> bool {
    template.members().is_some() && super::function::named(template).is_none()
}

fn inside(node: &Node<'_, '_>, templates: &[&Value], depth: usize) -> Vec<(String, Value)> {
    let elements: Vec<_> = node.children().filter(Node::is_element).collect();
    let mut members = children(&elements, templates, depth);
    for name in names(templates) {
        let below: Vec<&Value> = templates.iter().filter_map(|it| it.get(name)).collect();
        let found = match name.strip_prefix('@') {
            Some(attribute) => attribute_of(node, attribute).map(String::from),
            None if name == "#text" => Some(text(node)),
            None => None,
        };
        members.extend(found.map(|text| (name.into(), typed(&text, &below))));
    }
    members
}

/// By its name without a prefix, as it is with elements.
fn attribute_of<'a>(node: &Node<'a, '_>, name: &str) -> Option<&'a str> {
    let local = name.rsplit(':').next().unwrap_or(name);
    node.attributes().find(|it| it.name() == local).map(|it| it.value())
}

/// The element's own text, without the blanks around it that come from indenting.
fn text(node: &Node<'_, '_>) -> String {
    let own: String = node.children().filter(Node::is_text).filter_map(|it| it.text()).collect();
    own.trim().into()
}

/// XML knows texts alone; where a template has a constant of another kind, it is that which is meant.
pub(super) fn typed(text: &str, templates: &[&Value]) -> Value {
    let meant = templates.iter().find_map(|it| match it {
        Value::Number(_) => number(text).map(Value::Number),
        Value::Bool(_) => text.parse().ok().map(Value::Bool),
        _ => None,
    });
    meant.unwrap_or_else(|| text.into())
}

/// Plain decimal digits: what else `parse` takes for a number is not meant as one.
fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.bytes().all(|it| it.is_ascii_digit() || it == b'.')
        && digits.starts_with(|it: char| it.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn reads(text: &str, template: serde_json::Value, value: serde_json::Value) {
        let read = read(text, &[&Value::from(&template)]).map(|it| serde_json::Value::from(&it));
        assert_eq!(read, Some(value), "{text}");
    }

    #[test]
    fn an_element_is_written_with_attributes_children_and_lists() {
        let value = json!({ "m:call": { "@xmlns:m": "urn:x", "name": "a<b & \"c\"", "param": [1, { "v": true }], "none": null } });
        let xml = write(&Value::from(&value)).unwrap_or_default();
        let body = "<name>a&lt;b &amp; &quot;c&quot;</name><param>1</param><param><v>true</v></param><none></none>";
        assert_eq!(xml, format!(r#"<?xml version="1.0" encoding="UTF-8"?><m:call xmlns:m="urn:x">{body}</m:call>"#));
    }

    #[test]
    fn what_no_xml_can_tell_is_not_written() {
        for value in [
            json!({ "a": "\u{1}" }),
            json!({ "a b": "x" }),
            json!({ "a><x": 1 }),
            json!({ "a": 1, "b": 2 }),
            json!("a"),
        ] {
            assert_eq!(write(&Value::from(&value)), None, "{value}");
        }
        let deep = (0..100).fold(json!(1), |inner, _| json!({ "a": inner }));
        assert_eq!(write(&Value::from(&deep)), None);
    }

    #[test]
    fn reading_goes_along_the_template() {
        let text = r#"<?xml version="1.0"?><s:Envelope xmlns:s="urn:s"><s:Body id="7">
            <r><t> abc </t><u>1</u></r><r><t>def</t></r></s:Body></s:Envelope>"#;
        let first = json!({ "Envelope": { "Body": { "@id": 7, "r": { "t": "{access_token}", "u": "{_}" } } } });
        reads(text, first, json!({ "Envelope": { "Body": { "r": { "t": "abc", "u": "1" }, "@id": 7 } } }));
        let all = json!({ "s:Envelope": { "Body": { "r": [{ "t": "{a}" }] } } });
        reads(text, all, json!({ "s:Envelope": { "Body": { "r": [{ "t": "abc" }, { "t": "def" }] } } }));
        reads(text, json!({ "x:Envelope": "{_}" }), json!({}));
    }

    #[test]
    fn one_element_is_a_list_of_one_and_text_beside_attributes_has_a_name() {
        reads(
            "<a><b c='1'>x</b></a>",
            json!({ "a": { "b": [{ "#text": "{t}" }] } }),
            json!({ "a": { "b": [{ "#text": "x" }] } }),
        );
        reads("<a><b c='1'>x</b></a>", json!({ "a": { "b": "{t}" } }), json!({ "a": { "b": "x" } }));
        reads("<a><![CDATA[<x>]]>&amp;</a>", json!({ "a": "{t}" }), json!({ "a": "<x>&" }));
    }

    #[test]
    fn hostile_xml_is_refused() {
        let template = Value::from(&json!({ "a": "{t}" }));
        let entities = r#"<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>"#;
        let external = r#"<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>"#;
        let deep = "<a>".repeat(30_000);
        let many = format!("<a>{}</a>", "<b/>".repeat(25_000));
        let spaces: String = (0..4_000).map(|it| format!("<a xmlns:a{it}='u'>")).collect();
        let attributes: String = (0..9_000).map(|it| format!(" a{it}=''")).collect();
        let spaces = [&spaces, "</a>".repeat(4_000).as_str()].concat();
        let attributes = ["<a", &attributes, "/>"].concat();
        let large = format!("<a>{}</a>", " ".repeat(MAX_BYTES));
        for text in [
            entities,
            external,
            &deep,
            &many,
            &large,
            &spaces,
            &attributes,
            "<a>",
            "<a/><a/>",
            "<a>&x;</a>",
            "<a b='1' b='2'/>",
            "",
            "{}",
        ] {
            assert!(read(text, &[&template]).is_none(), "{}", text.get(..40).unwrap_or(text));
        }
    }
}
