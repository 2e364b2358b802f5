//! An API as it was found, in a description or in a recording: what drafts are made of.

use super::shape::{Path, Shape};
use serde_json::Value;

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Api {
    /// Its title, for the draft's name.
    pub(crate) title: String,
    pub(crate) operations: Vec<Found>,
    /// How the token is attached, if it was found out, and why so.
    pub(crate) attach: Option<Attach>,
    /// What goes along with every request, and why.
    pub(crate) always: Vec<(Value, String)>,
    /// The base URL, as far as it is known.
    pub(crate) base_url: Option<String>,
    /// Whether the token is a JWT, and the lifetime that it states about itself.
    pub(crate) jwt: Option<Option<u64>>,
    /// What was noticed beside.
    pub(crate) remarks: Vec<String>,
}

/// Elements of `attach` with the reason for them.
#[derive(Clone, Debug)]
pub(crate) struct Attach {
    pub(crate) elements: Vec<Value>,
    pub(crate) why: String,
}

/// An operation as it was found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    pub(crate) method: String,
    pub(crate) path: String,
    /// What is said about it: id, summary, tags.
    pub(crate) words: Vec<String>,
    pub(crate) carrier: Carrier,
    /// The body, or nothing.
    pub(crate) body: Shape,
    pub(crate) query: Vec<(String, Shape)>,
    pub(crate) headers: Vec<(String, Shape)>,
    /// Whether credentials go in `Authorization: Basic`.
    pub(crate) basic: bool,
    pub(crate) answers: Vec<FoundAnswer>,
    /// Whether the request carries the token.
    pub(crate) attached: bool,
    /// What is known for sure, from values that come again.
    pub(crate) known: Known,
}

/// What a recording shows beyond doubt.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    pub(crate) access_token: Option<Spot>,
    pub(crate) refresh_token: Option<Spot>,
    /// That its request carries the refresh token; where in its body, if it is there.
    pub(crate) sends_refresh: Option<Option<Path>>,
}

/// Where in an answer a value stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Spot {
    Body(Path),
    Header(String),
    Cookie(String),
}

/// How a request carries its values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Carrier {
    #[default]
    Json,
    Form,
    Multipart,
}

impl Carrier {
    pub(crate) const fn member(self) -> &'static str {
        match self {
            Carrier::Json => "json",
            Carrier::Form => "form",
            Carrier::Multipart => "multipart",
        }
    }
}

/// An answer as it was found.
#[derive(Clone, Debug, Default)]
pub(crate) struct FoundAnswer {
    pub(crate) status: u16,
    pub(crate) about: String,
    pub(crate) body: Option<Shape>,
    /// Whether the body is text and not JSON.
    pub(crate) is_text: bool,
    pub(crate) headers: Vec<(String, Shape)>,
    pub(crate) cookies: Vec<String>,
}

impl Found {
    pub(crate) fn spelled(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// What tells its purpose: its path, then what is said about it.
    pub(crate) fn texts(&self) -> Vec<&str> {
        std::iter::once(self.path.as_str()).chain(self.words.iter().map(String::as_str)).collect()
    }

    /// The first answer that says that it went well; one with a body before one without.
    pub(crate) fn success(&self) -> Option<&FoundAnswer> {
        let fine = |it: &&FoundAnswer| (200..300).contains(&it.status);
        let full = |it: &&FoundAnswer| it.body.is_some() || !it.headers.is_empty() || !it.cookies.is_empty();
        self.answers.iter().filter(fine).find(full).or_else(|| self.answers.iter().find(fine))
    }

    pub(crate) fn has_status(&self, status: u16) -> bool {
        self.answers.iter().any(|it| it.status == status)
    }
}
