//! The caller's own profile, and what only some roles may see.

use super::{Refusal, Server, user};
use crate::realm::Realm;
use relatch_dialects::{Meaning, Message};

/// What a protected request asks for beside its token.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Access<'a> {
    /// The organization to act for.
    pub(crate) organization: Option<&'a str>,
    /// The roles of which the caller has to have one; none for everybody.
    pub(crate) roles: Option<&'a [String]>,
}

impl Server {
    /// Who the token speaks for. Who may not see it learns so only with a good token.
    pub(crate) async fn profile(&self, realm: &Realm, token: &str, access: Access<'_>) -> Result<Message, Refusal> {
        let (account, organization) = self.permitted(realm, token, access).await?;
        Ok(Message::with(Meaning::Done, user::values(realm, &account, organization.as_deref())))
    }
}
