//! Log-out.

use super::{Refusal, Server};
use crate::realm::Realm;
use crate::store::EndReason;
use crate::tokens;
use relatch_dialects::{Meaning, Message};

impl Server {
    /// Ends the session of any token that this realm signed, expired or not; one that has ended already stays so, and
    /// the answer is the same. Whoever wants to be out is out.
    pub(crate) async fn logout(&self, realm: &Realm, token: &str) -> Result<Message, Refusal> {
        let (claims, now_ms) = (tokens::open(realm, token).ok_or(Meaning::TokenExpired)?, self.clock.now_ms());
        match self.store.session(&realm.name, claims.token_id.session).await? {
            Some((session, _)) => {
                self.store.end_session(session.id, EndReason::LoggedOut, now_ms).await?;
            }
            // Sessions outlive their tokens, so a live token without one belongs to another realm with the same secret.
            None if claims.holds_at(now_ms.div_euclid(1000)) => return Err(Meaning::TokenExpired.into()),
            None => {}
        }
        Ok(Message::new(Meaning::Done))
    }
}
