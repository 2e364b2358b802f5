//! What came of something that the app asked for, and whether that is what the scenario expects.

use relatch::{Error, dialects::Reason};
use serde_json::{Value, json};

pub(crate) struct Outcome {
    members: Value,
    failed: bool,
    error: Option<Error>,
}

impl Outcome {
    pub(crate) fn of(result: Result<Option<u16>, Error>) -> Outcome {
        match result {
            Ok(status) => Outcome {
                failed: status.is_some_and(|it| it >= 400),
                members: json!({ "code": null, "status": status }),
                error: None,
            },
            Err(error) => Outcome {
                members: json!({
                    "code": error.code(),
                    "status": error.status(),
                    "retryable": error.is_retryable(),
                    "reason": error.reason().map(Reason::name),
                }),
                failed: true,
                error: Some(error),
            },
        }
    }

    /// Only what is named is compared; without a code, success is expected.
    pub(crate) fn check(&self, expect: Option<&Value>, realm: &str) {
        let empty = json!({});
        let expect = expect.unwrap_or(&empty).as_object().expect("an object");
        for (name, value) in expect {
            match name.as_str() {
                "refused" => assert!(self.failed, "it came to {}", self.members),
                "details" => self.has_details(value),
                _ => assert_eq!(&self.members[name], wanted(value, realm), "{name}: it came to {}", self.members),
            }
        }
        if !expect.contains_key("code") && !expect.contains_key("refused") {
            assert_eq!(self.members["code"], Value::Null, "it came to {}", self.members);
        }
    }

    fn has_details(&self, names: &Value) {
        for name in names.as_array().into_iter().flatten().filter_map(Value::as_str) {
            assert!(self.error.as_ref().is_some_and(|it| it.detail(name).is_some()), "no {name}");
        }
    }
}

/// Where realms differ, a value has a member for each that does, and `*` for the others.
pub(crate) fn wanted<'a>(value: &'a Value, realm: &str) -> &'a Value {
    match value.get("*") {
        Some(others) => value.get(realm).unwrap_or(others),
        None => value,
    }
}
