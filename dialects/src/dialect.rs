//! A loaded dialect: what both halves ask of a document.

#[cfg(feature = "check")]
use crate::check;
use crate::{Answer, Meaning, Message, Reason, Request, Value, Values, answers, requests};
#[cfg(feature = "issue")]
use crate::{
    place::Place,
    write::{Scope, fill},
};

/// A document that has been checked and is ready to read and write messages.
#[derive(Clone, Debug)]
pub struct Dialect {
    pub(crate) document: Value,
    #[cfg(feature = "issue")]
    issue: Option<crate::issue::Issue>,
}

/// When an access token ends, as the reader sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expires {
    /// The token is a JWT: its lifetime is `exp − iat`, where it has both (RFC 7519 section 4.1).
    pub jwt: bool,
    /// A fixed lifetime from receipt, in seconds, where nothing better is known.
    pub after_secs: Option<u64>,
}

/// How a session goes on when its token ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// The document's `renew` operation.
    Endpoint,
    /// Another login.
    Login,
    /// Not at all.
    None,
}

/// One operation, for routing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// `login`, `renew`, or its name under `operations`.
    pub name: String,
    /// Method and path of every request by which it may be asked; the first is what the client writes.
    pub routes: Vec<(String, String)>,
    /// Whether the request carries the token.
    pub attached: bool,
}

impl Dialect {
    /// Checks a document and gets it ready. `docs/dialects/format.md` says what one consists of.
    ///
    /// # Errors
    /// The first fault found, with its JSON Pointer (RFC 6901) and what was expected there.
    #[cfg(feature = "check")]
    pub fn load(document: &Value) -> Result<Dialect, crate::Fault> {
        check::document(document)?;
        #[cfg(feature = "issue")]
        let issue = Place::root(document).member("issue").map(|it| crate::issue::load(&it)).transpose()?;
        let dialect = Dialect {
            document: document.clone(),
            #[cfg(feature = "issue")]
            issue,
        };
        check::dialect(&dialect)?;
        Ok(dialect)
    }

    /// Takes a document as it is, if it has at least the outline of one: `name`, `attach`, `login`. What else may be wrong
    /// with it shows when it is used, as an answer that nothing fits or a request that cannot be written.
    ///
    /// For the wasm, where the full check would weigh more than everything else that it does with a dialect, and for
    /// documents that were checked when they were built. Other programs call `load`. The `issue` section is not read.
    pub fn unchecked(document: Value) -> Option<Dialect> {
        document.get("name")?.as_str()?;
        document.get("attach")?.elements()?;
        document.get("login")?.members()?;
        Some(Dialect {
            document,
            #[cfg(feature = "issue")]
            issue: None,
        })
    }

    /// The document's `name`, by which configurations and packages call it.
    pub fn name(&self) -> &str {
        self.document.get("name").and_then(Value::as_str).unwrap_or_default()
    }

    /// The document's `title`, for people; its name if it has none.
    pub fn title(&self) -> &str {
        self.document.get("title").and_then(Value::as_str).unwrap_or_else(|| self.name())
    }

    /// When an access token ends.
    pub fn expires(&self) -> Expires {
        let expires = self.document.get("expires");
        let member = |name| expires.and_then(|it| it.get(name));
        Expires {
            jwt: member("jwt").and_then(Value::as_bool).unwrap_or(false),
            after_secs: member("after_secs").and_then(Value::as_u64),
        }
    }

    /// How a session goes on.
    pub fn renewal(&self) -> Renewal {
        match self.document.get("renew") {
            Some(Value::Object(_)) => Renewal::Endpoint,
            Some(Value::String(word)) if word == "login" => Renewal::Login,
            _ => Renewal::None,
        }
    }

    /// The operation of that name: `login`, `renew`, or one under `operations`.
    pub fn operation(&self, name: &str) -> Option<Operation> {
        self.section(name).map(|section| requests::operation(name, section))
    }

    /// Whether an operation's request carries the token; `None` if the document has no such operation. What a client asks
    /// most, without the routes of [`operation`](Self::operation).
    pub fn is_attached(&self, name: &str) -> Option<bool> {
        self.section(name).map(requests::is_attached)
    }

    /// Every operation of the document, login first.
    pub fn operations(&self) -> impl Iterator<Item = Operation> {
        let named = self.document.get("operations").and_then(Value::members).unwrap_or_default();
        ["login", "renew"]
            .into_iter()
            .chain(named.iter().map(|(name, _)| name.as_str()))
            .filter_map(|it| self.operation(it))
    }

    /// The part of the document that describes an operation.
    pub(crate) fn section(&self, name: &str) -> Option<&Value> {
        let parent =
            if matches!(name, "login" | "renew") { &self.document } else { self.document.get("operations")? };
        parent.get(name).filter(|section| section.members().is_some())
    }

    /// The elements of a list at the top of the document.
    pub(crate) fn list(&self, name: &str) -> &[Value] {
        self.document.get(name).and_then(Value::elements).unwrap_or_default()
    }

