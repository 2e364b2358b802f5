//! The answer that carries tokens: the same after a login and after a renewal.

use super::{Refusal, Server, user};
use crate::account::Account;
use crate::realm::Realm;
use crate::store::SessionId;
use crate::tokens::{self, Secret, TokenId};
use relatch_dialects::{Meaning, Message, Value};

/// One generation of a session.
pub(super) struct Generation<'a> {
    pub(super) session: SessionId,
    pub(super) number: u64,
    pub(super) refresh: Option<&'a Secret>,
    pub(super) now_ms: i64,
}

impl Server {
    /// Tokens and user of a session's newest generation. Auth operations know no other organization than the own.
    pub(super) fn session_message(
        &self,
        realm: &Realm,
        account: &Account,
        generation: Generation<'_>,
    ) -> Result<Message, Refusal> {
        let issued_at_ms = self.cutoffs.issue_time_ms(account.id, generation.now_ms);
        let token_id = TokenId { session: generation.session, generation: generation.number, issued_at_ms };
        let issued_at_secs = generation.now_ms.div_euclid(1000) as f64;
        let mut values = user::values(realm, account, account.organization.as_deref())
            .with("issued_at", Value::Number(issued_at_secs))
            .with("expires_at", Value::Number(issued_at_secs + realm.lifetime_secs as f64));
        let access_token = tokens::issue(realm, token_id, values.clone())?;
        values.set("access_token", access_token);
        if let Some(refresh) = generation.refresh {
            values.set("refresh_token", refresh.text());
        }
        Ok(Message::with(Meaning::Session, values))
    }
}

/// When a session ends that is not renewed: with its refresh token, or with its access token where there is none.
pub(super) fn end_ms(realm: &Realm, now_ms: i64) -> i64 {
    let lifetime_secs = realm.refresh_lifetime_secs.unwrap_or_default().max(realm.lifetime_secs);
    now_ms.saturating_add(i64::try_from(lifetime_secs).unwrap_or(i64::MAX).saturating_mul(1000))
}
