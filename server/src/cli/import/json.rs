//! Rows of a JSON file: an array of objects. `null` is an absent value.

use super::row::{COLUMNS, Row};
use relatch_dialects::Value;
use serde_json::{Map, Value as Json};

pub(super) fn rows(bytes: &[u8]) -> Result<Vec<Row>, Vec<String>> {
    let rows: Vec<Map<String, Json>> =
        serde_json::from_slice(bytes).map_err(|error| vec![format!("is no JSON array of objects: {error}")])?;
    Ok(rows.into_iter().map(row).collect())
}

fn row(members: Map<String, Json>) -> Row {
    let mut row = Row::default();
    for (column, value) in members.into_iter().filter(|(_, value)| !value.is_null()) {
        member_into(&mut row, &column, value);
    }
    row
}

fn member_into(row: &mut Row, column: &str, value: Json) {
    if column == "fields" {
        row.draft.extension = Some(Value::from(&value));
        return;
    }
    let taken = match &value {
        Json::String(text) => row.set_text(column, text.clone()),
        Json::Bool(it) => row.set_flag(column, *it),
        Json::Array(_) => texts(&value).is_some_and(|texts| row.set_list(column, texts)),
        _ => false,
    };
    if !taken {
        row.fault(column, &expected(column));
    }
}

fn texts(value: &Json) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|it| it.as_str().map(str::to_owned)).collect()
}

fn expected(column: &str) -> String {
    match column {
        "enabled" | "validated" => "expected true or false".into(),
        "roles" | "memberships" => "expected a list of strings".into(),
        _ if COLUMNS.contains(&column) => "expected a string".into(),
        _ => format!("is not known; expected {} or fields", COLUMNS.join(", ")),
    }
}
