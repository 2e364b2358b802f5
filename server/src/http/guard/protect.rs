//! What has to be true of a request.

use super::Caller;
use crate::http::reading::{pairs, texts};
use crate::http::{Exchange, TraceId};
use crate::realm::Realm;
use crate::services::{Access, Refusal, Server};
use axum::http::request::Parts;
use axum::response::Response;
use relatch_dialects::Meaning;
use std::sync::Arc;
use tracing::Instrument;

/// A guard: the realm that verifies, and what is asked of the caller. A tower layer, and what [`Verified`] works with.
///
/// [`Verified`]: super::Verified
#[derive(Clone, Debug)]
pub struct Protect {
    server: Server,
    realm: Arc<Realm>,
    roles: Option<Vec<String>>,
    authorities: Vec<String>,
}

/// A guard that nobody could ever pass.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GuardFault {
    /// The server has no such realm.
    #[error("there is no realm {0:?}")]
    UnknownRealm(String),
    /// The realm's dialect has no such role.
    #[error("the realm's dialect has no role {0:?}")]
    UnknownRole(String),
    /// No role of the realm's dialect has such a name or permits such a thing.
    #[error("no role of the realm's dialect is or permits {0:?}")]
    UnknownAuthority(String),
}

impl Protect {
    /// Lets everybody through who has a good token of that realm.
    ///
    /// # Errors
    /// [`GuardFault::UnknownRealm`].
    pub fn realm(server: &Server, name: &str) -> Result<Protect, GuardFault> {
        let realm = server.realms().iter().find(|it| it.name == name);
        let realm = realm.ok_or_else(|| GuardFault::UnknownRealm(name.into()))?;
        Ok(Protect::of(server, realm))
    }

    pub(crate) fn of(server: &Server, realm: &Arc<Realm>) -> Protect {
        Protect { server: server.clone(), realm: Arc::clone(realm), roles: None, authorities: Vec::new() }
    }

    /// Only those who have at least one of these roles.
    ///
    /// # Errors
    /// [`GuardFault::UnknownRole`]: a misspelt role would shut everybody out.
    pub fn any_role<T: Into<String>>(mut self, roles: impl IntoIterator<Item = T>) -> Result<Protect, GuardFault> {
        let roles: Vec<String> = roles.into_iter().map(Into::into).collect();
        if let Some(unknown) = roles.iter().find(|it| self.realm.issue.role(it).is_none()) {
            return Err(GuardFault::UnknownRole(unknown.clone()));
        }
        self.roles = Some(roles);
        Ok(self)
    }

    /// Only those who have this authority too: a role's name, or something that one of their roles permits.
    ///
    /// # Errors
    /// [`GuardFault::UnknownAuthority`].
    pub fn authority(mut self, authority: &str) -> Result<Protect, GuardFault> {
        let has =
            |role: &relatch_dialects::Role| role.name == authority || role.permissions.iter().any(|it| it == authority);
        if !self.realm.issue.roles.iter().any(has) {
            return Err(GuardFault::UnknownAuthority(authority.into()));
        }
        self.authorities.push(authority.into());
        Ok(self)
    }

    /// Who sent the request, or the refusal in the dialect's words.
    pub(crate) async fn check(&self, parts: &Parts) -> Result<Caller, Response> {
        let exchange = self.exchange(parts);
        let span = tracing::info_span!("verify", realm = self.realm.name, trace_id = %exchange.trace_id);
        let passed = self.pass(parts, &exchange).instrument(span.clone()).await;
        let _in_span = span.enter();
        passed.map_err(|refusal| exchange.respond(None, Err(refusal)))
    }

    async fn pass(&self, parts: &Parts, exchange: &Exchange) -> Result<Caller, Refusal> {
        let values = self.realm.dialect.read_attached(&texts(&parts.headers), &pairs(parts.uri.query()))?;
        let token = values.text("access_token").unwrap_or_default();
        let access = Access { organization: values.text("context.organization"), roles: self.roles.as_deref() };
        let identity = self.server.identify(&self.realm, token, access).await?;
        if !self.authorities.iter().all(|it| identity.authorities.contains(it)) {
            return Err(Meaning::Forbidden.into());
        }
        Ok(Caller::new(identity, token, exchange.clone()))
    }

    fn exchange(&self, parts: &Parts) -> Exchange {
        Exchange {
            realm: Arc::clone(&self.realm),
            trace_id: TraceId::random(),
            path: parts.uri.path().into(),
            now_ms: self.server.clock.now_ms(),
        }
    }
}
