//! Sign-out everywhere, by who is signed in somewhere.

use super::{Refusal, Server};
use crate::audit::Actor;
use crate::realm::Realm;
use relatch_dialects::{Meaning, Message};

impl Server {
    /// Ends every session of who has a good token, this one too.
    pub(crate) async fn sign_out_everywhere(&self, realm: &Realm, token: &str) -> Result<Message, Refusal> {
        let account = self.authenticate(realm, token).await?;
        self.acting(Actor::owner(&account)).sign_out(&account).await?;
        Ok(Message::new(Meaning::Done))
    }
}
