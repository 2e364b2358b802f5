//! A schema as a shape.

use super::resolve::{Document, elements, members, text};
use crate::draft::shape::{Kind, Shape};
use serde_json::Value;

/// Deeper than any login answer; a schema that contains itself ends here.
const MAX_DEPTH: usize = 8;

/// The shape that a schema describes, with an example of it if there is one.
pub(super) fn shape(document: Document<'_>, schema: &Value, example: Option<&Value>) -> Shape {
    let mut shape = described(document, schema, MAX_DEPTH);
    if let Some(example) = example {
        exemplify(&mut shape, example);
    }
    shape
}

fn described(document: Document<'_>, schema: &Value, depth: usize) -> Shape {
    let schema = document.resolve(schema);
    if depth == 0 {
        return Shape::default();
    }
    let mut shape = Shape { kind: kind(document, schema, depth), ..Shape::default() };
    for part in elements(schema.get("allOf")) {
        merge(&mut shape, described(document, part, depth - 1));
    }
    // Of several forms the fullest: what may come is what may be captured.
    let forms = elements(schema.get("oneOf")).iter().chain(elements(schema.get("anyOf")));
    let fullest = forms
        .map(|it| described(document, it, depth - 1))
        .max_by_key(|it| (it.members().len(), !matches!(it.kind, Kind::Any)));
    if let Some(fullest) = fullest {
        merge(&mut shape, fullest);
    }
    shape.about =
        format!("{} {} {}", text(schema, "title"), text(schema, "description"), text(schema, "format")).trim().into();
    let values = elements(schema.get("enum"));
    let pattern = text(schema, "pattern").trim_start_matches('^').trim_end_matches('$');
    shape.constant = schema.get("const").or_else(|| values.first().filter(|_| values.len() == 1)).cloned();
    if shape.constant.is_none() && pattern == "password" {
        shape.constant = Some(pattern.into());
    }
    if let Some(example) = schema.get("example").or_else(|| elements(schema.get("examples")).first()) {
        exemplify(&mut shape, example);
    }
    shape
}

fn kind(document: Document<'_>, schema: &Value, depth: usize) -> Kind {
    let stated = match schema.get("type") {
        Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).find(|it| *it != "null"),
        Some(one) => one.as_str(),
        None => None,
    };
    match stated {
        Some("string") => Kind::Text,
        Some("integer" | "number") => Kind::Number,
        Some("boolean") => Kind::Bool,
        Some("array") => Kind::List(schema.get("items").map(|it| Box::new(described(document, it, depth - 1)))),
        _ if schema.get("properties").is_some() || stated == Some("object") => object(document, schema, depth),
        _ => Kind::Any,
    }
}

fn object(document: Document<'_>, schema: &Value, depth: usize) -> Kind {
    let required = elements(schema.get("required"));
    let member = |(name, it): (&String, &Value)| {
        let mut shape = described(document, it, depth - 1);
        shape.required = required.iter().any(|it| it.as_str() == Some(name));
        (name.clone(), shape)
    };
    Kind::Object(members(schema.get("properties")).into_iter().map(member).collect())
}

/// Adds what another schema says about the same value.
fn merge(shape: &mut Shape, other: Shape) {
    match (&mut shape.kind, other.kind) {
        (Kind::Object(members), Kind::Object(more)) => {
            for (name, it) in more {
                match members.iter_mut().find(|(known, _)| *known == name) {
                    // Wrappers leave open what the second schema tells.
                    Some((_, known)) => merge(known, it),
                    None => members.push((name, it)),
                }
            }
        }
        (kind @ Kind::Any, more) => *kind = more,
        _ => {}
    }
    shape.required |= other.required;
    shape.sample = shape.sample.take().or(other.sample);
    shape.constant = shape.constant.take().or(other.constant);
}

/// Lays an example beside a schema: it may show members that the schema keeps silent about.
fn exemplify(shape: &mut Shape, example: &Value) {
    match (&mut shape.kind, example) {
        (Kind::Object(members), Value::Object(shown)) => {
            for (name, value) in shown {
                match members.iter_mut().find(|(known, _)| known == name) {
                    Some((_, it)) => exemplify(it, value),
                    None => members.push((name.clone(), Shape { required: false, ..Shape::of(value) })),
                }
            }
        }
        (kind @ Kind::Any, value) => *kind = Shape::of(value).kind,
        (Kind::List(Some(element)), Value::Array(shown)) => {
            if let Some(first) = shown.first() {
                exemplify(element, first);
            }
        }
        _ => {}
    }
    shape.sample = Some(example.clone());
}
