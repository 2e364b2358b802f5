//! Renewal by refresh token.
//!
//! Each token is of a generation n of its session, and good for the step to n + 1:
//!
//! | n, beside the row's generation | |
//! |---|---|
//! | equal | one step, in one conditional update |
//! | greater | the same: the database came from a backup, and the row follows the client |
//! | one less | the step was made; its successor is given **again**, if the attempt key comes with it that made the step (an answer got lost, however long ago) or within half a minute of it (tabs in a race). No fork, no further step |
//! | anything else | the token is in two hands: this session ends, and is recorded as stolen |
//!
//! A token that this server has not made changes nothing at all, whatever session it names.
//!
//! The secrets that tokens are computed with rotate. A step is made with the newest one, and the row says so; a repetition is
//! computed with the one that the row names, so that it is the same token whatever has been rotated since.

use super::session::{Generation, Reach};
use super::{Refusal, Server};
use crate::account::Account;
use crate::audit::Actor;
use crate::realm::Realm;
use crate::store::{AttemptHash, Renewable, Renewing, Rotation, Session, SigningKey};
use crate::tokens::{self, Presented};
use relatch_dialects::{Meaning, Message};
use std::sync::Arc;

/// How long after a step the token before it may come again without an attempt key.
const RACE_MS: u64 = 30_000;

/// How often a row may be overtaken by others between being read and being updated. Each time it has a higher
/// generation, so that the second look decides; the third is for what cannot happen.
const LOOKS: usize = 3;

impl Server {
    /// Takes a session to its next generation, or gives that again which it has taken already.
    pub(crate) async fn renew(
        &self,
        realm: &Realm,
        refresh_token: &str,
        attempt: Option<AttemptHash>,
    ) -> Result<Message, Refusal> {
        let presented = Presented::parse(refresh_token).ok_or(Meaning::SessionEnded)?;
        let now_ms = self.clock.now_ms();
        for _ in 0..LOOKS {
            let (session, account, renewing) = self.renewable(realm, &presented, now_ms).await?;
            let made_by = match presented.generation.checked_add(1) {
                Some(next) if next == session.generation => {
                    is_repeatable(&renewing, attempt, now_ms).then_some(renewing.by)
                }
                Some(next) if next > session.generation => {
                    self.step(realm, &session, &renewing.by, presented.generation, attempt, now_ms).await?
                }
                _ => return Err(self.stolen(&session, &account, &presented).await?),
            };
            if let Some(by) = made_by {
                let (id, ends_at_ms) = (session.id, session.ends_at_ms);
                let generation = Generation { session: id, number: presented.generation + 1, ends_at_ms, now_ms };
                return self.session_message(realm, &account, &generation, Some(&by));
            }
            if presented.generation < session.generation {
                return Err(self.stolen(&session, &account, &presented).await?);
            }
        }
        Err(Meaning::SessionEnded.into())
    }

    /// The session that a genuine token is of, if it may go on. The same checks for a step and for a repetition.
    async fn renewable(
        &self,
        realm: &Realm,
        presented: &Presented,
        now_ms: i64,
    ) -> Result<(Session, Account, Renewing), Refusal> {
        let found = self.store.session(&realm.name, presented.session).await?;
        let (session, account) = found.ok_or(Meaning::SessionEnded)?;
        let renewing = session.renewing.clone().ok_or(Meaning::SessionEnded)?;
        let keys = self.refresh_keys(realm, &renewing.by.key_id, now_ms).await?;
        if !presented.is_genuine(&keys, &renewing.by.salt, now_ms) {
            return Err(Meaning::SessionEnded.into());
        }
        if !account.enabled {
            return Err(Meaning::AccountDisabled.into());
        }
        if session.ended.is_some() || session.expires_at_ms <= now_ms {
            return Err(Meaning::SessionEnded.into());
        }
        Ok((session, account, renewing))
    }

    /// The realm's secrets, that of a row among them: another process may have made it within the second.
    async fn refresh_keys(&self, realm: &Realm, named: &str, now_ms: i64) -> Result<Arc<[SigningKey]>, Refusal> {
        let keys = realm.refresh_keys.keys();
        if keys.iter().any(|it| it.id == named) {
            return Ok(keys);
        }
        realm.refresh_keys.refresh(&realm.name, self.store.as_ref(), now_ms).await?;
        Ok(realm.refresh_keys.keys())
    }

    /// What the successor is computed with; `None` if somebody else was faster.
    async fn step(
        &self,
        realm: &Realm,
        session: &Session,
        by: &Renewable,
        presented: u64,
        attempt: Option<AttemptHash>,
        now_ms: i64,
    ) -> Result<Option<Renewable>, Refusal> {
        let keys = realm.refresh_keys.keys();
        let key_id = tokens::current_refresh_key(&keys, now_ms).unwrap_or(&by.key_id).to_owned();
        let expires_at_ms = Reach::at(realm, now_ms).expires_at_ms;
        let rotation =
            Rotation { session: session.id, presented, attempt, key_id: key_id.clone(), now_ms, expires_at_ms };
        let is_made = self.store.rotate(rotation).await?;
        Ok(is_made.then_some(Renewable { key_id, salt: by.salt }))
    }

    /// Ends the session. The answer is that of any other token that is not good, so that a thief learns nothing.
    async fn stolen(&self, session: &Session, account: &Account, presented: &Presented) -> Result<Refusal, Refusal> {
        if self.acting(Actor::server()).end_stolen(account, session.id).await? {
            tracing::warn!(
                session = %session.id,
                account = %session.account,
                presented = presented.generation,
                generation = session.generation,
                "a spent refresh token came back: the session was ended as stolen"
            );
        }
        Ok(Meaning::SessionEnded.into())
    }
}

/// An absent key matches nothing, not even an absent one. A clock that was set back must not open the door for longer.
fn is_repeatable(renewing: &Renewing, attempt: Option<AttemptHash>, now_ms: i64) -> bool {
    let same_attempt = attempt.is_some() && attempt == renewing.attempt;
    same_attempt || now_ms.abs_diff(renewing.rotated_at_ms) <= RACE_MS
}
