//! The shape of a body, whether a schema tells it or an example: members, types, and what is said about them.

use serde_json::Value;

/// One value of a body.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shape {
    pub(crate) kind: Kind,
    /// What is said about it.
    pub(crate) about: String,
    /// An example. Used to tell units and formats, and never written into a draft.
    pub(crate) sample: Option<Value>,
    /// The one value that it may have, by its schema.
    pub(crate) constant: Option<Value>,
    /// Whether it has to be there.
    pub(crate) required: bool,
}

/// What a value is.
#[derive(Clone, Debug, Default)]
pub(crate) enum Kind {
    /// Unknown.
    #[default]
    Any,
    Text,
    Number,
    Bool,
    List(Option<Box<Shape>>),
    Object(Vec<(String, Shape)>),
}

/// Where a value stands: the names of the members that lead to it; a number leads into a list.
pub(crate) type Path = Vec<String>;

const MAX_DEPTH: usize = 12;

impl Shape {
    /// The shape of an example.
    pub(crate) fn of(value: &Value) -> Shape {
        Shape::sampled(value, MAX_DEPTH)
    }

    fn sampled(value: &Value, depth: usize) -> Shape {
        let kind = match value {
            _ if depth == 0 => Kind::Any,
            Value::Null => Kind::Any,
            Value::Bool(_) => Kind::Bool,
            Value::Number(_) => Kind::Number,
            Value::String(_) => Kind::Text,
            Value::Array(list) => Kind::List(list.first().map(|it| Box::new(Shape::sampled(it, depth - 1)))),
            Value::Object(members) => {
                Kind::Object(members.iter().map(|(name, it)| (name.clone(), Shape::sampled(it, depth - 1))).collect())
            }
        };
        Shape { kind, sample: Some(value.clone()), required: !value.is_null(), ..Shape::default() }
    }

    /// Its members, if it is an object.
    pub(crate) fn members(&self) -> &[(String, Shape)] {
        match &self.kind {
            Kind::Object(members) => members,
            _ => &[],
        }
    }

    /// Every value inside it with its place, those nearer to the top first.
    pub(crate) fn leaves(&self) -> Vec<(Path, &Shape)> {
        let (mut found, mut level) = (Vec::new(), vec![(Path::new(), self)]);
        while !level.is_empty() {
            let mut next = Vec::new();
            for (path, shape) in level {
                let below = |step: &str| path.iter().cloned().chain([step.to_string()]).collect::<Path>();
                next.extend(shape.members().iter().map(|(name, it)| (below(name), it)));
                if let Kind::List(Some(element)) = &shape.kind {
                    next.push((below("0"), element));
                }
                found.push((path, shape));
            }
            level = next;
        }
        found
    }

    pub(crate) const fn is_text(&self) -> bool {
        matches!(self.kind, Kind::Text | Kind::Any)
    }
}

/// A path for people: `data.token`.
pub(crate) fn spelled(path: &[String]) -> String {
    if path.is_empty() { "the body as a whole".into() } else { format!("`{}`", path.join(".")) }
}
