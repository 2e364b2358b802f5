//! What travels between HTTP and the parts that decide: a meaning with its values, and the plain HTTP shapes
//! that a template is read from and written to.

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

/// A request, as a template writes or reads it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// The HTTP method, in upper case.
    pub method: String,
    /// The path below the base URL, with a leading slash.
    pub path: String,
    /// Header names (any case) with their values.
    pub headers: Vec<(String, String)>,
    /// The JSON body, if there is one.
    pub json: Option<Value>,
}

/// An answer, as a template writes or reads it.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The JSON body; `None` for an empty body, and for one that is not JSON.
    pub json: Option<Value>,
}
