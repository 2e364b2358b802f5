//! What travels between HTTP and the parts that decide: a meaning with its values, and requests and answers as values,
//! which is how a template reads and writes them.

use crate::value::{Value, Values};
use crate::vocabulary::{Meaning, Reason};

/// An answer as the session and the services see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// What it means.
    pub meaning: Meaning,
    /// Why, where one meaning has several wordings.
    pub reason: Option<Reason>,
    /// What it carries: on the client the captures, on the server what the answer is to be filled with.
    pub values: Values,
    /// The next step that a [`Meaning::Challenge`] asks for: a name among the document's `challenges`.
    pub challenge: Option<String>,
}

impl Message {
    /// A message that carries nothing.
    pub const fn new(meaning: Meaning) -> Message {
        Message::with(meaning, Values::new())
    }

    /// A message that carries values.
    pub const fn with(meaning: Meaning, values: Values) -> Message {
        Message { meaning, reason: None, values, challenge: None }
    }

    /// An [`Meaning::InvalidRequest`] for that reason.
    pub const fn invalid(reason: Reason) -> Message {
        Message { meaning: Meaning::InvalidRequest, reason: Some(reason), values: Values::new(), challenge: None }
    }
}

/// A request as one value, as a template writes or reads it. What turns its parts into HTTP is a codec.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// The HTTP method, in upper case.
    pub method: String,
    /// The path below the base URL, with a leading slash; or what the API itself gave in place of one.
    pub path: String,
    /// Its other parts, by the names that they have in a document: `query`, `headers`, and one of `json`, `form`, `multipart`,
    /// `text` and `xml`. A name of a header, a parameter or a field that is there several times has a list.
    pub parts: Values,
}

/// An answer as one value, as a template writes or reads it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Its parts, by the names that they have in a document: `headers`, and its body as `json`, `text` or `xml`. A body that is no
    /// JSON has no `json`.
    pub parts: Values,
}

impl Request {
    /// A request with a JSON body, or with none.
    pub fn json(method: &str, path: &str, json: Option<Value>) -> Request {
        Request { method: method.into(), path: path.into(), parts: json_part(json) }
    }
}

impl Answer {
    /// An answer of which nothing is known but its status and its JSON body, if it has one.
    pub fn json(status: u16, json: Option<Value>) -> Answer {
        Answer { status, parts: json_part(json) }
    }
}

fn json_part(json: Option<Value>) -> Values {
    let mut parts = Values::new();
    if let Some(json) = json {
        parts.set("json", json);
    }
    parts
}