    /// Client: the request of an operation, filled in, without the `attach` headers.
    ///
    /// # Errors
    /// The name of the operation if the document has none such, else of the value that is missing, or that has a
    /// character which no header may carry.
    pub fn write_request(&self, operation: &str, values: &Values) -> Result<Request, String> {
        requests::write(self, operation, values).map_err(String::from)
    }

    /// Client: the headers that go with every request that carries the token, by name and value. Optional ones without
    /// a value are left out.
    ///
    /// # Errors
    /// As for [`write_request`](Self::write_request).
    pub fn attach(&self, values: &Values) -> Result<Vec<(String, String)>, String> {
        requests::attach(self, values).map_err(String::from)
    }

    /// Client: what the answer to an operation means, or `None` if nothing in the document fits and the status says
    /// nothing by itself: an answer that this API was not expected to give.
    pub fn read_answer(&self, operation: &str, answer: &Answer) -> Option<Message> {
        answers::read(self, Some(operation), answer)
    }

    /// Client: what the answer to an ordinary call means, if it is one of the document's refusals; `None` for every
    /// answer that does not concern the session.
    pub fn read_refusal(&self, answer: &Answer) -> Option<Message> {
        answers::read_refusal(self, answer)
    }

    /// Client: the statuses with which a refusal may come. An answer of another status need not be looked into.
    pub fn refusal_statuses(&self) -> Vec<u16> {
        let mut statuses: Vec<u16> = answers::refusals(self).map(|it| it.status()).collect();
        if statuses.is_empty() {
            statuses.push(401);
        }
        statuses.dedup();
        statuses
    }

    /// Server: what a request carries, by the first of the operation's request templates that fits.
    ///
    /// # Errors
    /// Why it is invalid, looked for in this order: identifier, password, then the template's other holes; absence before
    /// form. Lengths are the server's matter ([`Issue::length_fault`](crate::Issue::length_fault)).
    pub fn read_request(&self, operation: &str, request: &Request) -> Result<Values, Reason> {
        requests::read(self, operation, request)
    }

    /// Server: what stands where the operation's first request template has the hole of that name, also in a request
    /// that does not fit, where [`read_request`](Self::read_request) captures nothing.
    pub fn peek<'a>(&self, operation: &str, request: &'a Request, name: &str) -> Option<&'a Value> {
        requests::peek(self, operation, request, name)
    }

    /// Server: what the `attach` templates capture from a protected request's headers: `access_token`, `context.*`.
    ///
    /// # Errors
    /// [`Meaning::TokenMissing`] if the token's header is not there; [`Meaning::TokenMalformed`] if it does not have the
    /// template's form, or is there twice.
    pub fn read_attached(&self, headers: &[(String, String)]) -> Result<Values, Meaning> {
        requests::read_attached(self, headers)
    }

    /// Server: the answer for a message. `operation` is `None` for protected requests that are no operation.
    /// `ambient` holds `now.*`, `request.path`, `trace_id`, and perhaps `message`, a sentence for people; a message's
    /// own `message` goes before it. A value that the wording needs and nobody gave makes the dialect's server error.
    pub fn write_answer(&self, operation: Option<&str>, message: &Message, ambient: &Values) -> Answer {
        answers::write(self, operation, message, ambient)
    }

    /// Server: whether the answer for a meaning says anything that [`write_answer`](Self::write_answer) takes from
    /// `ambient` or from the answer itself, so that it may differ from one request to the next.
    pub fn says_ambient(&self, operation: Option<&str>, meaning: Meaning, reason: Option<Reason>) -> bool {
        answers::says_ambient(self, operation, meaning, reason)
    }

    /// What is left of a meaning and its reason in this dialect: for every message `m`,
    /// `read(write(m))` means what `narrow(m)` says.
    pub fn narrow(
        &self,
        operation: Option<&str>,
        meaning: Meaning,
        reason: Option<Reason>,
    ) -> (Meaning, Option<Reason>) {
        answers::narrow(self, operation, meaning, reason)
    }

    /// Server: what this dialect issues; `None` for a document with the client's half alone.
    #[cfg(feature = "issue")]
    pub const fn issue(&self) -> Option<&crate::Issue> {
        self.issue.as_ref()
    }

    /// Server: the claims of an access token, filled in.
    ///
    /// # Errors
    /// The name of the value that is missing; `issue` if the document has no such section.
    #[cfg(feature = "issue")]
    pub fn claims(&self, values: &Values) -> Result<Value, String> {
        self.issued("claims", values)
    }

    /// Server: the user in this dialect's shape, filled in; it goes into a message as `user`.
    ///
    /// # Errors
    /// As for [`claims`](Self::claims).
    #[cfg(feature = "issue")]
    pub fn user(&self, values: &Values) -> Result<Value, String> {
        self.issued("user", values)
    }

    #[cfg(feature = "issue")]
    fn issued(&self, part: &str, values: &Values) -> Result<Value, String> {
        let template = self.document.get("issue").and_then(|issue| issue.get(part)).ok_or("issue")?;
        Ok(fill(template, Scope::of(values))?.unwrap_or(Value::Null))
    }
}
