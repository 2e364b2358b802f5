//! The JSON Schema says what the crate says: editors complete by the one, programs refuse by the other.

use relatch_dialects::{Meaning, Reason};
use serde_json::Value as Json;

fn schema() -> Json {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/dialect.schema.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("the schema")).expect("JSON")
}

fn listed(schema: &Json, pointer: &str) -> Vec<String> {
    let list = schema.pointer(pointer).and_then(Json::as_array).expect("a list");
    list.iter().map(|it| it.as_str().expect("a name").into()).collect()
}

#[test]
fn it_lists_the_meanings_and_the_reasons() {
    let meanings: Vec<_> = Meaning::ALL.iter().map(|it| it.name()).collect();
    let reasons: Vec<_> = Reason::ALL.iter().map(|it| it.name()).collect();
    assert_eq!(listed(&schema(), "/$defs/meaning/enum"), meanings);
    assert_eq!(listed(&schema(), "/$defs/reason/enum"), reasons);
}

#[test]
fn it_names_every_member_that_the_five_documents_use() {
    let schema = schema();
    let named = |pointer: &str, document: &Json| {
        let known = schema.pointer(pointer).and_then(Json::as_object).expect("properties");
        for member in document.as_object().expect("an object").keys() {
            assert!(known.contains_key(member), "{member} is not in {pointer}");
        }
    };
    for name in ["investgo", "apitickets", "stockapi", "gatego", "integra"] {
        let document = crate::support::document(name);
        named("/properties", &document);
        named("/$defs/issue/properties", &document["issue"]);
        named("/$defs/operation/properties", &document["login"]);
        document["login"]["answers"]
            .as_array()
            .into_iter()
            .flatten()
            .for_each(|it| named("/$defs/answer/properties", it));
    }
}
