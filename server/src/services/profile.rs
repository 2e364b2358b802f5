//! The caller's own profile, and what only some roles may see.

use super::standing::Resident;
use super::{Refusal, Server, user};
use crate::realm::Realm;
use relatch_dialects::{Meaning, Message};
use std::sync::Arc;

/// What a protected request asks for beside its token.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Access<'a> {
    /// The organization to act for.
    pub(crate) organization: Option<&'a str>,
    /// The roles of which the caller has to have one; none for everybody.
    pub(crate) roles: Option<&'a [String]>,
}

/// Who asked for their profile, and for whom they act.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    pub(crate) account: Arc<Resident>,
    /// The effective organization.
    pub(crate) organization: Option<String>,
}

impl Profile {
    /// What there is to tell.
    pub(crate) fn message(&self, realm: &Realm) -> Message {
        Message::with(Meaning::Done, user::values(realm, &self.account, self.organization.as_deref()))
    }
}

impl Server {
    /// Who the token speaks for. Who may not see it learns so only with a good token.
    pub(crate) async fn profile(&self, realm: &Realm, token: &str, access: Access<'_>) -> Result<Profile, Refusal> {
        let (account, organization) = self.permitted(realm, token, access).await?;
        Ok(Profile { account, organization })
    }
}
