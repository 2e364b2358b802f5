//! What of a document a server cannot play. It issues tokens and reads them again; it gives no cookies, asks for no further step, and
//! undoes no hash.

use crate::place::Place;
use crate::template::holes;
use crate::{Dialect, Fault, Meaning, Value};

impl Dialect {
    /// Server: every part of the document that this crate's half of a server has no way to play, by its place. What stands there is
    /// left out; the rest is played.
    pub fn unplayable(&self) -> Vec<Fault> {
        let mut faults = Faults(Vec::new());
        let root = Place::root(&self.document);
        elements(&root, "attach").iter().for_each(|it| faults.attached(it));
        faults.optional(&root, "observe", "the server gives no tokens along with other answers");
        faults.optional(&root, "challenges", FURTHER);
        if let Some(expires) = root.member("expires") {
            faults.optional(&expires, "idle_secs", "sessions of the server do not end for want of calls");
        }
        for operation in operations(&root) {
            faults.optional(&operation, "before", "the server has no steps that go before an operation");
            requests(&operation).iter().for_each(|it| faults.request(it));
            elements(&operation, "answers").iter().for_each(|it| faults.answer(it));
        }
        faults.0
    }

    /// Server: why not even a login can be played, if so: its only request cannot be read, or its success cannot be said.
    pub fn unplayable_login(&self) -> Option<Fault> {
        let login = Place::root(&self.document).member("login")?;
        let faults_of = |read: &dyn Fn(&mut Faults)| {
            let mut faults = Faults(Vec::new());
            read(&mut faults);
            faults.0.into_iter().next()
        };
        let means = |it: &Place<'_>| it.value.get("means").and_then(Value::as_str) == Some(Meaning::Session.name());
        let success = elements(&login, "answers").into_iter().find(means);
        let requests: Option<Vec<Fault>> =
            requests(&login).iter().map(|it| faults_of(&|faults| faults.request(it))).collect();
        let unread = requests.and_then(|it| it.into_iter().next());
        unread.or_else(|| success.and_then(|it| faults_of(&|faults| faults.answer(&it))))
    }
}

const FURTHER: &str = "the server asks for no further step after a login";

fn operations<'a>(root: &Place<'a>) -> Vec<Place<'a>> {
    let named = root.member("operations").and_then(|it| it.members().ok()).unwrap_or_default();
    let own = ["login", "renew"].into_iter().filter_map(|name| root.member(name));
    own.chain(named.into_iter().map(|(_, it)| it)).collect()
}

fn requests<'a>(operation: &Place<'a>) -> Vec<Place<'a>> {
    operation.member("request").into_iter().chain(elements(operation, "alternatives")).collect()
}

fn elements<'a>(place: &Place<'a>, name: &str) -> Vec<Place<'a>> {
    place.member(name).and_then(|it| it.elements().ok()).unwrap_or_default()
}

struct Faults(Vec<Fault>);

impl Faults {
    fn push(&mut self, place: &Place<'_>, reason: &str) {
        self.0.extend(place.fault::<()>(reason).err());
    }

    fn optional(&mut self, place: &Place<'_>, name: &str, reason: &str) {
        place.member(name).iter().for_each(|it| self.push(it, reason));
    }

    /// An element of `attach`.
    fn attached(&mut self, place: &Place<'_>) {
        if let Some(value) = place.member("value").filter(|it| is_function(it.value)) {
            self.push(&value, "the server takes nothing apart that goes along with calls");
        }
        self.optional(place, "cookies", "the server gives no cookies, and reads none");
        self.optional(place, "body", "the server reads no token out of a body");
    }

    fn request(&mut self, place: &Place<'_>) {
        if let Some(path) = place.member("path").filter(|it| it.value.as_str().is_some_and(|it| it.contains('{'))) {
            self.push(&path, "the server's paths are fixed");
        }
        for kind in ["multipart", "xml"] {
            self.optional(place, kind, "the server reads JSON, forms and text");
        }
        for part in ["query", "headers", "json", "form", "text"] {
            place.member(part).iter().for_each(|it| self.functions(it));
        }
    }

    /// Functions of a request that cannot be turned round.
    fn functions(&mut self, place: &Place<'_>) {
        if let Some([(name, argument), ..]) = place.value.members().filter(|_| is_function(place.value)) {
            let turns = match name.as_str() {
                "$base64" | "$base64url" | "$json" => true,
                "$concat" => argument.elements().is_some_and(|it| it.iter().filter(|it| is_open(it)).count() <= 1),
                _ => false,
            };
            if !turns {
                return self.push(place, "the server cannot turn that function round");
            }
        }
        let below = place.members().unwrap_or_default().into_iter().map(|(_, it)| it);
        below.chain(place.elements().unwrap_or_default()).for_each(|it| self.functions(&it));
    }

    fn answer(&mut self, place: &Place<'_>) {
        if place.value.get("means").and_then(Value::as_str) == Some(Meaning::Challenge.name()) {
            return self.push(place, FURTHER);
        }
        for part in crate::answers::PARTS {
            place.member(part).iter().for_each(|it| self.names(it));
        }
    }

    /// Names of an answer that nothing fills.
    fn names(&mut self, place: &Place<'_>) {
        let mut unknown = None;
        holes(place.value, &mut |hole| {
            let own = ["session.", "detail."].iter().any(|it| hole.name.starts_with(it));
            if own && !hole.optional && unknown.is_none() {
                unknown = Some(hole.name.to_string());
            }
        });
        if let Some(name) = unknown {
            self.0.extend(place.fault_about::<()>(&name, "is nothing that the server could say").err());
        }
    }
}

fn is_function(value: &Value) -> bool {
    let first = value.members().and_then(<[_]>::first);
    first.is_some_and(|(name, _)| name.starts_with('$') && !name.starts_with("$$"))
}

/// Whether a part of a joined text is not fixed.
fn is_open(part: &Value) -> bool {
    part.as_str().is_none_or(|text| text.contains(['{', '}']))
}
