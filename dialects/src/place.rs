//! A place in a document while it is being checked: a value and the JSON Pointer that leads to it, so that every
//! fault can say where it is.

use crate::template::{fault, holes};
use crate::{Fault, Value};

pub(crate) struct Place<'a> {
    pub(crate) value: &'a Value,
    pointer: String,
}

pub(crate) type Loaded<T> = Result<T, Fault>;

impl<'a> Place<'a> {
    pub(crate) const fn root(value: &'a Value) -> Place<'a> {
        Place { value, pointer: String::new() }
    }

    pub(crate) fn fault<T>(&self, reason: &str) -> Loaded<T> {
        Err(Fault { pointer: self.pointer.clone(), reason: reason.into() })
    }

    /// A fault about a member or a name, which is put in front of the reason.
    pub(crate) fn fault_about<T>(&self, about: &str, reason: &str) -> Loaded<T> {
        let mut sentence = String::from(about);
        sentence.push(' ');
        sentence.push_str(reason);
        self.fault(&sentence)
    }

    fn below(&self, step: &str, value: &'a Value) -> Place<'a> {
        let mut pointer = self.pointer.clone();
        pointer.push('/');
        for c in step.chars() {
            match c {
                '~' => pointer.push_str("~0"),
                '/' => pointer.push_str("~1"),
                _ => pointer.push(c),
            }
        }
        Place { value, pointer }
    }

    /// Fails unless this is an object with no members but those named.
    pub(crate) fn only(&self, known: &[&str]) -> Loaded<()> {
        let Some(members) = self.value.members() else {
            return self.fault("expected an object");
        };
        match members.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((name, value)) => self.below(name, value).fault("unknown member"),
            None => Ok(()),
        }
    }

    pub(crate) fn member(&self, name: &str) -> Option<Place<'a>> {
        self.value.get(name).map(|value| self.below(name, value))
    }

    pub(crate) fn required(&self, name: &str) -> Loaded<Place<'a>> {
        match self.member(name) {
            Some(place) => Ok(place),
            None => self.fault_about(name, "is missing"),
        }
    }

    /// Checks the member of that name, if it is there.
    pub(crate) fn optional(&self, name: &str, check: impl Fn(&Place<'a>) -> Loaded<()>) -> Loaded<()> {
        self.member(name).map_or(Ok(()), |place| check(&place))
    }

    pub(crate) fn members(&self) -> Loaded<Vec<(&'a str, Place<'a>)>> {
        match self.value.members() {
            Some(members) => Ok(members.iter().map(|(name, value)| (name.as_str(), self.below(name, value))).collect()),
            None => self.fault("expected an object"),
        }
    }

    pub(crate) fn elements(&self) -> Loaded<Vec<Place<'a>>> {
        let Some(elements) = self.value.elements() else {
            return self.fault("expected an array");
        };
        let numbered = elements.iter().enumerate();
        Ok(numbered.map(|(index, value)| self.below(&index.to_string(), value)).collect())
    }

    pub(crate) fn text(&self) -> Loaded<&'a str> {
        self.value.as_str().map_or_else(|| self.fault("expected a string"), Ok)
    }

    pub(crate) fn whole(&self) -> Loaded<u64> {
        self.value.as_u64().map_or_else(|| self.fault("expected a whole number that is not negative"), Ok)
    }

    pub(crate) fn flag(&self) -> Loaded<bool> {
        self.value.as_bool().map_or_else(|| self.fault("expected true or false"), Ok)
    }

    /// The word that stands here, by the list that knows it.
    pub(crate) fn word<T>(&self, parse: impl Fn(&str) -> Option<T>, list: &str) -> Loaded<T> {
        match parse(self.text()?) {
            Some(word) => Ok(word),
            None => self.fault_about("expected one of:", list),
        }
    }

    /// Checks the template that stands here. `allowed` says which names its holes may have.
    pub(crate) fn template(&self, allowed: &dyn Fn(&str) -> bool) -> Loaded<()> {
        match self.value {
            Value::String(text) => self.text_template(text, allowed),
            Value::List(_) => self.elements()?.iter().try_for_each(|place| place.template(allowed)),
            Value::Object(_) => self.members()?.iter().try_for_each(|(_, place)| place.template(allowed)),
            _ => Ok(()),
        }
    }

    fn text_template(&self, text: &str, allowed: &dyn Fn(&str) -> bool) -> Loaded<()> {
        match fault(text) {
            Some(reason) => self.fault(reason),
            None => self.names_allowed(allowed),
        }
    }

    fn names_allowed(&self, allowed: &dyn Fn(&str) -> bool) -> Loaded<()> {
        let mut unknown = None;
        holes(self.value, &mut |hole| {
            if !allowed(hole.name) {
                unknown = Some(hole.name.to_string());
            }
        });
        match unknown {
            Some(name) => self.fault_about(&name, "is not a name that can stand here"),
            None => Ok(()),
        }
    }
}
