//! Who a request speaks for, for whoever serves it beside the realm's own operations.

use super::standing::Resident;
use super::{Access, Refusal, Server, organization};
use crate::account::Account;
use crate::realm::Realm;
use relatch_dialects::Meaning;
use std::sync::Arc;

/// A caller, verified.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) account: Arc<Resident>,
    /// The effective organization.
    pub(crate) organization: Option<String>,
    /// The names of the account's roles, and what those permit.
    pub(crate) authorities: Vec<String>,
}

impl Server {
    /// Who the token speaks for. Who may not pass learns so only with a good token.
    pub(crate) async fn identify(&self, realm: &Realm, token: &str, access: Access<'_>) -> Result<Identity, Refusal> {
        let (account, organization) = self.permitted(realm, token, access).await?;
        let authorities = authorities(realm, &account);
        Ok(Identity { account, organization, authorities })
    }

    /// Whose token it is, if they may pass, and the organization that they act for: the one place where roles and
    /// organizations are asked about.
    pub(super) async fn permitted(
        &self,
        realm: &Realm,
        token: &str,
        access: Access<'_>,
    ) -> Result<(Arc<Resident>, Option<String>), Refusal> {
        let account = self.authenticate(realm, token).await?;
        if access.roles.is_some_and(|roles| !account.roles.iter().any(|role| roles.contains(role))) {
            return Err(Meaning::Forbidden.into());
        }
        let organization = organization::effective(realm, &account, access.organization)?;
        Ok((account, organization))
    }
}

fn authorities(realm: &Realm, account: &Account) -> Vec<String> {
    let permitted = account.roles.iter().filter_map(|name| realm.issue.role(name)).flat_map(|it| &it.permissions);
    account.roles.iter().chain(permitted).cloned().collect()
}
