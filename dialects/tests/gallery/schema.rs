//! Every document of the gallery against the JSON Schema, so that editors and programs agree on what may be written. As much of JSON
//! Schema as our schema uses; `pattern` is left to the loader, which checks the same.

use crate::api::{all, elements, members};
use serde_json::Value as Json;

fn schema() -> Json {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/dialect.schema.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("the schema")).expect("JSON")
}

#[test]
fn every_document_keeps_to_the_schema() {
    let root = schema();
    let mut faults = Vec::new();
    for api in all() {
        check(&root, &root, &api.document, &api.name, &mut faults);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn fits(root: &Json, schema: &Json, it: &Json) -> bool {
    let mut faults = Vec::new();
    check(root, schema, it, "", &mut faults);
    faults.is_empty()
}

fn check(root: &Json, schema: &Json, it: &Json, at: &str, faults: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let found = root.pointer(name.trim_start_matches('#')).expect("a definition");
        check(root, found, it, at, faults);
    }
    let bad = fault(root, schema, it);
    faults.extend(bad.map(|what| format!("{at}: {what}")));
    if it.is_object() {
        object(root, schema, it, at, faults);
    }
    for (index, element) in elements(it).enumerate().filter(|_| schema["items"].is_object()) {
        check(root, &schema["items"], element, &format!("{at}/{index}"), faults);
    }
}

/// What is wrong with a value as such.
fn fault(root: &Json, schema: &Json, it: &Json) -> Option<String> {
    let one_of = |keyword: &str| elements(&schema[keyword]).filter(|option| fits(root, option, it)).count();
    let broken = [
        ("type", !schema["type"].is_null() && !has_type(&schema["type"], it)),
        ("enum", schema["enum"].is_array() && elements(&schema["enum"]).all(|one| one != it)),
        ("const", schema.get("const").is_some_and(|one| one != it)),
        ("minimum", below(it, &schema["minimum"])),
        ("maximum", below(&schema["maximum"], it)),
        ("minItems", it.as_array().is_some_and(|list| (list.len() as u64) < schema["minItems"].as_u64().unwrap_or(0))),
        ("oneOf", schema["oneOf"].is_array() && one_of("oneOf") != 1),
        ("anyOf", schema["anyOf"].is_array() && one_of("anyOf") == 0),
        ("allOf", elements(&schema["allOf"]).any(|all| !fits(root, all, it))),
        ("not", schema["not"].is_object() && fits(root, &schema["not"], it)),
        ("then", schema["if"].is_object() && fits(root, &schema["if"], it) && !fits(root, &schema["then"], it)),
        ("minProperties", count(it).is_some_and(|own| schema["minProperties"].as_u64().is_some_and(|min| own < min))),
        ("maxProperties", count(it).is_some_and(|own| schema["maxProperties"].as_u64().is_some_and(|max| own > max))),
    ];
    let (keyword, _) = broken.into_iter().find(|(_, broken)| *broken)?;
    Some(format!("{keyword} refuses {it}"))
}

fn count(it: &Json) -> Option<u64> {
    it.as_object().map(|it| it.len() as u64)
}

fn below(one: &Json, other: &Json) -> bool {
    one.as_f64().zip(other.as_f64()).is_some_and(|(one, other)| one < other)
}

fn has_type(named: &Json, it: &Json) -> bool {
    let is = |name: &str| match name {
        "object" => it.is_object(),
        "array" => it.is_array(),
        "string" => it.is_string(),
        "number" => it.is_number(),
        "integer" => it.is_i64() || it.is_u64(),
        "boolean" => it.is_boolean(),
        _ => it.is_null(),
    };
    named.as_str().map_or_else(|| elements(named).filter_map(Json::as_str).any(is), is)
}

fn object(root: &Json, schema: &Json, it: &Json, at: &str, faults: &mut Vec<String>) {
    for name in elements(&schema["required"]).filter_map(Json::as_str) {
        if it.get(name).is_none() {
            faults.push(format!("{at}: {name} is missing"));
        }
    }
    for (name, member) in members(it) {
        let at = format!("{at}/{name}");
        if !schema["propertyNames"].is_null() && !fits(root, &schema["propertyNames"], &name.into()) {
            faults.push(format!("{at}: propertyNames"));
        }
        match (schema["properties"].get(name), &schema["additionalProperties"]) {
            (Some(own), _) => check(root, own, member, &at, faults),
            (None, Json::Bool(false)) => faults.push(format!("{at}: unknown member")),
            (None, rest) if rest.is_object() => check(root, rest, member, &at, faults),
            _ => {}
        }
    }
}
