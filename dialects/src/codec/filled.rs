//! What the core has filled, beside the templates that it was filled from. Functions are what the document has as such: a value that
//! came from elsewhere and looks like one stays a value.

use super::function::named;
use crate::Value;

/// A value and the templates that it may have been filled from: of an element of a list there are several, since what is left out
/// leaves no gap.
#[derive(Clone)]
pub(super) struct Filled<'a> {
    pub(super) value: &'a Value,
    templates: Vec<&'a Value>,
}

impl<'a> Filled<'a> {
    pub(super) const fn new(value: &'a Value, templates: Vec<&'a Value>) -> Filled<'a> {
        Filled { value, templates }
    }

    fn below(&self, name: &str, value: &'a Value) -> Filled<'a> {
        Filled { value, templates: self.templates.iter().filter_map(|it| it.get(name)).collect() }
    }

    pub(super) fn member(&self, name: &str) -> Option<Filled<'a>> {
        self.value.get(name).map(|value| self.below(name, value))
    }

    /// The members of an object, by the names that they go out with: `$$name` stands for `$name`.
    pub(super) fn members(&self) -> impl Iterator<Item = (&'a str, Filled<'a>)> {
        self.value.members().unwrap_or_default().iter().map(|(name, value)| {
            let escaped = name.starts_with("$$") && self.templates.iter().any(|it| it.get(name).is_some());
            (if escaped { name.get(1..).unwrap_or_default() } else { name }, self.below(name, value))
        })
    }

    pub(super) fn elements(&self) -> Option<Vec<Filled<'a>>> {
        let templates: Vec<_> = self.templates.iter().filter_map(|it| it.elements()).flatten().collect();
        Some(self.value.elements()?.iter().map(|value| Filled { value, templates: templates.clone() }).collect())
    }

    /// The function that stands here, and its argument.
    pub(super) fn function(&self) -> Option<(&'a str, Filled<'a>)> {
        let (name, argument) = named(self.value)?;
        let same = |it: &&&Value| named(it).is_some_and(|(other, _)| other == name);
        let templates: Vec<_> = self.templates.iter().filter(same).copied().collect();
        let meant = Filled { value: self.value, templates };
        (!meant.templates.is_empty()).then(|| (name, meant.below(name, argument)))
    }
}
