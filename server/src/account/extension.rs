//! The typed fields that a dialect adds to every account of its realm.

use relatch_dialects::{FieldKind, FieldType, MAX_EXACT, Value};

/// A field that is not what the dialect's `issue.account` says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("field {field}: {reason}")]
pub struct FieldFault {
    /// Its path: `puesto.id`.
    pub field: String,
    /// What is wrong and what was expected. Never the value: it is somebody's.
    pub reason: String,
}

impl FieldFault {
    fn new(field: &str, reason: impl Into<String>) -> FieldFault {
        FieldFault { field: field.into(), reason: reason.into() }
    }
}

type Fields = [(String, FieldType)];

/// Checks a whole extension, which must be an object.
///
/// # Errors
/// Every field that is missing, unknown or of another type.
pub fn check_extension(fields: &Fields, extension: &Value) -> Result<(), Vec<FieldFault>> {
    let mut faults = Vec::new();
    check_object(fields, extension, "", &mut faults);
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

fn check_object(fields: &Fields, value: &Value, path: &str, faults: &mut Vec<FieldFault>) {
    let Some(members) = value.members() else {
        faults.push(FieldFault::new(path, "expected an object"));
        return;
    };
    for (name, _) in members.iter().filter(|(name, _)| !fields.iter().any(|(it, _)| it == name)) {
        faults.push(unknown(fields, &join(path, name)));
    }
    for (name, field) in fields {
        check_field(field, value.get(name).unwrap_or(&Value::Null), &join(path, name), faults);
    }
}

fn check_field(field: &FieldType, value: &Value, path: &str, faults: &mut Vec<FieldFault>) {
    match (&field.kind, value) {
        (_, Value::Null) if field.optional => {}
        (FieldKind::Object(inner), Value::Object(_) | Value::Null) => {
            // A missing object is told field by field: those are what has to be given.
            let empty = Value::Object(Vec::new());
            check_object(inner, if *value == Value::Null { &empty } else { value }, path, faults);
        }
        (kind, Value::Null) => faults.push(FieldFault::new(path, format!("is missing; expected {}", expected(kind)))),
        (kind, value) if fits(kind, value) => {}
        (kind, _) => faults.push(FieldFault::new(path, format!("expected {}", expected(kind)))),
    }
}

/// Sets one field of an extension from text, as the command line and CSV have it.
///
/// # Errors
/// [`FieldFault`] if there is no such field, or the text is not of its type.
pub fn parse_field(fields: &Fields, extension: &mut Value, path: &str, text: &str) -> Result<(), FieldFault> {
    let kind = find(fields, path).ok_or_else(|| unknown(fields, path))?;
    let parsed = match kind {
        FieldKind::Object(_) => None,
        FieldKind::Integer => text.parse::<i64>().ok().map(|it| Value::Number(it as f64)),
        FieldKind::Bool => text.parse::<bool>().ok().map(Value::Bool),
        FieldKind::String | FieldKind::Date => Some(Value::from(text)),
    };
    match parsed.filter(|value| fits(kind, value)) {
        Some(value) => {
            set(extension, path, value);
            Ok(())
        }
        None => Err(FieldFault::new(path, format!("expected {}", expected(kind)))),
    }
}

fn find<'a>(fields: &'a Fields, path: &str) -> Option<&'a FieldKind> {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let (_, field) = fields.iter().find(|(it, _)| it == name)?;
    match (rest, &field.kind) {
        (None, kind) => Some(kind),
        (Some(rest), FieldKind::Object(inner)) => find(inner, rest),
        _ => None,
    }
}

fn set(object: &mut Value, path: &str, value: Value) {
    let Value::Object(members) = object else { return };
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let at = members.iter().position(|(it, _)| it == name).unwrap_or_else(|| {
        members.push((name.into(), Value::Null));
        members.len() - 1
    });
    let Some((_, slot)) = members.get_mut(at) else { return };
    let Some(rest) = rest else {
        *slot = value;
        return;
    };
    if slot.members().is_none() {
        *slot = Value::Object(Vec::new());
    }
    set(slot, rest, value);
}

fn fits(kind: &FieldKind, value: &Value) -> bool {
    match (kind, value) {
        (FieldKind::String, Value::String(text)) => !text.contains('\0'),
        (FieldKind::Integer, Value::Number(number)) => number.abs() <= MAX_EXACT && number.trunc() == *number,
        (FieldKind::Bool, Value::Bool(_)) => true,
        (FieldKind::Date, Value::String(text)) => is_date(text),
        _ => false,
    }
}

