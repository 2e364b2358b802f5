//! A loaded dialect: what both halves ask of a document.

#[cfg(feature = "check")]
use crate::check;
use crate::{Answer, FULL, Meaning, Message, Reason, Request, Value, Values, answers, requests};
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

/// What stands before the name of an operation that answers a challenge.
pub(crate) const CHALLENGE: &str = "challenge.";

/// When an access token ends, as the reader sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expires<'a> {
    /// What the captured `expires` counts, and from when: a name of `docs/dialects/format.md`.
    pub unit: &'a str,
    /// The token is a JWT: its lifetime is `exp − iat`, where it has both (RFC 7519 section 4.1).
    pub jwt: bool,
    /// A fixed lifetime from receipt, in seconds, where nothing better is known.
    pub after_secs: Option<u64>,
    /// After how many seconds without a call the server forgets the session. Known to an endpoint that renews, it is a lifetime.
    pub idle_secs: Option<u64>,
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
    /// `login`, `renew`, its name under `operations`, or `challenge.` and its name under `challenges`.
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
    pub fn expires(&self) -> Expires<'_> {
        let expires = self.expires_as_written();
        let member = |name| expires.and_then(|it| it.get(name));
        Expires {
            unit: member("unit").and_then(Value::as_str).unwrap_or("seconds"),
            jwt: member("jwt").and_then(Value::as_bool).unwrap_or(false),
            after_secs: member("after_secs").and_then(Value::as_u64),
            idle_secs: member("idle_secs").and_then(Value::as_u64),
        }
    }

    /// The document's `expires` as it stands there, for a host that reads it elsewhere.
    pub fn expires_as_written(&self) -> Option<&Value> {
        self.document.get("expires")
    }

    /// How a session goes on.
    pub fn renewal(&self) -> Renewal {
        match self.document.get("renew") {
            Some(Value::Object(_)) => Renewal::Endpoint,
            Some(Value::String(word)) if word == "login" => Renewal::Login,
            _ => Renewal::None,
        }
    }

    /// Whether the platform's cookies go along with everything that is sent to this API, and may be all that a session lives by.
    pub fn uses_cookies(&self) -> bool {
        self.list("attach").iter().any(|it| it.get("cookies").is_some())
    }

    /// The operation of that name: `login`, `renew`, one under `operations`, or `challenge.` and one under `challenges`.
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
        let (parent, name) = match name.strip_prefix(CHALLENGE).filter(|_| FULL) {
            Some(kind) => (self.document.get("challenges")?, kind),
            None if matches!(name, "login" | "renew") => (&self.document, name),
            None => (self.document.get("operations")?, name),
        };
        parent.get(name).filter(|section| section.members().is_some())
    }

    /// How many requests go before an operation's own.
    pub fn steps(&self, operation: &str) -> usize {
        if FULL { self.section(operation).map_or(0, |it| before(it).len()) } else { 0 }
    }

    /// The part of the document that describes a step before an operation, or after the last of them the operation itself.
    pub(crate) fn step(&self, operation: &str, step: usize) -> Option<&Value> {
        let section = self.section(operation)?;
        before(section).get(step).or(Some(section))
    }

    /// Whether the request of a step before an operation carries the token.
    pub fn is_step_attached(&self, operation: &str, step: usize) -> bool {
        self.step(operation, step).is_some_and(requests::is_attached)
    }

    /// The elements of a list at the top of the document.
    pub(crate) fn list(&self, name: &str) -> &[Value] {
        self.document.get(name).and_then(Value::elements).unwrap_or_default()
    }

    /// Client: the request of an operation, or of a step before it, filled in, without what [`attach`](Self::attach) gives.
    /// `step` counts from 0; the operation's own request comes after the last, at [`steps`](Self::steps). Functions
    /// (`{ "$base64": … }`) are filled and left to the codec.
    ///
    /// # Errors
    /// The name of the operation if the document has none such, else of the value that is missing, or that cannot stand where
    /// the template has it.
    pub fn write_request(&self, operation: &str, step: usize, values: &Values) -> Result<Request, String> {
        requests::write(self, operation, step, values).map_err(String::from)
    }

    /// Client: what goes along with a request besides its own parts: the document's `always`, and `attach` with one that carries
    /// the token. Each is `{ "header" | "query" | "body": name, "value": … }`, or `{ "cookies": true }`, which
    /// goes along with every request. Optional ones without a value are left out.
    ///
    /// # Errors
    /// As for [`write_request`](Self::write_request).
    pub fn attach(&self, values: &Values, token: bool) -> Result<Vec<Value>, String> {
        requests::attach(self, values, token).map_err(String::from)
    }

    /// Client: what the answer to an operation means, or to a step before it, where `done` says that the next may go; `None` if
    /// nothing in the document fits and the status says nothing by itself: an answer that this API was not expected to give.
    pub fn read_answer(&self, operation: &str, step: usize, answer: &Answer) -> Option<Message> {
        answers::read(self, operation, step, answer)
    }

    /// Client: what the answer to an ordinary call means; `None` for every answer that does not concern the session.
    pub fn judge(&self, answer: &Answer) -> Option<Meaning> {
        answers::judge(self, answer)
    }

    /// Client: the same, with what else the answer says.
    pub fn read_refusal(&self, answer: &Answer) -> Option<Message> {
        answers::read_refusal(self, answer)
    }

    /// Client: the newer tokens that came along with an answer to something else, by the document's `observe`.
    pub fn observe(&self, answer: &Answer) -> Option<Values> {
        answers::observe(self, answer)
    }

    /// Client: whether a refusal may come with that status. An answer of another need not be looked into.
    pub fn may_refuse(&self, status: u16) -> bool {
        answers::may_refuse(self, status)
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

    /// Server: what the `attach` templates capture from a protected request's headers and query: `access_token`, `context.*`.
    ///
    /// # Errors
    /// [`Meaning::TokenMissing`] if the token is not where it belongs; [`Meaning::TokenMalformed`] if it does not have the
    /// template's form, or is there twice.
    pub fn read_attached(&self, headers: &[(String, String)], query: &[(String, String)]) -> Result<Values, Meaning> {
        requests::read_attached(self, headers, query)
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

/// The requests that go before an operation's own.
fn before(section: &Value) -> &[Value] {
    let steps = if FULL { section.get("before").and_then(Value::elements) } else { None };
    steps.unwrap_or_default()
}
