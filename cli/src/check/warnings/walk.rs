//! A document taken apart as far as warnings need it.

use serde_json::Value;

/// The document's operations and answers with their places.
pub(super) struct Outline<'a> {
    pub(super) document: &'a Value,
    pub(super) operations: Vec<Operation<'a>>,
    pub(super) refusals: Vec<Answer<'a>>,
}

/// An operation: login, renewal, a challenge, or a named one.
pub(super) struct Operation<'a> {
    pub(super) name: String,
    /// Every request by which it may be asked, those of the steps before it included.
    pub(super) requests: Vec<(String, &'a Value)>,
    pub(super) answers: Vec<Answer<'a>>,
    /// The steps before it, whose answers may capture as well.
    before: &'a [Value],
}

/// An answer and its place.
pub(super) struct Answer<'a> {
    pub(super) pointer: String,
    pub(super) json: &'a Value,
}

impl<'a> Outline<'a> {
    pub(super) fn of(document: &'a Value) -> Outline<'a> {
        let mut operations = Vec::new();
        for name in ["login", "renew"] {
            let section = document.get(name).filter(|it| it.is_object());
            operations.extend(section.map(|it| operation(name.into(), format!("/{name}"), it)));
        }
        for (place, prefix) in [("operations", ""), ("challenges", "challenge.")] {
            for (name, section) in members(document.get(place)) {
                operations.push(operation(format!("{prefix}{name}"), format!("/{place}/{}", escaped(name)), section));
            }
        }
        Outline { document, operations, refusals: answers(document.get("refusals"), "/refusals") }
    }

    pub(super) fn operation(&self, name: &str) -> Option<&Operation<'a>> {
        self.operations.iter().find(|it| it.name == name)
    }

    /// Whether there is a hole of that name anywhere in the answers of the login, its challenges, or the renewal.
    pub(super) fn captures(&self, operation: &str, name: &str) -> bool {
        let of =
            |it: &&Operation<'_>| it.name == operation || (operation == "login" && it.name.starts_with("challenge."));
        self.operations.iter().filter(of).any(|it| it.captures(name))
    }

    pub(super) fn uses_cookies(&self) -> bool {
        elements(self.document.get("attach")).iter().any(|it| it.get("cookies").is_some())
    }
}

impl Operation<'_> {
    fn captures(&self, name: &str) -> bool {
        let steps = self.before.iter().filter_map(|it| it.get("answers"));
        self.answers.iter().map(|it| it.json).chain(steps).any(|it| has_hole(it, name))
    }
}

impl Answer<'_> {
    pub(super) fn means(&self, meaning: &str) -> bool {
        let also = elements(self.json.get("also")).iter();
        self.json.get("means").into_iter().chain(also).any(|it| it.as_str() == Some(meaning))
    }

    /// Whether nothing but the status tells it.
    pub(super) fn is_status_alone(&self) -> bool {
        ["json", "text", "xml", "headers"].iter().all(|it| self.json.get(it).is_none())
    }

    pub(super) fn statuses(&self) -> Vec<u64> {
        match self.json.get("status") {
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_u64).collect(),
            Some(one) => one.as_u64().into_iter().collect(),
            None => Vec::new(),
        }
    }
}

fn operation<'a>(name: String, pointer: String, section: &'a Value) -> Operation<'a> {
    let mut requests = Vec::new();
    for (index, step) in elements(section.get("before")).iter().enumerate() {
        requests.extend(step.get("request").map(|it| (format!("{pointer}/before/{index}/request"), it)));
    }
    requests.extend(section.get("request").map(|it| (format!("{pointer}/request"), it)));
    let alternatives = elements(section.get("alternatives")).iter().enumerate();
    requests.extend(alternatives.map(|(index, it)| (format!("{pointer}/alternatives/{index}"), it)));
    let answers = answers(section.get("answers"), &format!("{pointer}/answers"));
    Operation { name, requests, answers, before: elements(section.get("before")) }
}

fn answers<'a>(list: Option<&'a Value>, pointer: &str) -> Vec<Answer<'a>> {
    let numbered = elements(list).iter().enumerate();
    numbered.map(|(index, json)| Answer { pointer: format!("{pointer}/{index}"), json }).collect()
}

pub(super) fn elements(list: Option<&Value>) -> &[Value] {
    list.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

pub(super) fn members(object: Option<&Value>) -> Vec<(&String, &Value)> {
    object.and_then(Value::as_object).map(|it| it.iter().collect()).unwrap_or_default()
}

/// A step of a JSON Pointer (RFC 6901 section 3).
pub(super) fn escaped(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}

/// Calls `visit` for every text of a value, with its place and the name of the member in which it is.
pub(super) fn texts<'a>(value: &'a Value, pointer: &str, name: &str, visit: &mut dyn FnMut(&str, &str, &'a str)) {
    match value {
        Value::String(text) => visit(pointer, name, text),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(index, it)| texts(it, &format!("{pointer}/{index}"), name, visit));
        }
        Value::Object(members) => members.iter().for_each(|(member, it)| {
            let inner = if member.starts_with('$') { name } else { member };
            texts(it, &format!("{pointer}/{}", escaped(member)), inner, visit);
        }),
        _ => {}
    }
}

/// Whether a template has a hole of that name.
pub(super) fn has_hole(template: &Value, name: &str) -> bool {
    let mut found = false;
    texts(template, "", "", &mut |_, _, text| {
        found |= text.contains(&format!("{{{name}}}")) || text.contains(&format!("{{{name}?}}"));
    });
    found
}

/// Whether a text is one hole as a whole: it takes whatever stands there.
pub(super) fn whole_hole(text: &str) -> Option<&str> {
    let name = text.strip_prefix('{')?.strip_suffix('}')?;
    (!name.contains(['{', '}'])).then(|| name.trim_end_matches('?'))
}
