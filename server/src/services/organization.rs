//! Which organization a caller acts for.

use crate::account::Account;
use crate::realm::Realm;
use relatch_dialects::Meaning;

/// The effective organization: the account's own, or the one asked for if its roles allow that. `None` if it has none.
///
/// # Errors
/// [`Meaning::Forbidden`] for an organization that the caller may not act for.
pub(super) fn effective(realm: &Realm, account: &Account, asked: Option<&str>) -> Result<Option<String>, Meaning> {
    let own = account.organization.clone();
    let Some(rules) = &realm.issue.organizations else { return Ok(own) };
    let Some(asked) = asked.filter(|it| !it.is_empty() && own.as_deref() != Some(*it)) else { return Ok(own) };
    let has = |names: &[String]| account.roles.iter().any(|role| names.contains(role));
    if has(&rules.any) || (has(&rules.member) && account.belongs_to(asked)) {
        return Ok(Some(asked.into()));
    }
    Err(Meaning::Forbidden)
}
