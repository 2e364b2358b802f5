//! Checking somebody's password: one path and one cost for whoever fails, and a better hash for whoever succeeds.

use super::{Refusal, Server};
use crate::account::Account;
use crate::passwords::FailureCost;
use crate::realm::Realm;

impl Server {
    /// Whether the password is the account's. Unless it is and `welcome` holds, this costs what every failure in the realm
    /// costs, for an account that is not there as well.
    pub(super) async fn fits(
        &self,
        realm: &Realm,
        account: Option<&Account>,
        password: &str,
        welcome: bool,
    ) -> Result<bool, Refusal> {
        // Asked each time: an import by the command line may have brought dearer hashes a second ago.
        let kinds = self.store.password_kinds(&realm.name).await?;
        let cost = FailureCost::of(&kinds, realm.password_scheme);
        Ok(self.passwords.check(password, account.map(|it| &it.password_hash), welcome, cost).await?)
    }

    /// The account with a hash as the realm makes them today, now that its password is at hand. Where that cannot be
    /// had (the pool is full, or bcrypt would cut the password off), the old hash serves until the next login.
    pub(super) async fn with_todays_hash(
        &self,
        realm: &Realm,
        account: Account,
        password: &str,
    ) -> Result<Account, Refusal> {
        if realm.password_scheme.made(&account.password_hash) {
            return Ok(account);
        }
        let Ok(hash) = self.passwords.hash(password, realm.password_scheme).await else { return Ok(account) };
        if !self.store.rehash(&account, &hash).await? {
            return Ok(account);
        }
        tracing::debug!(account = %account.id, "the password's hash was renewed");
        Ok(Account { password_hash: hash, ..account })
    }
}
