//! Whose token is this, and is it good?

use super::{Refusal, Server};
use crate::account::Account;
use crate::realm::Realm;
use crate::tokens;
use relatch_dialects::Meaning;

impl Server {
    /// The account that a good token speaks for. Nothing but the session is taken from the token: who that belongs
    /// to, and what they may do, is what the store says now.
    pub(super) async fn authenticate(&self, realm: &Realm, token: &str) -> Result<Account, Refusal> {
        let now_ms = self.clock.now_ms();
        let claims = tokens::open(realm, token).ok_or(Meaning::TokenExpired)?;
        // Asked within the realm: a token of another one is foreign even where both have the same secret.
        let found = self.store.session(&realm.name, claims.token_id.session).await?;
        let (session, account) = found.ok_or(Meaning::TokenExpired)?;
        let cut = self.cutoffs.refuses(account.id, claims.token_id.issued_at_ms);
        if !claims.holds_at(now_ms.div_euclid(1000)) || session.expires_at_ms <= now_ms || cut {
            return Err(Meaning::TokenExpired.into());
        }
        if !account.enabled {
            return Err(Meaning::AccountDisabled.into());
        }
        if session.ended.is_some() {
            return Err(Meaning::SessionEnded.into());
        }
        Ok(account)
    }
}
