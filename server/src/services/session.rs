//! The answer that carries tokens: the same after a login and after a renewal.

use super::{Refusal, Server, user};
use crate::account::Account;
use crate::realm::Realm;
use crate::store::{Renewable, SessionId};
use crate::tokens::{self, TokenError, TokenId};
use relatch_dialects::codec::stated_end;
use relatch_dialects::{Meaning, Message, Value};

/// One generation of a session.
pub(super) struct Generation {
    pub(super) session: SessionId,
    pub(super) number: u64,
    /// When the session ends however often it is renewed; its tokens end by then.
    pub(super) ends_at_ms: i64,
    pub(super) now_ms: i64,
}

impl Server {
    /// Tokens and user of a session's newest generation. Auth operations know no other organization than the own.
    pub(super) fn session_message(
        &self,
        realm: &Realm,
        account: &Account,
        generation: &Generation,
        renewable: Option<&Renewable>,
    ) -> Result<Message, Refusal> {
        let issued_at_ms = self.cutoffs.issue_time_ms(account.id, generation.now_ms);
        let token_id = TokenId { session: generation.session, generation: generation.number, issued_at_ms };
        let issued_at_secs = generation.now_ms.div_euclid(1000);
        let lifetime_secs = i64::try_from(realm.lifetime_secs).unwrap_or(i64::MAX);
        let expires_at_secs = issued_at_secs.saturating_add(lifetime_secs).min(generation.ends_at_ms.div_euclid(1000));
        let mut values = user::values(realm, account, account.organization.as_deref())
            .with("issued_at", Value::Number(issued_at_secs as f64))
            .with("expires_at", Value::Number(expires_at_secs as f64));
        let access_token = tokens::issue(realm, token_id, values.clone())?;
        values.set("access_token", access_token);
        let secs = |at: i64| u64::try_from(at).unwrap_or_default();
        let unit = realm.dialect.expires().unit;
        values.set("expires", stated_end(unit, secs(issued_at_secs), secs(expires_at_secs)));
        if let Some(by) = renewable {
            let keys = realm.refresh_keys.keys();
            let token = tokens::refresh_token(&keys, by, generation.session, generation.number);
            values.set("refresh_token", token.ok_or(TokenError::Key)?.as_str());
        }
        Ok(Message::with(Meaning::Session, values))
    }
}

/// How far a session reaches that begins or is renewed now, in milliseconds since the Unix epoch.
pub(super) struct Reach {
    /// When it ends unless it is renewed: with its refresh token, or with its access token where there is none.
    pub(super) expires_at_ms: i64,
    /// When it ends however often it is renewed, if it begins now.
    pub(super) ends_at_ms: i64,
}

impl Reach {
    pub(super) fn at(realm: &Realm, now_ms: i64) -> Reach {
        let after = |secs| now_ms.saturating_add(i64::try_from(secs).unwrap_or(i64::MAX).saturating_mul(1000));
        let expires_at_ms = after(realm.refresh_lifetime_secs.unwrap_or_default().max(realm.lifetime_secs));
        let ends_at_ms = after(realm.session_lifetime_secs);
        Reach { expires_at_ms: expires_at_ms.min(ends_at_ms), ends_at_ms }
    }
}
