//! Renewal by refresh token. Every renewal rotates it: a token is good once.

use super::session::{Generation, end_ms};
use super::{Refusal, Server};
use crate::realm::Realm;
use crate::store::Rotation;
use crate::tokens::Secret;
use relatch_dialects::{Meaning, Message};

impl Server {
    /// Takes a session to its next generation.
    pub(crate) async fn renew(&self, realm: &Realm, refresh_token: &str) -> Result<Message, Refusal> {
        let (from, to, now_ms) = (Secret::presented(refresh_token), Secret::random(), self.clock.now_ms());
        let found = self.store.session_by_refresh(&realm.name, from.token_hash()).await?;
        let (session, account) = found.ok_or(Meaning::SessionEnded)?;
        if !account.enabled {
            return Err(Meaning::AccountDisabled.into());
        }
        let expires_at_ms = end_ms(realm, now_ms);
        let rotation = Rotation { from: from.token_hash(), to: to.token_hash(), now_ms, expires_at_ms };
        let number = self.store.rotate(session.id, rotation).await?.ok_or(Meaning::SessionEnded)?;
        self.session_message(realm, &account, Generation { session: session.id, number, refresh: Some(&to), now_ms })
    }
}
