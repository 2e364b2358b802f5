//! The words that every part of Relatch shares: what an answer can mean, and why.
//!
//! The lists are closed. A dialect maps its own wordings onto them; the session decides by them; the
//! services speak in them. To add a meaning: a step in [`Meaning::narrowed`], a default status, a row in the
//! session's table, and its line in `docs/dialects/format.md`.

/// Declares an enum whose variants have a stable name, with both directions of the mapping.
macro_rules! names {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// Every variant, in the order of declaration.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The stable name, as dialect documents and error codes spell it.
            // Compiled once: the wasm would else have the list of names wherever it is called.
            #[inline(never)]
            pub const fn name(self) -> &'static str {
                match self { $($name::$variant => $text,)+ }
            }

            /// The variant of that name; `None` for a name that is not in the list.
            pub fn parse(name: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|it| it.name() == name)
            }
        }
    };
}

names! {
    /// What an answer means to the session.
    Meaning {
        /// New tokens: a login or a renewal succeeded.
        Session = "session",
        /// The login goes on with one more step (a one-time code, a choice of tenant).
        Challenge = "challenge",
        /// A named operation other than login and renewal was carried out.
        Done = "done",
        /// Identifier and password do not belong together; the API does not say which is wrong.
        BadCredentials = "bad-credentials",
        /// There is no account with that identifier.
        UnknownUser = "unknown-user",
        /// The account exists and the password is wrong.
        WrongPassword = "wrong-password",
        /// The account has been disabled or deleted.
        AccountDisabled = "account-disabled",
        /// The account has not confirmed its address yet.
        AccountNotValidated = "account-not-validated",
        /// The account is locked for a while.
        AccountLocked = "account-locked",
        /// The request is at fault; see [`Reason`].
        InvalidRequest = "invalid-request",
        /// Too many requests.
        RateLimited = "rate-limited",
        /// A protected request came without a token.
        TokenMissing = "token-missing",
        /// The token was not in the place and form that the API asks for.
        TokenMalformed = "token-malformed",
        /// The token is no longer (or never was) good.
        TokenExpired = "token-expired",
        /// The API gives one answer for a bad token and for a right that is missing.
        TokenExpiredOrForbidden = "token-expired-or-forbidden",
        /// The session is over: logged out, revoked, or stolen.
        SessionEnded = "session-ended",
        /// The token is good, the right is missing.
        Forbidden = "forbidden",
        /// The server failed.
        ServerError = "server-error",
    }
}

names! {
    /// Why a request is invalid. Only [`Meaning::InvalidRequest`] has reasons.
    Reason {
        /// The identifier is absent or `null`.
        IdentifierMissing = "identifier.missing",
        /// The identifier is not a string, or has a character that no identifier may have (NUL).
        IdentifierMalformed = "identifier.malformed",
        /// The identifier has too few or too many characters.
        IdentifierLength = "identifier.length",
        /// The password is absent or `null`.
        PasswordMissing = "password.missing",
        /// The password is not a string, or has a character that no password may have (NUL).
        PasswordMalformed = "password.malformed",
        /// The password has too few or too many characters.
        PasswordLength = "password.length",
        /// Some other field that the operation needs is absent or `null`.
        FieldMissing = "field.missing",
        /// Some other field has the wrong type or form.
        FieldMalformed = "field.malformed",
        /// The body could not be read: not JSON, not UTF-8, too deep.
        BodyUnreadable = "body.unreadable",
        /// The body is larger than the server takes (413).
        BodyTooLarge = "body.too-large",
        /// The body's media type is not the one that the operation takes (415).
        ContentTypeUnsupported = "content-type.unsupported",
        /// No operation has that path (404).
        PathUnknown = "path.unknown",
        /// An operation has that path, with another method (405).
        MethodUnsupported = "method.unsupported",
    }
}

impl Meaning {
    /// Whether what was asked for was done, or goes on.
    pub const fn is_success(self) -> bool {
        matches!(self, Meaning::Session | Meaning::Challenge | Meaning::Done)
    }

    /// One step of narrowing: the meaning to fall back to where a dialect has no answer for this one.
    ///
    /// So a dialect tells exactly as much as its answers do, and the services need not know how much that is.
    pub const fn narrowed(self) -> Option<Meaning> {
        match self {
            Meaning::UnknownUser
            | Meaning::WrongPassword
            | Meaning::AccountDisabled
            | Meaning::AccountNotValidated
            | Meaning::AccountLocked => Some(Meaning::BadCredentials),
            Meaning::BadCredentials => Some(Meaning::SessionEnded),
            Meaning::SessionEnded => Some(Meaning::TokenExpired),
            Meaning::TokenMissing | Meaning::TokenMalformed => Some(Meaning::TokenExpired),
            Meaning::TokenExpired | Meaning::Forbidden => Some(Meaning::TokenExpiredOrForbidden),
            _ => None,
        }
    }

    /// The HTTP status of the plain default answer, for a dialect that has no answer for this meaning
    /// (RFC 9110 section 15).
    pub const fn default_status(self) -> u16 {
        match self {
            Meaning::Session | Meaning::Challenge => 200,
            Meaning::Done => 204,
            Meaning::InvalidRequest => 400,
            Meaning::Forbidden | Meaning::TokenExpiredOrForbidden => 403,
            Meaning::RateLimited => 429,
            Meaning::ServerError => 500,
            _ => 401,
        }
    }
}

impl Reason {
    /// The HTTP status that belongs to this reason where the dialect gives no answer of its own.
    pub const fn default_status(self) -> u16 {
        match self {
            Reason::PathUnknown => 404,
            Reason::MethodUnsupported => 405,
            Reason::BodyTooLarge => 413,
            Reason::ContentTypeUnsupported => 415,
            _ => 400,
        }
    }
}
