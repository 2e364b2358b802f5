//! A login that the API answered with a question: a one-time code, a choice of tenants, a new password. It waits in the memory of this
//! tab alone for what the app has to say, and changes nothing for whoever is signed in meanwhile.

use crate::answers::some_of;
use crate::exchanges::{Attempt, Challenged};
use crate::{Answered, Event, Failure, FailureKind, Session};
use relatch_dialects::{Meaning, Rare, Values};
use std::sync::Arc;

/// What a login waits for, as the app sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Challenge {
    /// Which one: counts those of this tab, so that two that say the same are two.
    pub number: u32,
    /// Its name among the document's `challenges`.
    pub kind: String,
    /// What the answer said for people, named `detail.<name>`: where a code was sent to, which tenants there are.
    pub details: Values,
}

/// The same, with what no app needs to see.
pub(crate) struct Waiting {
    pub(crate) shown: Arc<Challenge>,
    /// The login that was answered with it, and what was captured for its next request.
    attempt: Attempt,
}

impl Session {
    /// The app takes the login's next step.
    #[cfg(feature = "full")]
    pub(crate) fn answer_challenge(&mut self, call: crate::CallId, values: &Values) {
        let Some(waiting) = &self.challenge else { return self.reject(call, FailureKind::LoginRequired) };
        let mut operation = String::from("challenge.");
        operation.push_str(&waiting.shown.kind);
        let attempt = Attempt { call: Some(call), ..waiting.attempt.clone() };
        let mut all = attempt.credentials.clone();
        if let Some(challenged) = &attempt.challenged {
            all.overlay(&challenged.captures);
        }
        all.overlay(values);
        self.send(&operation, all, None, crate::exchanges::Purpose::Login(attempt));
    }

    /// What an open challenge keeps for requests: to send a code once more is an operation of its own.
    pub(crate) fn challenge_captures(&self) -> Option<&Values> {
        Some(&self.challenge.as_ref()?.attempt.challenged.as_ref()?.captures)
    }

    /// The next step is the app's to take: calls that waited for supplied credentials wait no longer.
    pub(crate) fn challenged(&mut self, mut attempt: Attempt, answered: Box<Answered>) {
        let (call, supplied) = (attempt.call.take(), std::mem::take(&mut attempt.supplied));
        let message = &answered.message;
        if attempt.challenged.is_none() {
            attempt.challenged = Rare::new(Challenged::default());
        }
        if let Some(challenged) = &mut attempt.challenged {
            challenged.captures.overlay(&some_of(&message.values, &["challenge."], true));
            challenged.goes_on |= self.asked > 0;
        }
        let details = some_of(&message.values, &["detail."], true);
        self.challenges = self.challenges.wrapping_add(1);
        let (number, kind) = (self.challenges, message.challenge.clone().unwrap_or_default());
        let shown = Arc::new(Challenge { number, kind, details });
        self.drop_logins(false);
        self.challenge = Rare::new(Box::new(Waiting { shown, attempt }));
        self.publish(Event::Challenged, self.snapshot.status);
        self.login_failed(call, supplied, Failure::from_answer(Ok(answered)));
    }

    /// The answer was refused. It may be given once more, unless the API has forgotten what it asked.
    pub(crate) fn answer_refused(&mut self, kind: FailureKind) {
        let FailureKind::Meant(meaning) = kind else { return };
        if matches!(
            meaning,
            Meaning::SessionEnded | Meaning::TokenExpired | Meaning::TokenMissing | Meaning::TokenMalformed
        ) {
            self.drop_logins(false);
            self.publish(Event::ChallengeEnded, self.snapshot.status);
        }
    }
}
