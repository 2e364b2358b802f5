//! What `docs/dialects/guide.md` shows: its example is a dialect, and what it says of an API stands in that API's document.

use crate::api::{all, elements, members};
use relatch_dialects::{Dialect, Value};
use serde_json::Value as Json;

/// The JSON of the guide, each with what stands behind `json` on the line that opens it.
fn examples() -> Vec<(String, Json)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/dialects/guide.md");
    let guide = std::fs::read_to_string(path).expect("docs/dialects/guide.md");
    let blocks = guide.split("```json").skip(1).filter_map(|it| it.split_once('\n'));
    let example = |(name, rest): (&str, &str)| {
        let body = rest.split("```").next().unwrap_or_default();
        let json = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error} in {body}"));
        (name.trim().to_string(), json)
    };
    blocks.map(example).collect()
}

/// Whether all that a fragment says is said by the whole: its members, and of a list each element somewhere.
fn says(whole: &Json, fragment: &Json) -> bool {
    match fragment {
        Json::Object(_) => members(fragment).all(|(name, it)| whole.get(name).is_some_and(|whole| says(whole, it))),
        Json::Array(_) => elements(fragment).all(|it| elements(whole).any(|whole| says(whole, it))),
        constant => whole == constant,
    }
}

#[test]
fn the_example_of_the_guide_is_a_dialect() {
    let whole = examples().into_iter().find(|(name, _)| name.is_empty());
    let (_, document) = whole.expect("an example of no API");
    let loaded = Dialect::load(&Value::from(&document));
    assert!(loaded.is_ok(), "{:?}", loaded.err());
}

#[test]
fn what_the_guide_says_of_an_api_stands_in_its_document() {
    let apis = all();
    for (name, fragment) in examples().into_iter().filter(|(name, _)| !name.is_empty()) {
        let api = apis.iter().find(|it| it.name == name).unwrap_or_else(|| panic!("no {name} in the gallery"));
        assert!(says(&api.document, &fragment), "{name} does not say {fragment}");
    }
}
