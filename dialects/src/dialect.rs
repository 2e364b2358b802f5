//! A loaded dialect: what both halves ask of a document.

use crate::{Answer, Fault, Meaning, Message, Reason, Request, Value, Values};

/// A document that has been checked and is ready to read and write messages.
#[derive(Clone, Debug)]
pub struct Dialect {
    _private: (),
}

/// When an access token ends, as the reader sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Expires {
    /// The token is a JWT: its lifetime is `exp − iat`, where it has both.
    pub jwt: bool,
    /// A fixed lifetime from receipt, where nothing better is known.
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
#[derive(Clone, Debug)]
pub struct Operation {
    /// `login`, `renew`, or its name under `operations`.
    pub name: String,
    /// Every request by which it may be asked: method and path, the first one being what the client writes.
    pub routes: Vec<(String, String)>,
    /// Whether the request carries the token.
    pub attached: bool,
}

/// The server's half of a document: what it issues.
#[derive(Clone, Debug)]
pub struct Issue {
    /// The JWS algorithm (RFC 7518), e.g. `HS256`.
    pub alg: String,
    /// The protected header, exactly; `{"alg": …, "typ": "JWT"}` where the document names none.
    pub header: Value,
    /// The access token's lifetime.
    pub lifetime_secs: u64,
    /// The refresh token's lifetime, for a dialect that has one.
    pub refresh_lifetime_secs: Option<u64>,
    /// Which identifiers a login takes: `username`, `email`, `phone`.
    pub identifiers: Vec<String>,
    /// The password hash for new passwords: `argon2id` or `bcrypt`.
    pub password_hash: String,
    /// Lengths in characters, both ends included.
    pub identifier_length: Option<(u64, u64)>,
    /// Likewise for the password.
    pub password_length: Option<(u64, u64)>,
    /// Whether accounts have to be validated before the first login.
    pub validation: bool,
    /// The roles, the highest first.
    pub roles: Vec<Role>,
    /// Roles that act for any organization, and roles that act for those of which the account is a member.
    pub organizations: Option<Organizations>,
    /// The typed extension of an account: field names with their types.
    pub account: Vec<(String, FieldType)>,
}

/// A role and its attributes.
#[derive(Clone, Debug)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// Its number (`{user.role.number}`).
    pub number: Option<u64>,
    /// What its holders may see (`{permissions}`).
    pub permissions: Vec<String>,
}

/// Who may act for which organization.
#[derive(Clone, Debug)]
pub struct Organizations {
    /// Roles that act for any.
    pub any: Vec<String>,
    /// Roles that act for those of which the account is a member.
    pub member: Vec<String>,
}

/// The type of one field of an account's extension.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldType {
    /// Whether the field may be absent (written `"string?"`); it reads as `null` then.
    pub optional: bool,
    /// What it holds.
    pub kind: FieldKind,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldKind {
    /// Text.
    String,
    /// An integer within ±(2^53 − 1).
    Integer,
    /// `true` or `false`.
    Bool,
    /// A calendar date, `yyyy-MM-dd`.
    Date,
    /// An object with these fields.
    Object(Vec<(String, FieldType)>),
}

impl Dialect {
    /// Checks a document.
    ///
    /// # Errors
    /// The first fault found, with its JSON Pointer.
    pub fn load(document: &Value) -> Result<Dialect, Fault> {
        let _ = document;
        unimplemented!()
    }

    /// The document's `name`.
    pub fn name(&self) -> &str {
        unimplemented!()
    }

    /// The document's `title`, or its name.
    pub fn title(&self) -> &str {
        unimplemented!()
    }

    /// When an access token ends.
    pub fn expires(&self) -> &Expires {
        unimplemented!()
    }

    /// How a session goes on.
    pub fn renewal(&self) -> Renewal {
        unimplemented!()
    }

    /// The operation of that name.
    pub fn operation(&self, name: &str) -> Option<&Operation> {
        let _ = name;
        unimplemented!()
    }

    /// Every operation, for routing.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        std::iter::empty()
    }

    /// Client: the request of an operation, filled in (without `attach`).
    ///
    /// # Errors
    /// The name of the value that is missing, or that may not stand where it should.
    pub fn write_request(&self, operation: &str, values: &Values) -> Result<Request, String> {
        let _ = (operation, values);
        unimplemented!()
    }

    /// Client: the headers that go with every attached request.
    ///
    /// # Errors
    /// As for [`write_request`](Self::write_request).
    pub fn attach(&self, values: &Values) -> Result<Vec<(String, String)>, String> {
        let _ = values;
        unimplemented!()
    }

    /// Client: what an answer to an operation means; `None` if nothing fits (an unexpected answer).
    pub fn read_answer(&self, operation: &str, answer: &Answer) -> Option<Message> {
        let _ = (operation, answer);
        unimplemented!()
    }

    /// Client: what the answer to an ordinary call means, if it is one of the refusals that concern the session.
    pub fn read_refusal(&self, answer: &Answer) -> Option<Message> {
        let _ = answer;
        unimplemented!()
    }

    /// Client: the statuses with which a refusal may come; an answer of another status need not be looked into.
    pub fn refusal_statuses(&self) -> Vec<u16> {
        unimplemented!()
    }

    /// Server: what a request carries. Tries every request template of the operation.
    ///
    /// # Errors
    /// Why it is invalid, checked in the template's order (identifier first): missing before malformed before length.
    pub fn read_request(&self, operation: &str, request: &Request) -> Result<Values, Reason> {
        let _ = (operation, request);
        unimplemented!()
    }

    /// Server: what the `attach` templates capture from a protected request's headers (`access_token`, `context.…`).
    ///
    /// # Errors
    /// [`Meaning::TokenMissing`] if the token's header is not there, [`Meaning::TokenMalformed`] if it does not have the template's form.
    pub fn read_attached(&self, headers: &[(String, String)]) -> Result<Values, Meaning> {
        let _ = headers;
        unimplemented!()
    }

    /// Server: the answer for a message. `operation` is `None` for protected requests that are no operation.
    /// `ambient` holds `now.*`, `request.path`, `trace_id` and the like.
    pub fn write_answer(&self, operation: Option<&str>, message: &Message, ambient: &Values) -> Answer {
        let _ = (operation, message, ambient);
        unimplemented!()
    }

    /// What is left of a meaning and reason in this dialect: `read(write(m)) == narrow(m)`.
    pub fn narrow(&self, operation: Option<&str>, meaning: Meaning, reason: Option<Reason>) -> (Meaning, Option<Reason>) {
        let _ = (operation, meaning, reason);
        unimplemented!()
    }

    /// Server: what this dialect issues.
    pub fn issue(&self) -> Option<&Issue> {
        unimplemented!()
    }

    /// Server: the claims of an access token, filled in.
    ///
    /// # Errors
    /// The name of the value that is missing.
    pub fn claims(&self, values: &Values) -> Result<Value, String> {
        let _ = values;
        unimplemented!()
    }

    /// Server: the user in this dialect's shape, filled in; to be set as `user` in a message.
    ///
    /// # Errors
    /// The name of the value that is missing.
    pub fn user(&self, values: &Values) -> Result<Value, String> {
        let _ = values;
        unimplemented!()
    }
}
