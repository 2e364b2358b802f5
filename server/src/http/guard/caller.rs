//! Who sent a request.

use crate::account::Account;
use crate::http::Exchange;
use crate::services::Identity;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use relatch_dialects::{Meaning, Message};
use serde::de::DeserializeOwned;
use std::fmt;
use std::sync::Arc;

/// A verified caller. The token itself is not kept.
#[derive(Clone)]
pub struct Caller(Arc<Known>);

struct Known {
    identity: Identity,
    /// The claims as the token has them, in JSON.
    claims: Vec<u8>,
    exchange: Exchange,
}

/// The caller may not do that: answers as the realm's dialect does.
#[derive(Clone)]
pub struct NotAllowed(Arc<Known>);

impl Caller {
    /// The token has been verified: what is taken out of it here is the realm's own writing.
    pub(super) fn new(identity: Identity, token: &str, exchange: Exchange) -> Caller {
        let payload = token.split('.').nth(1).unwrap_or_default();
        let claims = URL_SAFE_NO_PAD.decode(payload).unwrap_or_default();
        Caller(Arc::new(Known { identity, claims, exchange }))
    }

    /// The account, as it is in the store now.
    pub fn account(&self) -> &Account {
        &self.0.identity.account
    }

    /// The organization that the caller acts for, if any.
    pub fn organization(&self) -> Option<&str> {
        self.0.identity.organization.as_deref()
    }

    /// The names of the caller's roles, and what those permit.
    pub fn authorities(&self) -> &[String] {
        &self.0.identity.authorities
    }

    /// The claims of the token. What they say of roles was so when it was issued; [`account`](Self::account) says what
    /// is so now.
    ///
    /// # Errors
    /// If `C` has another shape than the dialect's claims.
    pub fn claims<C: DeserializeOwned>(&self) -> Result<C, serde_json::Error> {
        serde_json::from_slice(&self.0.claims)
    }

    /// Whether the caller has that role.
    pub fn has_role(&self, role: &str) -> bool {
        self.account().roles.iter().any(|it| it == role)
    }

    /// Whether the caller has that authority: a role's name, or something that a role of theirs permits.
    pub fn has_authority(&self, authority: &str) -> bool {
        self.authorities().iter().any(|it| it == authority)
    }

    /// Goes on for those who have that role.
    ///
    /// # Errors
    /// [`NotAllowed`] for others.
    pub fn require_role(&self, role: &str) -> Result<(), NotAllowed> {
        if self.has_role(role) { Ok(()) } else { Err(self.not_allowed()) }
    }

    /// Goes on for those who have that authority.
    ///
    /// # Errors
    /// [`NotAllowed`] for others.
    pub fn require_authority(&self, authority: &str) -> Result<(), NotAllowed> {
        if self.has_authority(authority) { Ok(()) } else { Err(self.not_allowed()) }
    }

    /// For rules of your own.
    pub fn not_allowed(&self) -> NotAllowed {
        NotAllowed(Arc::clone(&self.0))
    }

    /// The program asks for other claims than the dialect issues: its fault, not the caller's.
    pub(super) fn misread(&self, error: &serde_json::Error) -> Response {
        tracing::error!(%error, trace_id = %self.0.exchange.trace_id, "the claims are not of the type that is asked for");
        self.0.exchange.say(None, &Message::new(Meaning::ServerError))
    }
}

impl IntoResponse for NotAllowed {
    fn into_response(self) -> Response {
        self.0.exchange.say(None, &Message::new(Meaning::Forbidden))
    }
}

// Deliberately not derived: claims are somebody's data.
impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller").field("account", &self.account().id).finish_non_exhaustive()
    }
}

impl fmt::Debug for NotAllowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NotAllowed")
    }
}
