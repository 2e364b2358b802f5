//! From an HTTP request to the values that its dialect reads in it.

use super::receive;
use crate::realm::Realm;
use crate::services::Refusal;
use axum::body::Bytes;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method};
use relatch_dialects::codec::{self, Given, Head};
use relatch_dialects::{Message, Reason, Request, Values};

/// What the realm's operations read from.
pub(super) struct Received<'a> {
    pub(super) realm: &'a Realm,
    /// The path below the mount.
    pub(super) path: &'a str,
    pub(super) parts: &'a Parts,
    pub(super) body: Result<Bytes, Reason>,
}

impl Received<'_> {
    /// What the request of an operation carries.
    pub(super) fn operation(&self, name: &str, attached: bool) -> Result<Values, Refusal> {
        let body = self.body()?;
        let dialect = &self.realm.dialect;
        let (headers, query) = (texts(&self.parts.headers), self.parts.uri.query());
        let mut values = if attached { dialect.read_attached(&headers, &pairs(query))? } else { Values::new() };
        let given = receive::given(&self.parts.headers, body, |part| codec::reads(dialect, name, part));
        // Who sends a token may send any body along that the operation does not ask for.
        let given = if attached { given.unwrap_or(Given::Nothing) } else { given.map_err(invalid)? };
        let head = Head { method: self.method(), path: self.path, query, headers: &headers };
        let request = codec::read_request(dialect, name, head, given);
        let read = dialect.read_request(name, &request);
        values.overlay(&read.map_err(|reason| invalid(self.first_fault(name, &request, reason)))?);
        match self.realm.issue.length_fault(&values) {
            Some(reason) if name == "login" => Err(invalid(reason)),
            _ => Ok(values),
        }
    }

    /// What a protected request carries that is no operation.
    pub(super) fn protected(&self) -> Result<Values, Refusal> {
        self.body()?;
        self.attached()
    }

    fn body(&self) -> Result<&Bytes, Refusal> {
        self.body.as_ref().map_err(|reason| invalid(*reason))
    }

    fn attached(&self) -> Result<Values, Refusal> {
        let query = pairs(self.parts.uri.query());
        Ok(self.realm.dialect.read_attached(&texts(&self.parts.headers), &query)?)
    }

    /// HEAD asks for what GET asks for.
    fn method(&self) -> &str {
        if self.parts.method == Method::HEAD { "GET" } else { self.parts.method.as_str() }
    }

    /// The identifier is checked whole before the password is: one that is too short goes before a password that is
    /// missing.
    fn first_fault(&self, name: &str, request: &Request, reason: Reason) -> Reason {
        let identifier = self.realm.dialect.peek(name, request, "identifier");
        match (reason, identifier) {
            (Reason::PasswordMissing | Reason::PasswordMalformed, Some(identifier)) => {
                let values = Values::new().with("identifier", identifier.clone());
                self.realm.issue.length_fault(&values).unwrap_or(reason)
            }
            _ => reason,
        }
    }
}

fn invalid(reason: Reason) -> Refusal {
    Refusal::Told(Message::invalid(reason))
}

/// Headers as the dialect reads them. Bytes that are no text become characters that no token has.
pub(super) fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    let lossy = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let text = |value: &HeaderValue| value.to_str().map_or_else(|_| lossy(value), str::to_owned);
    headers.iter().map(|(name, value)| (name.as_str().into(), text(value))).collect()
}

/// The parameters of a query, taken apart as browsers do.
pub(super) fn pairs(query: Option<&str>) -> Vec<(String, String)> {
    query.map(|it| form_urlencoded::parse(it.as_bytes()).into_owned().collect()).unwrap_or_default()
}