/// Exactly `yyyy-MM-dd`, and a day that the calendar has. jiff alone takes shorter and longer spellings too.
fn is_date(text: &str) -> bool {
    text.len() == 10 && text.starts_with(|it: char| it.is_ascii_digit()) && text.parse::<jiff::civil::Date>().is_ok()
}

const fn expected(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::String => "text",
        FieldKind::Integer => "a whole number",
        FieldKind::Bool => "true or false",
        FieldKind::Date => "a date, yyyy-MM-dd",
        FieldKind::Object(_) => "an object",
    }
}

fn unknown(fields: &Fields, path: &str) -> FieldFault {
    let names: Vec<String> = fields.iter().flat_map(|(name, field)| leaves(name, field)).collect();
    let known = if names.is_empty() { "no field".into() } else { names.join(", ") };
    FieldFault::new(path, format!("is not known; this dialect has {known}"))
}

fn leaves(name: &str, field: &FieldType) -> Vec<String> {
    match &field.kind {
        FieldKind::Object(inner) => inner.iter().flat_map(|(it, field)| leaves(&join(name, it), field)).collect(),
        _ => vec![name.into()],
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.into() } else { format!("{path}.{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: FieldKind, optional: bool) -> FieldType {
        FieldType { optional, kind }
    }

    fn fields() -> Vec<(String, FieldType)> {
        let puesto =
            vec![("id".into(), field(FieldKind::Integer, false)), ("nombre".into(), field(FieldKind::String, false))];
        vec![
            ("nombre".into(), field(FieldKind::String, false)),
            ("foto".into(), field(FieldKind::String, true)),
            ("fecha".into(), field(FieldKind::Date, false)),
            ("activo".into(), field(FieldKind::Bool, true)),
            ("puesto".into(), field(FieldKind::Object(puesto), false)),
        ]
    }

    fn value(json: serde_json::Value) -> Value {
        Value::from(&json)
    }

    #[test]
    fn an_extension_that_has_every_field_in_its_type_is_fine() {
        let whole = value(serde_json::json!({
            "nombre": "Ada", "fecha": "2024-02-29", "activo": true, "puesto": { "id": 3, "nombre": "Jefa" }
        }));
        assert_eq!(check_extension(&fields(), &whole), Ok(()));
    }

    #[test]
    fn every_fault_is_told_with_the_fields_path_and_what_was_expected() {
        let faulty = value(serde_json::json!({
            "nombre": 3, "fecha": "2023-02-29", "puesto": { "id": 1.5, "x": 1 }, "altura": 2
        }));
        let told: Vec<String> =
            check_extension(&fields(), &faulty).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "field altura: is not known; this dialect has nombre, foto, fecha, activo, puesto.id, puesto.nombre",
                "field nombre: expected text",
                "field fecha: expected a date, yyyy-MM-dd",
                "field puesto.x: is not known; this dialect has id, nombre",
                "field puesto.id: expected a whole number",
                "field puesto.nombre: is missing; expected text",
            ]
        );
    }

    #[test]
    fn an_object_that_is_missing_is_told_by_its_fields() {
        let without = value(serde_json::json!({ "nombre": "Ada", "fecha": "2024-01-01" }));
        let told: Vec<String> =
            check_extension(&fields(), &without).unwrap_err().into_iter().map(|it| it.field).collect();
        assert_eq!(told, ["puesto.id", "puesto.nombre"]);
    }

    #[test]
    fn text_becomes_a_field_of_its_type_in_its_place() {
        let mut extension = Value::Object(Vec::new());
        for (path, text) in [("puesto.id", "7"), ("puesto.nombre", "Jefa"), ("activo", "true"), ("fecha", "2024-01-31")]
        {
            parse_field(&fields(), &mut extension, path, text).unwrap();
        }
        assert_eq!(
            extension,
            value(serde_json::json!({
                "puesto": { "id": 7, "nombre": "Jefa" }, "activo": true, "fecha": "2024-01-31"
            }))
        );
    }

    #[test]
    fn text_that_is_not_of_the_fields_type_is_refused() {
        let mut extension = Value::Object(Vec::new());
        for (path, text) in [
            ("puesto.id", "siete"),
            ("puesto.id", "9007199254740993"),
            ("puesto", "x"),
            ("activo", "si"),
            ("fecha", "20240131"),
            ("fecha", "2024-1-31"),
            ("apodo", "x"),
            ("nombre.x", "x"),
            ("nombre", "\0"),
        ] {
            assert!(parse_field(&fields(), &mut extension, path, text).is_err(), "{path} {text:?}");
        }
        assert_eq!(extension, Value::Object(Vec::new()));
    }
}
