//! Whose token is this, and is it good?

use super::standing::Resident;
use super::{Refusal, Server};
use crate::realm::Realm;
use crate::tokens;
use relatch_dialects::Meaning;
use std::sync::Arc;

impl Server {
    /// The account that a good token speaks for. Nothing but the session is taken from the token: who that belongs
    /// to, and what they may do, is what the store says now.
    ///
    /// A token never outlives its session's row: it ends with the session at the latest, and the row is kept longer.
    pub(super) async fn authenticate(&self, realm: &Realm, token: &str) -> Result<Arc<Resident>, Refusal> {
        let claims = tokens::open(realm, token).ok_or(Meaning::TokenExpired)?;
        // Asked within the realm: a token of another one is foreign even where both have the same secret.
        let found = self.standings.of(&realm.name, claims.token_id.session).await?;
        let standing = found.ok_or(Meaning::TokenExpired)?;
        let account = standing.account;
        let cut = self.cutoffs.refuses(account.id, claims.token_id.issued_at_ms);
        if !claims.holds_at(self.clock.now_secs()) || cut {
            return Err(Meaning::TokenExpired.into());
        }
        if !account.enabled {
            return Err(Meaning::AccountDisabled.into());
        }
        if standing.has_ended {
            return Err(Meaning::SessionEnded.into());
        }
        Ok(account)
    }
}
